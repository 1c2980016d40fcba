use hearth_core::Language;
use hearth_words::Words;

use crate::wiring::StartError;

/// Why a command cannot use the server, each with what to do next.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RemoteError {
    #[error(
        "this folder is not a Git repository\n  Change to one, or name the repository: --server https://… --repo owner/name"
    )]
    NoCheckout,
    #[error(
        "this repository has no remote called origin\n  Add one: git remote add origin https://SERVER/OWNER/NAME.git\n  \
         or name the repository: --server https://… --repo owner/name"
    )]
    NoRemote,
    #[error(
        "cannot tell the address of the server from the remote {0}\n  Name the server: --server https://…"
    )]
    NoServer(String),
    #[error("cannot tell the repository from the remote {0}\n  Name it: --repo owner/name")]
    NoRepository(String),
    #[error("{0} is not the address of a server\n  It starts with http:// or https://")]
    BadServer(String),
    #[error("{0} is not a repository\n  Write it as owner/name")]
    BadRepository(String),
    #[error(
        "no access token for {0}\n  Create one at {0}/user/settings/applications (scopes: write:repository, write:issue, \
         write:task)\n  and hand it to git: hearth login {0}\n  or set HEARTH_TOKEN"
    )]
    NoToken(String),
    #[error(
        "{0} rejected the token\n  Create a new one at {0}/user/settings/applications and set HEARTH_TOKEN"
    )]
    BadToken(String),
    #[error(
        "{0} is not responding: {1}\n  Check the address and that the server is running, or name another: --server https://…"
    )]
    Away(String, String),
    #[error("{0} does not look like a Hearth server: it answered {1}\n  Name the server: --server https://…")]
    NoHearth(String, String),
    #[error(
        "repository {repository} not found on {server}, or you do not have access\n  Push it first, or name another: --repo owner/name"
    )]
    NotThere { server: String, repository: String },
    #[error("the server refused: {0}")]
    Refused(String),
    #[error("the server has no such thing, or you do not have access: {0}")]
    Missing(String),
    #[error("the answer of {0} is too long to be read\n  Ask for less: --limit")]
    AnswerTooLong(String),
    #[error("{0:?} cannot be the name of a branch here")]
    BadBranch(String),
    #[error("no branch is checked out\n  Switch to one: git switch BRANCH")]
    NoBranch,
    #[error("no server is known\n  Sign in to one: hearth login https://…  or name it: --server https://…")]
    NoKnownServer,
    /// What a person asked for cannot be done; the sentence names the next step.
    #[error("{0}")]
    Usage(String),
    #[error("cannot read or write {0}: {1}")]
    File(String, std::io::Error),
    #[error(
        "{0} has no commit of this branch\n  Push first, then run it again: git push --set-upstream origin HEAD"
    )]
    NoBase(String),
    #[error(
        "this repository has no commits yet\n  Create one and push it: git commit, git push --set-upstream origin HEAD"
    )]
    NoCommit,
    #[error("some files have merge conflicts: {0}\n  Resolve them first. To list them: git status")]
    Unmerged(String),
    #[error(
        "the unpushed changes are too large: {size} of at most {most}\n  The largest:\n{largest}  Commit and push \
         them, or keep them out with .gitignore"
    )]
    PatchTooLarge { size: String, most: String, largest: String },
    #[error("{0} is not a parameter\n  Write it as name=value: --param lr=0.1")]
    BadParameter(String),
    #[error("{0} is not a duration\n  Write it as 90s, 30m or 2h")]
    BadTime(String),
    #[error("git: {0}")]
    Git(String),
}

impl From<RemoteError> for StartError {
    fn from(error: RemoteError) -> Self {
        Self::App(error.to_string())
    }
}

/// What the API says by a code, in the sentence of the pages; other words as they are.
pub(super) fn sentence(said: &str) -> String {
    let key = match (said.strip_suffix(" is forbidden"), said.strip_prefix("conflict: ")) {
        (Some(action), _) => format!("error-forbidden-{action}"),
        (None, Some(conflict)) => format!("error-conflict-{conflict}"),
        (None, None) => return said.to_owned(),
    };
    Words::of(Language::En).find(&key).unwrap_or_else(|| said.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_told_as_pages_tell_them() {
        let own = sentence("review-own is forbidden");
        assert!(own.starts_with("You cannot approve your own pull request"), "{own}");
        let early = sentence("conflict: not-mergeable");
        assert!(early.starts_with("This pull request cannot be merged yet"), "{early}");
        assert_eq!(sentence("conflict: of-a-newer-server"), "conflict: of-a-newer-server");
        assert_eq!(sentence("nothing of the kind"), "nothing of the kind");
    }
}
