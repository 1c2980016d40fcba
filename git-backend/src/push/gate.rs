//! The server's side of the helper's socket.

use std::{
    collections::HashMap,
    fmt,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{UnixListener, UnixStream},
    process::Command,
    task::JoinHandle,
};

use super::{
    MAX_FRAME_BYTES, Stage,
    frame::{self, Call},
};
use crate::{
    Error, OpenRepository, RefName, RefUpdate, Repository, Result,
    config::{INTERNAL_REFS, READ_ONLY_REFS},
    files,
    store::blocking,
};

/// The secret id of one push, so that only its own helper can speak for it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PushId(String);

impl PushId {
    /// Made of sixteen random bytes.
    pub fn from_random(bytes: [u8; 16]) -> Self {
        Self(data_encoding::HEXLOWER.encode(&bytes))
    }
}

impl fmt::Debug for PushId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("PushId")
    }
}

/// A push and what it asks for.
pub struct Push {
    /// The repository.
    pub repository: Repository,
    /// The references that are to move, or have moved. Their names are valid and not reserved.
    pub updates: Vec<RefUpdate>,
    /// The push options given with `git push -o`.
    pub options: Vec<String>,
    quarantine: Option<PathBuf>,
}

impl Push {
    /// The size of the received objects on disk.
    pub async fn size_bytes(&self) -> Result<u64> {
        let Some(quarantine) = self.quarantine.clone() else { return Ok(0) };
        blocking(move || files::bytes_in(&quarantine)).await
    }

    /// Lends the repository with the objects that were received, which are no part of it yet, for an expensive
    /// query. Only objects can be asked for: it shows no references.
    pub async fn run<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&OpenRepository) -> Result<T> + Send + 'static,
    {
        match &self.quarantine {
            Some(quarantine) => self.repository.run_with_objects_in(quarantine.clone(), work).await,
            None => self.repository.run_expensive(work).await,
        }
    }
}

/// Whether references may move. A push is accepted or refused as a whole; nothing of a refused push remains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Yes, with lines to show.
    Accept(Vec<String>),
    /// No; the lines say why, best one for every reference concerned.
    Reject(Vec<String>),
}

/// The server's rules for pushes.
pub trait PushRules: Send + Sync + 'static {
    /// What the server knows about the pusher.
    type Pusher: Send + Sync + 'static;

    /// Decides, before references move.
    fn check(&self, pusher: &Self::Pusher, push: &Push) -> impl Future<Output = Verdict> + Send;

    /// Stores what has moved, and returns lines that say what was started and where to look. References that
    /// could not be moved although [`PushRules::check`] accepted them are not among the updates.
    fn recorded(&self, pusher: &Self::Pusher, push: &Push) -> impl Future<Output = Vec<String>> + Send;
}

/// Listens for helpers and asks the rules. Dropping it closes the socket.
pub struct PushGate<Rules: PushRules> {
    inner: Arc<Inner<Rules>>,
    listener: JoinHandle<()>,
}

struct Inner<Rules: PushRules> {
    socket: PathBuf,
    rules: Rules,
    running: Running<Rules::Pusher>,
}

type Running<Pusher> = Arc<Mutex<HashMap<String, Arc<Admitted<Pusher>>>>>;

struct Admitted<Pusher> {
    repository: Repository,
    pusher: Pusher,
}

/// Permission for one `receive-pack` to ask the gate. Once it is dropped, its helper gets no answer any more.
pub struct PushTicket {
    socket: PathBuf,
    id: PushId,
    forget: Option<Forget>,
}

type Forget = Box<dyn FnOnce(&str) + Send + Sync>;

/// How long a helper may take to send its frame.
const FRAME_TIMEOUT: Duration = Duration::from_secs(30);
/// How long the rules may take.
const RULES_TIMEOUT: Duration = Duration::from_mins(5);
/// The answer consists of any number of lines, then one verdict.
const ACCEPT: u8 = b'A';
const REJECT: u8 = b'R';
const LINE: u8 = b'L';

impl<Rules: PushRules> PushGate<Rules> {
    /// Listens at `socket`, replacing one left by an earlier server. Needs a running Tokio runtime.
    pub fn listen(socket: &Path, rules: Rules) -> Result<Self> {
        files::remove_file(socket)?;
        let listener = bind(socket)?;
        std::fs::set_permissions(socket, std::fs::Permissions::from_mode(0o600))?;
        // Helpers run in the repository's folder, where a relative path would not resolve.
        let socket = socket.canonicalize()?;
        let inner = Arc::new(Inner { socket, rules, running: Running::default() });
        let listener = tokio::spawn(accept(listener, Arc::clone(&inner)));
        Ok(Self { inner, listener })
    }

    /// Announces a push, for [`Repository::receive_pack`].
    pub fn admit(&self, repository: &Repository, id: PushId, pusher: Rules::Pusher) -> PushTicket {
        let admitted = Arc::new(Admitted { repository: repository.clone(), pusher });
        if let Ok(mut running) = self.inner.running.lock() {
            running.insert(id.0.clone(), admitted);
        }
        let running = Arc::clone(&self.inner.running);
        let forget: Forget = Box::new(move |id: &str| {
            if let Ok(mut running) = running.lock() {
                running.remove(id);
            }
        });
        PushTicket { socket: self.inner.socket.clone(), id, forget: Some(forget) }
    }

    /// The rules, for callers that share them.
    pub fn rules(&self) -> &Rules {
        &self.inner.rules
    }
}

impl<Rules: PushRules> Drop for PushGate<Rules> {
    fn drop(&mut self) {
        self.listener.abort();
        let _ = std::fs::remove_file(&self.inner.socket);
    }
}

impl PushTicket {
    pub(crate) fn enter(&self, command: &mut Command) {
        command.env("HEARTH_PUSH_SOCKET", &self.socket).env("HEARTH_PUSH_ID", &self.id.0);
    }
}

impl Drop for PushTicket {
    fn drop(&mut self) {
        if let Some(forget) = self.forget.take() {
            forget(&self.id.0);
        }
    }
}

/// A unix socket address holds about a hundred bytes; a longer path is reached through a descriptor of its
/// folder, as in the helper.
fn bind(socket: &Path) -> Result<UnixListener> {
    const MAX_SOCKET_PATH_BYTES: usize = 100;
    if socket.as_os_str().len() <= MAX_SOCKET_PATH_BYTES {
        return Ok(UnixListener::bind(socket)?);
    }
    let (Some(folder), Some(name)) = (socket.parent(), socket.file_name()) else {
        return Err(Error::Malformed("not a socket path"));
    };
    let folder = std::fs::File::open(folder)?;
    let number = std::os::fd::AsRawFd::as_raw_fd(&folder);
    Ok(UnixListener::bind(Path::new("/proc/self/fd").join(number.to_string()).join(name))?)
}

async fn accept<Rules: PushRules>(listener: UnixListener, inner: Arc<Inner<Rules>>) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                let inner = Arc::clone(&inner);
                tokio::spawn(async move {
                    if let Err(error) = inner.answer(stream).await {
                        tracing::warn!(error = %error, "a push helper got no answer");
                    }
                });
            }
            Err(error) => {
                tracing::error!(error = %error, "the push socket does not accept helpers");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

impl<Rules: PushRules> Inner<Rules> {
    async fn answer(&self, mut stream: UnixStream) -> Result<()> {
        let read = tokio::time::timeout(FRAME_TIMEOUT, read_frame(&mut stream)).await;
        let call = frame::parse(&read.map_err(|_| Error::Timeout { what: "a push helper" })??)?;
        let verdict = tokio::time::timeout(RULES_TIMEOUT, self.decide(call)).await;
        let verdict = verdict.map_err(|_| Error::Timeout { what: "the push rules" })??;
        let (lines, end) = match verdict {
            Verdict::Accept(lines) => (lines, ACCEPT),
            Verdict::Reject(lines) => (lines, REJECT),
        };
        let mut answer = Vec::new();
        for line in lines {
            answer.push(LINE);
            answer.extend(u32::try_from(line.len()).unwrap_or(u32::MAX).to_be_bytes());
            answer.extend(line.into_bytes());
        }
        answer.push(end);
        stream.write_all(&answer).await?;
        stream.shutdown().await?;
        Ok(())
    }

    async fn decide(&self, call: Call) -> Result<Verdict> {
        let admitted = self.running.lock().ok().and_then(|running| running.get(&call.push_id).cloned());
        let admitted = admitted.ok_or(Error::Malformed("no such push"))?;
        let quarantine = call.quarantine.map(|path| within(&admitted.repository, &path)).transpose()?;
        let mut updates = Vec::new();
        let mut refused = Vec::new();
        for (old, new, name) in call.updates {
            match pushable(&name) {
                Ok(name) => updates.push(RefUpdate { name, old, new }),
                // An existing reference with a bad name may be deleted.
                Err(reason) if new.is_some() => refused.push(format!("{name}: {reason}")),
                Err(_) => {}
            }
        }
        let repository = admitted.repository.clone();
        let push = Push { repository, updates, options: call.options, quarantine };
        Ok(match call.stage {
            Stage::Before if !refused.is_empty() => Verdict::Reject(refused),
            Stage::Before => self.rules.check(&admitted.pusher, &push).await,
            Stage::After => Verdict::Accept(self.rules.recorded(&admitted.pusher, &push).await),
        })
    }
}

/// The name rules that hold for every push. The reasons use git's own wording, as git's own refusals do.
fn pushable(name: &str) -> std::result::Result<RefName, &'static str> {
    if name.starts_with(READ_ONLY_REFS) || name.starts_with(INTERNAL_REFS) {
        return Err("deny updating a hidden ref");
    }
    let checked = RefName::new(name).map_err(|_| "invalid refname")?;
    // A branch named like a revision would always be ambiguous.
    let is_short_name_fine = match name.split('/').nth(1) {
        Some("heads") => checked.branch().is_some(),
        Some("tags") => checked.tag().is_some(),
        _ => true,
    };
    if is_short_name_fine { Ok(checked) } else { Err("invalid refname") }
}

/// The quarantine must lie in the repository's own folder.
fn within(repository: &Repository, quarantine: &Path) -> Result<PathBuf> {
    let quarantine = quarantine.canonicalize()?;
    if quarantine.starts_with(repository.path().join("objects")) {
        Ok(quarantine)
    } else {
        Err(Error::Malformed("a quarantine outside of the repository"))
    }
}

async fn read_frame(stream: &mut UnixStream) -> Result<Vec<u8>> {
    let length = stream.read_u32().await? as usize;
    if length > MAX_FRAME_BYTES {
        return Err(Error::Malformed("the push has too many references"));
    }
    let mut frame = vec![0; length];
    stream.read_exact(&mut frame).await?;
    Ok(frame)
}
