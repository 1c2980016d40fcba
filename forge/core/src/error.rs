use std::{fmt, io, time::Duration};

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Everything that can go wrong for a caller of Hearth, as codes and values: no sentences, no HTTP.
///
/// `hearth-web` turns it into a page and `hearth-api` into JSON, each with one table of HTTP statuses.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It does not exist, or the caller may not know that it exists.
    #[error("{0} not found")]
    NotFound(Kind),
    /// Not signed in. A page redirects to the sign-in form; a program gets 401.
    #[error("sign-in required")]
    SignInRequired,
    /// The caller is known, but not allowed to do this.
    #[error("{0} is forbidden")]
    Forbidden(Action),
    /// It conflicts with the current state.
    #[error("conflict: {0}")]
    Conflict(Conflict),
    /// Invalid input, field by field.
    #[error("invalid input: {}", Fields(.0))]
    Invalid(Vec<FieldError>),
    /// Larger than a named limit.
    #[error("{} is over the limit of {} ({})", .0.name, .0.most, .0.key)]
    TooLarge(Limit),
    /// The owner's quota leaves no room for more at present.
    #[error("quota {} spent: {} of {}", .0.name, .0.used, .0.most)]
    QuotaSpent(Quota),
    /// The client did not finish sending its request.
    #[error(transparent)]
    Request(BrokenRequest),
    #[error("too many requests, try again in {} s", retry_after.as_secs())]
    TooManyRequests { retry_after: Duration },
    /// A dependency does not respond at present.
    #[error("{0} is unavailable")]
    Unavailable(Dependency),
    /// An internal error. The error chain is logged once, at the boundary; the client gets a reference to it.
    #[error("internal error")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// How long a client should wait before it retries when a dependency is unavailable.
const UNAVAILABLE_FOR: Duration = Duration::from_secs(5);

impl Error {
    /// A single invalid field.
    pub fn field(field: &'static str, code: &'static str) -> Self {
        Self::Invalid(vec![FieldError::new(field, code)])
    }

    /// When to retry; none where waiting does not help.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooManyRequests { retry_after } => Some((*retry_after).max(Duration::from_secs(1))),
            Self::Unavailable(_) => Some(UNAVAILABLE_FOR),
            _ => None,
        }
    }

    /// An internal error, unless it was caused by a client that broke off its request, or by a full or
    /// read-only disk.
    pub fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        let source = source.into();
        match BrokenRequest::behind(&*source) {
            Some(broken) => Self::Request(broken),
            None if is_disk_trouble(&*source) => Self::Unavailable(Dependency::Disk),
            None => Self::Internal(source),
        }
    }

    /// Why a body that may be at most `limit` bytes could not be read.
    pub fn of_body(error: &(dyn std::error::Error + 'static), limit: Limit) -> Self {
        BrokenRequest::behind(error).map_or(Self::TooLarge(limit), Self::Request)
    }
}

/// How a request's body ended too early. Reading the body fails with it; it is not an internal error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BrokenRequest {
    /// The client sent nothing, or too little, for too long.
    #[error("the request stalled (server.stall_seconds, server.slowest_bytes_per_second)")]
    Stalled,
    /// The client disconnected, or sent something that is not valid HTTP.
    #[error("the request was cut off")]
    Cut,
}

impl BrokenRequest {
    /// The [`BrokenRequest`] among an error's causes, if there is one.
    pub fn behind(error: &(dyn std::error::Error + 'static)) -> Option<Self> {
        causes(error).find_map(|cause| cause.downcast_ref().copied())
    }
}

/// The error and its causes, outermost first.
fn causes<'a>(
    error: &'a (dyn std::error::Error + 'static),
) -> impl Iterator<Item = &'a (dyn std::error::Error + 'static)> {
    std::iter::successors(Some(error), |error| {
        // An I/O error that wraps another error reports that error's source as its own.
        let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        match inner {
            Some(inner) => Some(inner as _),
            None => error.source(),
        }
    })
}

/// Whether the error was caused by a full or read-only disk.
fn is_disk_trouble(error: &(dyn std::error::Error + 'static)) -> bool {
    causes(error).filter_map(|cause| cause.downcast_ref::<io::Error>()).any(|error| {
        matches!(
            error.kind(),
            io::ErrorKind::StorageFull | io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::QuotaExceeded
        )
    })
}

text_enum! {
    /// The kinds of things that can be looked up.
    pub enum Kind {
        Page = "page",
        User = "user",
        Repository = "repository",
        Branch = "branch",
        Tag = "tag",
        Revision = "revision",
        Commit = "commit",
        File = "file",
        Issue = "issue",
        PullRequest = "pull-request",
        Review = "review",
        LineComment = "line-comment",
        Comment = "comment",
        Label = "label",
        Milestone = "milestone",
        /// That one thread waits for another.
        Dependency = "dependency",
        Pin = "pin",
        SavedQuery = "saved-query",
        /// What an issue is written from.
        IssueTemplate = "issue-template",
        BranchRule = "branch-rule",
        Release = "release",
        /// An upload that was not begun, or is finished.
        Upload = "upload",
        Attachment = "attachment",
        Task = "task",
        Output = "output",
        Log = "log",
        Model = "model",
        Object = "object",
        /// The row exists, but its bytes are missing or corrupted.
        LostObject = "lost-object",
        Token = "token",
        SshKey = "ssh-key",
        GpgKey = "gpg-key",
        DeployKey = "deploy-key",
        Invite = "invite",
        Organization = "organization",
        Team = "team",
        Member = "member",
        Invitation = "invitation",
        Transfer = "transfer",
        Accelerator = "accelerator",
        Pool = "pool",
        Spec = "spec",
        Scene = "scene",
        Quota = "quota",
        Image = "image",
        Variant = "variant",
        Job = "job",
    }
}

text_enum! {
    /// What was not allowed.
    pub enum Action {
        Read = "read",
        Write = "write",
        Administer = "administer",
        AdministerSite = "administer-site",
        AdministerOrganization = "administer-organization",
        /// Only an owner gives a repository away.
        Transfer = "transfer",
        Register = "register",
        /// Only whoever launched a task gives it more cards: they may be the one who pays.
        MoreCards = "more-cards",
        /// The token lacks the scope.
        Scope = "scope",
        CrossSite = "cross-site",
        SignInBlocked = "sign-in-blocked",
        /// The link was used, has expired or never existed.
        SignInLink = "sign-in-link",
        /// No mail server is configured.
        SendMail = "send-mail",
        RunUnsandboxed = "run-unsandboxed",
        ProtectedBranch = "protected-branch",
        /// A rule for this branch or tag does not allow it.
        BranchRule = "branch-rule",
        /// Nobody approves their own pull request.
        ReviewOwn = "review-own",
        /// The repository does not merge in this way.
        MergeMethod = "merge-method",
        /// Only people do this, and the caller is a deploy key.
        DeployKey = "deploy-key",
        /// The discussion is locked.
        Discuss = "discuss",
        /// The repository is archived: it can only be read.
        Archived = "archived",
        /// The repository is not marked as a template.
        Template = "template",
    }
}

text_enum! {
    /// What the request conflicts with.
    pub enum Conflict {
        NameTaken = "name-taken",
        EmailTaken = "email-taken",
        KeyTaken = "key-taken",
        BranchExists = "branch-exists",
        TagExists = "tag-exists",
        FileExists = "file-exists",
        LabelTaken = "label-taken",
        /// Something open has to be done first.
        Blocked = "blocked",
        /// Two things would wait for each other.
        DependencyCycle = "dependency-cycle",
        /// Somebody else changed it since the caller read it.
        StaleEdit = "stale-edit",
        /// The state does not allow this, e.g. stopping a task that has ended.
        State = "state",
        EmptyRepository = "empty-repository",
        VersionTaken = "version-taken",
        /// It still owns repositories.
        OwnsRepositories = "owns-repositories",
        /// Every organisation needs at least one owner.
        LastOwner = "last-owner",
        /// The owners' team cannot be deleted, and always has every permission.
        OwnersTeam = "owners-team",
        MemberAlready = "member-already",
        /// A letter to this address waits for an answer.
        InvitedAlready = "invited-already",
        /// An organisation that should become private still has public repositories.
        PublicRepositories = "public-repositories",
        /// A repository in a private organisation cannot be public.
        PrivateOrganization = "private-organization",
        /// The bytes do not have the declared hash.
        HashMismatch = "hash-mismatch",
        Offset = "offset",
        /// An open pull request already asks to merge this branch into that one.
        PullRequestExists = "pull-request-exists",
        /// Something still keeps the pull request from being merged.
        NotMergeable = "not-mergeable",
        /// Commits were pushed since the caller read the pull request.
        HeadMoved = "head-moved",
        /// The branch that would be merged into changed in the meantime.
        BaseMoved = "base-moved",
        /// The branch that would be merged into does not exist any more.
        BaseGone = "base-gone",
        /// The branch that would be merged does not exist any more, or is in a repository that was deleted or made private.
        HeadGone = "head-gone",
        /// All commits are already there.
        NothingToMerge = "nothing-to-merge",
        MergeConflicts = "merge-conflicts",
        /// What the caller looked at is not the newest version of the pull request.
        StaleVersion = "stale-version",
        /// The tag has a release already.
        ReleaseExists = "release-exists",
        /// The release has a file of this name.
        AssetTaken = "asset-taken",
        /// The deleted branch or tag cannot come back: what it pointed to is gone.
        ObjectsGone = "objects-gone",
    }
}

text_enum! {
    /// Dependencies outside this process.
    pub enum Dependency {
        Database = "database",
        Disk = "disk",
        /// Too little free space for anything large.
        DiskSpace = "disk-space",
        /// The store for large files, where that is not a local disk.
        BlobStore = "blob-store",
        Git = "git",
        Sandbox = "sandbox",
        Engine = "engine",
        Mail = "mail",
    }
}

/// A named upper limit, and the configuration key that sets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// The word in the message `error-limit-{name}`.
    pub name: &'static str,
    /// In bytes, or a count, as the message says.
    pub most: u64,
    /// E.g. `limits.lfs_object_bytes`.
    pub key: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    pub name: &'static str,
    pub used: u64,
    pub most: u64,
}

/// What is wrong with one field of a form or JSON body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    pub field: &'static str,
    /// Its message is `error-field-{code}`.
    pub code: &'static str,
    pub arguments: Vec<(&'static str, Argument)>,
}

impl FieldError {
    pub fn new(field: &'static str, code: &'static str) -> Self {
        Self { field, code, arguments: Vec::new() }
    }

    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Argument>) -> Self {
        self.arguments.push((name, value.into()));
        self
    }
}

/// An argument of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Argument {
    Text(String),
    Number(u64),
}

impl From<String> for Argument {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Argument {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<u64> for Argument {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl fmt::Display for Argument {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => formatter.write_str(text),
            Self::Number(number) => number.fmt(formatter),
        }
    }
}

/// The error and its sources on one line.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        source = inner.source();
    }
    text
}

struct Fields<'a>(&'a [FieldError]);

impl fmt::Display for Fields<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, error) in self.0.iter().enumerate() {
            let separator = if place == 0 { "" } else { ", " };
            write!(formatter, "{separator}{}: {}", error.field, error.code)?;
        }
        Ok(())
    }
}

/// Collects the errors of a form, so that all are shown at once.
#[derive(Debug, Default)]
pub struct FieldErrors(Vec<FieldError>);

impl FieldErrors {
    pub fn add(&mut self, field: &'static str, code: &'static str) {
        self.0.push(FieldError::new(field, code));
    }

    pub fn push(&mut self, error: FieldError) {
        self.0.push(error);
    }

    /// Returns a valid value, or records why it is invalid.
    pub fn take<T, E>(
        &mut self,
        field: &'static str,
        value: Result<T, E>,
        code: impl FnOnce(E) -> &'static str,
    ) -> Option<T> {
        match value {
            Ok(value) => Some(value),
            Err(error) => {
                self.add(field, code(error));
                None
            }
        }
    }

    /// Returns a valid value, or records the fields that are invalid; any other error ends the check.
    pub fn absorb<T>(&mut self, value: Result<T>) -> Result<Option<T>> {
        match value {
            Ok(value) => Ok(Some(value)),
            Err(Error::Invalid(fields)) => {
                self.0.extend(fields);
                Ok(None)
            }
            Err(other) => Err(other),
        }
    }

    /// The outcome of a second check of the same form, with the errors that the first one recorded. Of each
    /// field the first check's errors are kept; an error that is not about a field takes precedence.
    pub fn merge<T>(self, checked: Result<T>) -> Result<T> {
        match checked {
            Ok(value) => self.into_result().map(|()| value),
            Err(Error::Invalid(others)) => {
                let mut all = self.0;
                let is_new = |other: &FieldError| all.iter().all(|error| error.field != other.field);
                let others: Vec<FieldError> = others.into_iter().filter(is_new).collect();
                all.extend(others);
                Err(Error::Invalid(all))
            }
            Err(other) => Err(other),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `Ok` if there were no errors.
    pub fn into_result(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Invalid(self.0)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_that_broke_off_is_found_behind_every_error() {
        for broken in [BrokenRequest::Cut, BrokenRequest::Stalled] {
            let plain = io::Error::other(broken);
            let nested = io::Error::other(io::Error::new(io::ErrorKind::UnexpectedEof, plain));
            assert!(matches!(Error::internal(nested), Error::Request(found) if found == broken));
        }
        assert!(matches!(Error::internal(io::Error::from(io::ErrorKind::NotFound)), Error::Internal(_)));
        assert!(matches!(Error::internal("a sentence"), Error::Internal(_)));
    }

    #[test]
    fn two_checks_of_a_form_report_each_field_once() {
        let first = || {
            let mut errors = FieldErrors::default();
            errors.add("nodes", "not-a-number");
            errors
        };
        let second = || {
            Err::<(), _>(Error::Invalid(vec![
                FieldError::new("nodes", "too-large"),
                FieldError::new("name", "required"),
            ]))
        };
        let Err(Error::Invalid(all)) = first().merge(second()) else { panic!("both have errors") };
        let told: Vec<_> = all.iter().map(|error| (error.field, error.code)).collect();
        assert_eq!(told, [("nodes", "not-a-number"), ("name", "required")]);
        assert!(matches!(first().merge(Ok(())), Err(Error::Invalid(all)) if all.len() == 1));
        assert!(FieldErrors::default().merge(Ok(())).is_ok());
        let mut errors = first();
        assert!(matches!(errors.absorb(second()), Ok(None)));
        assert!(matches!(errors.absorb::<()>(Err(Error::SignInRequired)), Err(Error::SignInRequired)));
    }

    #[test]
    fn a_full_disk_is_said_however_deep_it_lies() {
        let full = || io::Error::from(io::ErrorKind::StorageFull);
        let wrapped = io::Error::other(io::Error::other(full()));
        for error in [full(), wrapped, io::Error::from(io::ErrorKind::ReadOnlyFilesystem)] {
            assert!(matches!(Error::internal(error), Error::Unavailable(Dependency::Disk)));
        }
        assert!(matches!(Error::internal(io::Error::other("no")), Error::Internal(_)));
        assert!(Error::internal(full()).retry_after().is_some());
    }
}
