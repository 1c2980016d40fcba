//! The cache of packs: git runs this program instead of `git pack-objects` while it serves a clone or a fetch
//! (`uploadpack.packObjectsHook`).
//!
//! Equal requests to one repository have equal arguments and equal input (what is wanted and what is there).
//! The first of them computes the pack and writes it into a file while it sends it; those that come meanwhile read
//! along in that file, and those that come later find it whole. Who holds the file's lock is writing it.

use std::{
    env,
    ffi::OsString,
    fs::{self, File, OpenOptions, TryLockError},
    hash::{DefaultHasher, Hash, Hasher},
    io::{self, Read, Seek, SeekFrom, Write},
    os::unix::{ffi::OsStrExt, fs::MetadataExt},
    path::{Path, PathBuf},
    process::{Child, Command, ExitCode, Stdio},
    thread,
    time::Duration,
};

const BUFFER_BYTES: usize = 256 << 10;
/// How long a reader that has caught up waits before it looks again.
const CATCH_UP: Duration = Duration::from_millis(5);

/// Serves one request: `arguments` is the command that git would have run.
pub(crate) fn serve(arguments: &[OsString]) -> io::Result<ExitCode> {
    let mut input = Vec::new();
    io::stdin().lock().read_to_end(&mut input)?;
    let Some(folder) = env::var_os("HEARTH_PACK_CACHE").map(PathBuf::from) else {
        return compute(arguments, &input, &mut None);
    };
    match from_cache(&folder, arguments, &input) {
        // A cache that cannot be used must not stop a clone that has not begun.
        Err(Failure::Before) => compute(arguments, &input, &mut None),
        Err(Failure::Midway(error)) => Err(error),
        Ok(code) => Ok(code),
    }
}

enum Failure {
    /// Nothing was sent yet.
    Before,
    /// Part of a pack is on its way already.
    Midway(io::Error),
}

impl From<io::Error> for Failure {
    fn from(_: io::Error) -> Self {
        Self::Before
    }
}

fn from_cache(folder: &Path, arguments: &[OsString], input: &[u8]) -> Result<ExitCode, Failure> {
    fs::create_dir_all(folder)?;
    let key = key(arguments, input);
    let name = name(&key);
    let (whole, part) = (folder.join(format!("{name}.pack")), folder.join(format!("{name}.part")));
    loop {
        if let Ok(mut file) = File::open(&whole) {
            return if starts_with(&mut file, &key)? {
                send_whole(&mut file)
            } else {
                Ok(compute(arguments, input, &mut None)?)
            };
        }
        let mut file = OpenOptions::new().create(true).truncate(false).read(true).write(true).open(&part)?;
        match file.try_lock() {
            // Its writer may have finished or given up between opening and locking.
            Ok(()) if !is_at(&file, &part) => {}
            Ok(()) => {
                file.set_len(0)?;
                file.write_all(&key)?;
                let mut copy = Some(file);
                let result = compute(arguments, input, &mut copy);
                let is_whole = copy.is_some() && matches!(result, Ok(ExitCode::SUCCESS));
                if !is_whole || fs::rename(&part, &whole).is_err() {
                    let _ = fs::remove_file(&part);
                }
                return result.map_err(Failure::Midway);
            }
            Err(TryLockError::WouldBlock) => {
                if let Some(code) = follow(&mut file, &key, &whole)? {
                    return Ok(code);
                }
            }
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
    }
}

/// Runs the command, sends its output, and writes it into `copy` as well; that is `None` afterwards when it could
/// not be written.
fn compute(arguments: &[OsString], input: &[u8], copy: &mut Option<File>) -> io::Result<ExitCode> {
    let [program, rest @ ..] = arguments else { return Err(io::ErrorKind::InvalidInput.into()) };
    let mut command = Command::new(program);
    command.args(rest).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child: Child = command.spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        // The input is a list of ids: git reads it to its end before it writes.
        stdin.write_all(input)?;
    }
    let mut output = io::stdout().lock();
    if let Some(mut pack) = child.stdout.take() {
        let mut buffer = vec![0; BUFFER_BYTES];
        loop {
            let count = pack.read(&mut buffer)?;
            if count == 0 {
                break;
            }
            // On a full disk the pack is only sent.
            if copy.as_mut().is_some_and(|copy| copy.write_all(&buffer[..count]).is_err()) {
                *copy = None;
            }
            output.write_all(&buffer[..count])?;
        }
    }
    output.flush()?;
    let is_success = child.wait()?.success();
    Ok(if is_success { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Reads along while another process writes. `None` means that the other one gave up before anything was sent.
fn follow(file: &mut File, key: &[u8], whole: &Path) -> Result<Option<ExitCode>, Failure> {
    let mut output = io::stdout().lock();
    let mut has_sent = false;
    let mut is_checked = false;
    loop {
        // Looked at before reading, so that what was written last is not missed.
        let has_ended = !matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock));
        if !is_checked && file.metadata()?.len() >= key.len() as u64 {
            if !starts_with(file, key)? {
                return Err(Failure::Before);
            }
            is_checked = true;
        }
        if is_checked {
            let sent = io::copy(&mut *file, &mut output).map_err(Failure::Midway)?;
            has_sent |= sent > 0;
        }
        if has_ended && is_checked && is_at(file, whole) {
            output.flush().map_err(Failure::Midway)?;
            return Ok(Some(ExitCode::SUCCESS));
        }
        if has_ended && has_sent {
            return Err(Failure::Midway(io::ErrorKind::UnexpectedEof.into()));
        }
        if has_ended {
            return Ok(None);
        }
        thread::sleep(CATCH_UP);
    }
}

fn send_whole(file: &mut File) -> Result<ExitCode, Failure> {
    let mut output = io::stdout().lock();
    io::copy(file, &mut output).map_err(Failure::Midway)?;
    Ok(ExitCode::SUCCESS)
}

/// Whether this open file is the one at `path` now.
fn is_at(file: &File, path: &Path) -> bool {
    match (file.metadata(), fs::metadata(path)) {
        (Ok(open), Ok(present)) => (open.dev(), open.ino()) == (present.dev(), present.ino()),
        _ => false,
    }
}

/// Whether a file begins with the key; leaves it behind the key.
fn starts_with(file: &mut File, key: &[u8]) -> io::Result<bool> {
    file.seek(SeekFrom::Start(0))?;
    let mut start = vec![0; key.len()];
    file.read_exact(&mut start)?;
    Ok(start == key)
}

/// Everything that the pack depends on. Progress is shown beside the pack, not in it.
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

/// A file name for a key. Different keys may share one: the key stands in the file.
fn name(key: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}
