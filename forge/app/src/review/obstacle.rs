//! Why a pull request cannot be merged now.

use hearth_core::{ThreadNumber, UserName};

use crate::thread::dependency::LinkedThread;

/// A reason why a pull request cannot be merged now, for everybody or for whoever asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// It was closed or merged.
    Closed,
    Draft,
    /// Whether it can be merged is still being found out.
    Checking,
    /// Finding that out took more than is allowed.
    CheckFailed,
    Conflicts,
    /// The base has all of its commits.
    NothingToMerge,
    /// The base branch was deleted.
    BaseGone,
    /// The head branch was deleted, or is in a repository that is gone or hidden.
    HeadGone,
    MissingApprovals {
        have: u32,
        need: u32,
        /// Those who approved what they pushed themselves, which is no approval of another person.
        uncounted: Vec<UserName>,
    },
    /// By these people, whose latest verdict it is.
    ChangesRequested {
        by: Vec<UserName>,
    },
    /// Nobody of those who own these files has approved.
    CodeOwnersMissing {
        /// As the file of code owners names them: `@mei`, `@lab/core`, `mei@example.org`.
        owners: Vec<String>,
        /// The first of the files.
        paths: Vec<String>,
        /// Those of the owners who cannot approve, because nobody with write access and no team of the repository is called so.
        unknown: Vec<String>,
    },
    /// Required checks that have not reported, or are still running.
    ChecksMissing {
        contexts: Vec<String>,
    },
    ChecksFailed {
        contexts: Vec<String>,
    },
    /// The base has commits that the head lacks, and the rule asks for all of them.
    Behind,
    UnresolvedThreads {
        count: u64,
    },
    /// The reader may not merge into this branch.
    NotAllowed,
    /// Neither the repository nor a rule allows this way of merging.
    MethodNotAllowed,
    /// A rule asks for signed commits, and some are not.
    Unsigned,
    /// It waits for these, which are open; as far as whoever asks may read them.
    Blocked {
        by: Vec<LinkedThread>,
    },
    /// It is based on the branch of another open pull request.
    StackedBelow {
        number: ThreadNumber,
    },
}
