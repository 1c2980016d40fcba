use crate::wiring::StartError;

/// Why a command cannot use the server, each with what to do next.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RemoteError {
    #[error(
        "this folder is in no git checkout\n  Go into one, or name the repository: --server https://… --repo owner/name"
    )]
    NoCheckout,
    #[error(
        "this checkout has no remote called origin\n  Add one: git remote add origin https://SERVER/OWNER/NAME.git\n  \
         or name the repository: --server https://… --repo owner/name"
    )]
    NoRemote,
    #[error(
        "the remote {0} does not say where the Hearth's pages are\n  Name the server: --server https://…"
    )]
    NoServer(String),
    #[error("the remote {0} names no repository\n  Name it: --repo owner/name")]
    NoRepository(String),
    #[error("{0} is no address of a server\n  It begins with http:// or https://")]
    BadServer(String),
    #[error("{0} is no repository\n  It is called owner/name")]
    BadRepository(String),
    #[error(
        "there is no access token for {0}\n  Make one at {0}/user/settings/applications (scopes: read:repository, write:task) and \
         set HEARTH_TOKEN,\n  or let git keep it: git credential approve"
    )]
    NoToken(String),
    #[error(
        "{0} does not take this token\n  Make a new one at {0}/user/settings/applications and set HEARTH_TOKEN"
    )]
    BadToken(String),
    #[error(
        "{0} does not answer: {1}\n  Is the address right, and is the server running? --server names another"
    )]
    Away(String, String),
    #[error("{0} does not look like a Hearth: it answered {1}\n  Name the right server: --server https://…")]
    NoHearth(String, String),
    #[error(
        "{server} has no repository {repository} that you may see\n  Push it first, or name another: --repo owner/name"
    )]
    NotThere { server: String, repository: String },
    #[error("the server refused: {0}")]
    Refused(String),
    #[error(
        "{0} knows none of the commits of this branch\n  Push once, then run again: git push --set-upstream origin HEAD"
    )]
    NoBase(String),
    #[error(
        "there is no commit here yet\n  Make one and push it: git commit, git push --set-upstream origin HEAD"
    )]
    NoCommit,
    #[error("files are in conflict: {0}\n  Resolve them first: git status names them")]
    Unmerged(String),
    #[error(
        "the unpushed changes are too large: {size} KiB of at most {most} KiB\n  The largest:\n{largest}  Commit and push \
         them, or keep them out with .gitignore"
    )]
    PatchTooLarge { size: u64, most: u64, largest: String },
    #[error("{0} is not a parameter\n  Write it as name=value: --param lr=0.1")]
    BadParameter(String),
    #[error("{0} is not a time\n  Write it as 90s, 30m or 2h")]
    BadTime(String),
    #[error("git: {0}")]
    Git(String),
}

impl From<RemoteError> for StartError {
    fn from(error: RemoteError) -> Self {
        Self::App(error.to_string())
    }
}
