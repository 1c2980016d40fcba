use std::{io, path::PathBuf};

use crate::{engine::Handle, protocol::Appended, spec::SpecError};

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What can go wrong in this crate. The server maps it, once, to its own error.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The machine cannot fence a task off and the operator did not allow running without a fence.
    #[error("the sandbox is not available: {0}")]
    SandboxRefused(String),
    /// The machine cannot give a task a network of its own, and the operator did not allow that it has the machine's.
    #[error("a task cannot have a network of its own: {0}")]
    NetworkRefused(String),
    /// The engine never started an attempt of this name.
    #[error("no attempt {0} on this engine")]
    UnknownHandle(Handle),
    /// The engine itself does not answer (a cluster that is away). Trying again later is right.
    #[error("the engine is not reachable: {0}")]
    Unreachable(String),
    /// The engine will not take this attempt, however often it is asked.
    #[error("the engine refuses it: {0}")]
    Refused(String),
    /// A spec that must not be run.
    #[error(transparent)]
    Spec(#[from] SpecError),
    /// A pod does not hold what its agent should be told.
    #[error("the agent is not told what to do: {0}")]
    Undelivered(String),
    /// Bytes came for another place than the end of the file; it says where the end is.
    #[error("the file ends at {}", .0.next_offset)]
    WrongOffset(Appended),
    /// A path that leaves its folder, or is no plain path.
    #[error("unsafe path {0:?}")]
    UnsafePath(String),
    /// Bytes that are not what their hash says.
    #[error("{path}: the content does not have the announced hash")]
    HashMismatch { path: String },
    /// An archive that must not be unpacked.
    #[error("the archive is refused: {0}")]
    Archive(ArchiveFault),
    /// A file of ours that does not read as what it should be.
    #[error("{path}: {source}")]
    Malformed { path: PathBuf, source: serde_json::Error },
    /// The disk or the kernel said no.
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

/// Gives an I/O error the path it happened at.
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
