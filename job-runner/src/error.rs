use std::{io, path::PathBuf};

use crate::{engine::Handle, protocol::Appended, spec::SpecError};

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What can go wrong in this crate. The server maps it, once, to its own error.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The machine cannot sandbox a task and the operator did not allow running without a sandbox.
    #[error("the sandbox is not available: {0}")]
    SandboxRefused(String),
    /// The machine cannot give a task its own network, and the operator did not allow use of the machine's.
    #[error("a task cannot have a network of its own: {0}")]
    NetworkRefused(String),
    /// The engine never started an attempt of this name.
    #[error("no attempt {0} on this engine")]
    UnknownHandle(Handle),
    /// The engine does not respond (an unreachable cluster). Retrying later is right.
    #[error("the engine is not reachable: {0}")]
    Unreachable(String),
    /// The engine will not accept this attempt, however often it is asked.
    #[error("the engine refuses it: {0}")]
    Refused(String),
    /// An invalid spec.
    #[error(transparent)]
    Spec(#[from] SpecError),
    /// A pod lacks the launch data of its agent.
    #[error("the agent's launch data is missing: {0}")]
    MissingLaunchData(String),
    /// The offset of an append is not the end of the file; the value says where the end is.
    #[error("the file ends at {}", .0.next_offset)]
    WrongOffset(Appended),
    /// A path that leaves its folder, or is not a plain path.
    #[error("unsafe path {0:?}")]
    UnsafePath(String),
    /// Bytes that do not match their hash.
    #[error("{path}: the content does not have the announced hash")]
    HashMismatch { path: String },
    /// An archive that must not be unpacked.
    #[error("the archive is refused: {0}")]
    Archive(ArchiveFault),
    /// A file of ours that cannot be parsed.
    #[error("{path}: {source}")]
    Malformed { path: PathBuf, source: serde_json::Error },
    /// An error of the disk or the kernel.
    #[error("{path}: {source}")]
    Io { path: PathBuf, source: io::Error },
}

/// Why an archive is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ArchiveFault {
    #[error("an entry leaves the folder: {0:?}")]
    Escapes(String),
    #[error("an entry is neither file, folder nor link: {0:?}")]
    OddEntry(String),
    #[error("more than {0} entries")]
    TooManyEntries(u64),
    #[error("more than {0} bytes")]
    TooLarge(u64),
    #[error("folders more than {0} deep")]
    TooDeep(usize),
    #[error("it is damaged: {0}")]
    Damaged(String),
}

/// Adds the path to an I/O error.
pub(crate) trait At<T> {
    fn at(self, path: impl Into<PathBuf>) -> Result<T>;
}

impl<T> At<T> for io::Result<T> {
    fn at(self, path: impl Into<PathBuf>) -> Result<T> {
        self.map_err(|source| Error::Io { path: path.into(), source })
    }
}

impl<T> At<T> for rustix::io::Result<T> {
    fn at(self, path: impl Into<PathBuf>) -> Result<T> {
        self.map_err(|errno| Error::Io { path: path.into(), source: errno.into() })
    }
}
