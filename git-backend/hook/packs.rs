//! The pack cache: git runs this program instead of `git pack-objects` while it serves a clone or a fetch
//! (`uploadpack.packObjectsHook`).
//!
//! Equal requests to one repository have equal arguments and equal input (the wants and haves). The first
//! process computes the pack into a file, at git's speed rather than its own client's, and sends it from
//! there; processes that arrive meanwhile wait until it is complete. An exclusive lock on a `.part` file
//! marks its writer; a shared lock on a `.pack` file marks a sender. When the writer dies early, one of the
//! waiting processes takes over, so nobody depends on another client's connection. A pack for which there is
//! no room is sent but not kept, and an empty `.none` file tells the others so.

use std::{
    env,
    ffi::OsString,
    fs::{self, File, OpenOptions, TryLockError},
    hash::{DefaultHasher, Hash, Hasher},
    io::{self, Read, Seek, SeekFrom, Write},
    os::unix::{
        ffi::OsStrExt,
        fs::{FileExt, MetadataExt},
    },
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, ExitCode, Stdio},
    sync::{Condvar, Mutex, PoisonError},
    thread,
};

use crate::room::Room;

const BUFFER_BYTES: usize = 256 << 10;

/// Serves one request: `arguments` is the command that git would have run.
pub(crate) fn serve(arguments: &[OsString]) -> io::Result<ExitCode> {
    let mut input = Vec::new();
    io::stdin().lock().read_to_end(&mut input)?;
    let found = match Cache::of_environment() {
        // A cache that cannot be used must not stop a clone.
        Some(cache) => cache.find(arguments, &input).unwrap_or(Found::Nothing),
        None => Found::Nothing,
    };
    match found {
        Found::Whole(mut file) => {
            let mut output = io::stdout().lock();
            io::copy(&mut file, &mut output)?;
            output.flush()?;
            Ok(ExitCode::SUCCESS)
        }
        Found::Place(draft) => write_and_send(arguments, &input, draft),
        Found::Nothing => {
            let (mut child, mut pack) = start(arguments, &input)?;
            pass_on(&mut pack)?;
            end(&mut child)
        }
    }
}

struct Cache {
    folder: PathBuf,
    room: Room,
}

enum Found {
    /// A complete pack, positioned after its key; the shared lock keeps it from being removed.
    Whole(File),
    /// This process is the one to write the pack.
    Place(Draft),
    /// Neither: there is no room, or the name is taken by a pack with another key.
    Nothing,
}

/// A pack that this process is writing. Its lock is held.
struct Draft {
    file: File,
    part: PathBuf,
    whole: PathBuf,
    none: PathBuf,
    room: Room,
    key_bytes: u64,
}

impl Cache {
    fn of_environment() -> Option<Self> {
        let folder = env::var_os("HEARTH_PACK_CACHE").map(PathBuf::from)?;
        let max_bytes = env::var("HEARTH_PACK_CACHE_BYTES").ok()?.parse().ok()?;
        let room = Room::at(folder.parent()?, max_bytes);
        Some(Self { folder, room })
    }

    fn find(self, arguments: &[OsString], input: &[u8]) -> io::Result<Found> {
        fs::create_dir_all(&self.folder)?;
        let key = key(arguments, input);
        let name = name(&key);
        let at = |ending: &str| self.folder.join(format!("{name}.{ending}"));
        let (whole, part, none) = (at("pack"), at("part"), at("none"));
        loop {
            if let Ok(mut file) = File::open(&whole) {
                file.lock_shared()?;
                if !is_at(&file, &whole) {
                    continue;
                }
                return Ok(if starts_with(&mut file, &key)? { Found::Whole(file) } else { Found::Nothing });
            }
            if none.exists() {
                return Ok(Found::Nothing);
            }
            let file = OpenOptions::new().create(true).truncate(false).read(true).write(true).open(&part)?;
            match file.try_lock() {
                // Its writer may have finished or given up between opening and locking.
                Ok(()) if !is_at(&file, &part) => {}
                Ok(()) => {
                    let key_bytes = key.len() as u64;
                    file.set_len(0)?;
                    let mut draft = Draft { file, part, whole, none, room: self.room, key_bytes };
                    return Ok(match draft.write_at(0, &key) {
                        Ok(()) => Found::Place(draft),
                        Err(_) => {
                            draft.give_up(0);
                            Found::Nothing
                        }
                    });
                }
                // Wait for the writer; the next round sees the result.
                Err(TryLockError::WouldBlock) => file.lock_shared()?,
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
    }
}

impl Draft {
    /// Writes if there is room. The length of the file is the size reserved for it, and is what gets counted.
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let end = offset + bytes.len() as u64;
        if end > self.file.metadata()?.len() {
            self.room.reserve(&self.file, end)?;
        }
        self.file.write_all_at(bytes, offset)
    }

    /// Gives the complete pack its final name. Waiting processes see it at once; this process goes on sending
    /// it.
    fn finish(&self, end: u64) -> io::Result<()> {
        self.file.set_len(end)?;
        fs::rename(&self.part, &self.whole)?;
        self.file.lock_shared()
    }

    /// What has been written is still to be sent, and counts until then, under a name that nobody looks for.
    fn give_up(&mut self, end: u64) {
        // Without the marker the others only find out for themselves.
        let _ = File::create(&self.none);
        let rest = self.part.with_extension(format!("{}.rest", std::process::id()));
        if end == 0 || self.file.set_len(end).is_err() || fs::rename(&self.part, &rest).is_err() {
            return self.abandon();
        }
        self.part = rest;
        let _ = self.file.lock_shared();
    }

    /// Unlinks before unlocking, so that nobody takes over an unlinked file.
    fn abandon(&self) {
        let _ = fs::remove_file(&self.part);
        let _ = self.file.unlock();
    }
}

/// The writer's progress.
struct Progress {
    /// Where the written bytes end in the file.
    end: u64,
    state: State,
}

enum State {
    Writing,
    /// The whole pack is in the file.
    Whole,
    /// The file ends here for lack of room; these bytes came next, and the rest is still to come from git.
    Full(Vec<u8>),
    Failed(io::Error),
}

struct Shared {
    progress: Mutex<Progress>,
    changed: Condvar,
}

impl Shared {
    fn set(&self, end: u64, state: State) {
        *self.progress.lock().unwrap_or_else(PoisonError::into_inner) = Progress { end, state };
        self.changed.notify_one();
    }
}

/// Computes a pack into the file and sends it from there, each at its own speed.
fn write_and_send(arguments: &[OsString], input: &[u8], mut draft: Draft) -> io::Result<ExitCode> {
    let start_of_pack = draft.key_bytes;
    let file = draft.file.try_clone()?;
    let (child, pack) = match start(arguments, input) {
        Ok(started) => started,
        Err(error) => {
            draft.abandon();
            return Err(error);
        }
    };
    let progress = Progress { end: start_of_pack, state: State::Writing };
    let shared = Shared { progress: Mutex::new(progress), changed: Condvar::new() };
    let mut sent = start_of_pack;
    thread::scope(|scope| {
        let shared = &shared;
        let writer = scope.spawn(move || {
            let (mut child, mut pack) = (child, pack);
            let is_success = write(&mut pack, &mut child, &mut draft, shared);
            (child, pack, draft, is_success)
        });
        let rest = loop {
            let mut progress = shared.progress.lock().unwrap_or_else(PoisonError::into_inner);
            while progress.end == sent && matches!(progress.state, State::Writing) {
                progress = shared.changed.wait(progress).unwrap_or_else(PoisonError::into_inner);
            }
            let end = progress.end;
            if end == sent {
                break std::mem::replace(&mut progress.state, State::Whole);
            }
            drop(progress);
            // When the client is gone, so is this process, and another one computes the pack.
            send(&file, sent, end)?;
            sent = end;
        };
        let (mut child, mut pack, draft, is_success) =
            writer.join().map_err(|_| io::Error::other("the writer stopped"))?;
        match rest {
            State::Failed(error) => return Err(error),
            State::Full(next) => {
                draft.abandon();
                io::stdout().write_all(&next)?;
                pass_on(&mut pack)?;
            }
            State::Whole | State::Writing => {}
        }
        match is_success {
            Some(is_success) => Ok(exit_code(is_success)),
            None => end(&mut child),
        }
    })
}

/// Writes until the pack is complete or there is no room, and reports progress in `shared`. Returns whether
/// git succeeded, if it has ended.
fn write(pack: &mut ChildStdout, child: &mut Child, draft: &mut Draft, shared: &Shared) -> Option<bool> {
    let mut end = draft.key_bytes;
    let mut buffer = vec![0; BUFFER_BYTES];
    loop {
        let count = match pack.read(&mut buffer) {
            Ok(count) => count,
            Err(error) => {
                draft.abandon();
                shared.set(end, State::Failed(error));
                return None;
            }
        };
        if count == 0 {
            let is_success = child.wait().is_ok_and(|status| status.success());
            if !is_success || draft.finish(end).is_err() {
                draft.abandon();
            }
            shared.set(end, State::Whole);
            return Some(is_success);
        }
        if draft.write_at(end, &buffer[..count]).is_err() {
            draft.give_up(end);
            buffer.truncate(count);
            shared.set(end, State::Full(buffer));
            return None;
        }
        end += count as u64;
        shared.set(end, State::Writing);
    }
}

fn send(file: &File, from: u64, to: u64) -> io::Result<()> {
    let mut output = io::stdout().lock();
    let mut buffer = vec![0; BUFFER_BYTES];
    let mut at = from;
    while at < to {
        let count = usize::try_from(to - at).unwrap_or(BUFFER_BYTES).min(BUFFER_BYTES);
        file.read_exact_at(&mut buffer[..count], at)?;
        output.write_all(&buffer[..count])?;
        at += count as u64;
    }
    output.flush()
}

fn pass_on(pack: &mut ChildStdout) -> io::Result<()> {
    let mut output = io::stdout().lock();
    io::copy(pack, &mut output)?;
    output.flush()
}

fn start(arguments: &[OsString], input: &[u8]) -> io::Result<(Child, ChildStdout)> {
    let [program, rest @ ..] = arguments else { return Err(io::ErrorKind::InvalidInput.into()) };
    let mut child = Command::new(program).args(rest).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        // The input is a list of ids: git reads all of it before it writes anything.
        stdin.write_all(input)?;
    }
    let pack = child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
    Ok((child, pack))
}

fn end(child: &mut Child) -> io::Result<ExitCode> {
    Ok(exit_code(child.wait()?.success()))
}

fn exit_code(is_success: bool) -> ExitCode {
    if is_success { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Whether `path` still refers to this open file.
fn is_at(file: &File, path: &Path) -> bool {
    match (file.metadata(), fs::metadata(path)) {
        (Ok(open), Ok(present)) => (open.dev(), open.ino()) == (present.dev(), present.ino()),
        _ => false,
    }
}

/// Whether a file begins with the key; leaves the file positioned after the key.
fn starts_with(file: &mut File, key: &[u8]) -> io::Result<bool> {
    file.seek(SeekFrom::Start(0))?;
    let mut start = vec![0; key.len()];
    file.read_exact(&mut start)?;
    Ok(start == key)
}

/// Everything that the pack depends on. Progress output is not part of the pack.
fn key(arguments: &[OsString], input: &[u8]) -> Vec<u8> {
    let mut key = Vec::new();
    for part in arguments.iter().map(|argument| argument.as_bytes()).filter(|part| *part != b"--progress") {
        key.extend_from_slice(part);
        key.push(0);
    }
    key.extend_from_slice(input);
    let length = u64::try_from(key.len()).unwrap_or(u64::MAX);
    [&length.to_be_bytes(), key.as_slice()].concat()
}

/// A file name for a key. Different keys may collide, so the file also contains the key.
fn name(key: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}
