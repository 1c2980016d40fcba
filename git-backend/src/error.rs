//! The error type of this crate.

use std::io::ErrorKind;

use crate::{Allowance, Bound, Invalid, ObjectId, RefName, TreePath};

/// What can go wrong. Variants are codes with values; user-facing messages are written elsewhere.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no repository under this id.
    #[error("no such repository")]
    RepositoryNotFound,
    /// There is already a repository under this id.
    #[error("the repository exists already")]
    RepositoryExists,
    /// No branch, tag or commit matches this text.
    #[error("no such revision")]
    RevisionNotFound,
    /// A short object id that several objects share.
    #[error("the short object id is ambiguous")]
    AmbiguousRevision,
    /// Nothing exists at this path in this commit.
    #[error("no such path")]
    PathNotFound,
    /// There is something at the path, but a folder where a file is needed, or the reverse.
    #[error("the object is not a {0}")]
    WrongKind(&'static str),
    /// A name, path or id that breaks the rules.
    #[error("invalid {0}")]
    Invalid(#[from] Invalid),
    /// A reference is not where the caller last saw it: somebody else was faster.
    #[error("{name} moved from {expected:?} to {found:?}")]
    Conflict {
        /// The reference.
        name: RefName,
        /// Where the caller believes it to be; `None` when it should not exist.
        expected: Option<ObjectId>,
        /// Where it is now.
        found: Option<ObjectId>,
    },
    /// A reference of that name exists already, or one that excludes it (`a` and `a/b`).
    #[error("{0} is taken")]
    NameTaken(RefName),
    /// The destination of a move exists already.
    #[error("{0} is taken")]
    PathTaken(TreePath),
    /// A change that leaves the tree as it is.
    #[error("nothing to commit")]
    NothingToCommit,
    /// The answer would be larger than the caller allows.
    #[error("larger than {limit} bytes")]
    TooLarge {
        /// The bound that was passed.
        limit: u64,
    },
    /// A child process or a wait took longer than allowed.
    #[error("{what} timed out")]
    Timeout {
        /// What was running.
        what: &'static str,
    },
    /// The request costs more than one query may; see [`crate::Allowance`].
    #[error("over the limits of one query: {bound:?}")]
    OverBudget {
        /// Where reading stopped.
        bound: Bound,
        /// What one expensive query may cost in this store.
        allowance: Allowance,
    },
    /// Nobody waits for the answer any more.
    #[error("nobody waits for the answer")]
    Cancelled,
    /// Too much git work is going on; try again later.
    #[error("too much git work at once")]
    Busy,
    /// A malformed request of the git protocol.
    #[error("malformed request: {0}")]
    Malformed(&'static str),
    /// The repository's own data is broken: an object is missing or unreadable.
    #[error("damaged repository: {0}")]
    Damaged(String),
    /// A spawned git ended with an error.
    #[error("git {command} failed: {stderr}")]
    Git {
        /// The subcommand.
        command: &'static str,
        /// The end of what it wrote to standard error.
        stderr: String,
    },
    /// An error of the disk or the operating system.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// The result of everything in this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// Whether the repository itself is broken, so that a page can say so.
    pub fn is_damaged(&self) -> bool {
        matches!(self, Self::Damaged(_))
    }

    /// Whether the requested object is missing.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::RepositoryNotFound | Self::RevisionNotFound | Self::PathNotFound)
    }
}

// Lookups of user input are answered before a library error can arise, so any remaining library error means
// that something the repository refers to cannot be read.
impl From<git2::Error> for Error {
    fn from(error: git2::Error) -> Self {
        let message = error.message().to_owned();
        match (disk_trouble(&message), error.class()) {
            (Some(kind), _) => Self::Io(std::io::Error::new(kind, message)),
            (None, git2::ErrorClass::Os) => Self::Io(std::io::Error::other(message)),
            _ => Self::Damaged(message),
        }
    }
}

/// Detects a full or read-only disk by the system's error text: libgit2 and the git program pass on nothing
/// else.
pub(crate) fn disk_trouble(message: &str) -> Option<ErrorKind> {
    [
        ("No space left on device", ErrorKind::StorageFull),
        ("Disk quota exceeded", ErrorKind::QuotaExceeded),
        ("Read-only file system", ErrorKind::ReadOnlyFilesystem),
        // All that git says when there is no room for a reference.
        ("couldn't write '", ErrorKind::StorageFull),
    ]
    .into_iter()
    .find_map(|(words, kind)| message.contains(words).then_some(kind))
}

impl From<gix::Error> for Error {
    fn from(error: gix::Error) -> Self {
        Self::damaged(&error)
    }
}

impl Error {
    /// The error of a failed write of an object. When the disk did not take the bytes, libgit2 gives no
    /// reason at all.
    pub(crate) fn of_writing(error: git2::Error) -> Self {
        if error.class() == git2::ErrorClass::None {
            return Self::Io(std::io::Error::new(ErrorKind::StorageFull, "the disk did not take an object"));
        }
        error.into()
    }

    /// The error of a failed read; our own error if it carries one.
    pub(crate) fn from_io(error: std::io::Error) -> Self {
        error.downcast().unwrap_or_else(Self::Io)
    }

    /// A library's error with its causes, as [`Error::Damaged`].
    pub(crate) fn damaged(error: &(dyn std::error::Error + 'static)) -> Self {
        let mut text = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            if let Some(io) = cause.downcast_ref::<std::io::Error>()
                && !matches!(
                    io.kind(),
                    ErrorKind::NotFound | ErrorKind::UnexpectedEof | ErrorKind::InvalidData
                )
            {
                return Self::Io(std::io::Error::new(io.kind(), text));
            }
            text.push_str(": ");
            text.push_str(&cause.to_string());
            source = cause.source();
        }
        Self::Damaged(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_or_closed_disk_is_known_by_whoever_meets_it() {
        let told = |message: &str| Error::from(git2::Error::from_str(message));
        let cases = [
            ("could not write to '/a': No space left on device", ErrorKind::StorageFull),
            ("failed to create locked file: Read-only file system", ErrorKind::ReadOnlyFilesystem),
            ("fatal: Disk quota exceeded", ErrorKind::QuotaExceeded),
            (
                "fatal: cannot update ref 'refs/heads/a': couldn't write '/a/refs/heads/a.lock'",
                ErrorKind::StorageFull,
            ),
        ];
        for (message, kind) in cases {
            assert!(matches!(told(message), Error::Io(error) if error.kind() == kind), "{message}");
        }
        assert!(told("object not found").is_damaged());
        let wordless = git2::Error::new(git2::ErrorCode::GenericError, git2::ErrorClass::None, "no error");
        assert!(
            matches!(Error::of_writing(wordless), Error::Io(error) if error.kind() == ErrorKind::StorageFull)
        );
    }
}
