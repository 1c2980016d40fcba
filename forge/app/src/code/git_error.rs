use hearth_core::{Conflict, Dependency, Error, Kind, Limit, Result, chain};
use hearth_git::{Allowance, Bound, Error as GitError, Invalid};

use crate::Limits;

/// Translates errors of the git backend into Hearth's errors, in one place.
pub trait GitResult<T> {
    fn map_git(self) -> Result<T>;

    /// The same for a request of a client that this limit holds for.
    fn map_git_within(self, limit: Limit) -> Result<T>;
}

impl<T> GitResult<T> for hearth_git::Result<T> {
    fn map_git(self) -> Result<T> {
        self.map_err(meaning)
    }

    fn map_git_within(self, limit: Limit) -> Result<T> {
        self.map_err(|error| match error {
            GitError::TooLarge { .. } => Error::TooLarge(limit),
            other => meaning(other),
        })
    }
}

fn meaning(error: GitError) -> Error {
    match error {
        GitError::RevisionNotFound | GitError::AmbiguousRevision => Error::NotFound(Kind::Revision),
        GitError::PathNotFound | GitError::WrongKind(_) => Error::NotFound(Kind::File),
        GitError::Invalid(Invalid::Submodules) => Error::field("content", "submodules"),
        GitError::Invalid(_) => Error::field("path", "path"),
        GitError::Conflict { .. } => Error::Conflict(Conflict::StaleEdit),
        GitError::NameTaken(name) if name.as_str().starts_with("refs/tags/") => {
            Error::Conflict(Conflict::TagExists)
        }
        GitError::NameTaken(_) => Error::Conflict(Conflict::BranchExists),
        GitError::PathTaken(_) => Error::Conflict(Conflict::FileExists),
        GitError::NothingToCommit => Error::field("content", "unchanged"),
        GitError::TooLarge { limit } => {
            Error::TooLarge(Limit { name: "content", most: limit, key: "limits.content_bytes" })
        }
        GitError::OverBudget { bound, allowance } => Error::TooLarge(over_budget(bound, allowance)),
        GitError::Malformed(_) => Error::field("request", "malformed"),
        GitError::Busy | GitError::Timeout { .. } | GitError::Cancelled => {
            Error::Unavailable(Dependency::Git)
        }
        // Passed on unwrapped: the wrapper's `source` skips the I/O error itself.
        GitError::Io(error) => Error::internal(error),
        other if is_of_the_disk(&chain(&other)) => Error::Unavailable(Dependency::Disk),
        other => Error::internal(other),
    }
}

/// The limit that was exceeded, with its configured value.
fn over_budget(bound: Bound, allowance: Allowance) -> Limit {
    let limits = Limits::default().with_walk(allowance);
    match bound {
        Bound::Entries | Bound::Depth => limits.walk_of_entries(),
        Bound::Bytes => limits.walk(),
        Bound::Time => limits.walk_time(),
    }
}

/// Two libraries and a program each wrap the operating system's disk errors differently, but all repeat its
/// message.
fn is_of_the_disk(complaint: &str) -> bool {
    ["No space left on device", "Read-only file system", "Disk quota exceeded"]
        .iter()
        .any(|words| complaint.contains(words))
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn a_question_that_costs_too_much_is_told_the_limit_that_is_set() {
        let allowance = Allowance { entries: 7, bytes: 8, time: std::time::Duration::from_secs(9) };
        for (bound, most, key) in [
            (Bound::Entries, 7, "limits.walk_entries"),
            (Bound::Depth, 7, "limits.walk_entries"),
            (Bound::Bytes, 8, "limits.walk_bytes"),
            (Bound::Time, 9, "limits.walk_seconds"),
        ] {
            let Error::TooLarge(limit) = meaning(GitError::OverBudget { bound, allowance }) else {
                panic!("{bound:?} is no limit");
            };
            assert_eq!((limit.most, limit.key), (most, key));
        }
    }

    #[test]
    fn a_disk_that_takes_nothing_is_no_fault_of_ours() {
        let of_the_system = |code| GitError::Io(io::Error::from_raw_os_error(code));
        let no_room = GitError::Git {
            command: "update-ref",
            stderr: "fatal: cannot lock ref 'refs/heads/main': Unable to create 'main.lock': No space left on device".into(),
        };
        for error in [of_the_system(28), of_the_system(30), no_room] {
            let meant = meaning(error);
            assert!(matches!(meant, Error::Unavailable(Dependency::Disk)), "{meant:?}");
        }
        assert!(matches!(meaning(of_the_system(5)), Error::Internal(_)));
    }
}
