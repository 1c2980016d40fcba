use std::{fmt, io, time::Duration};

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Everything that can go wrong for a caller of Hearth: codes and values, no sentences and no HTTP.
///
/// It becomes a page in `hearth-web` and JSON in `hearth-api`, from one table of statuses each.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It does not exist, or it exists and the caller may not know it.
    #[error("{0} not found")]
    NotFound(Kind),
    /// Who are you? A page goes to the sign-in form, a program gets 401.
    #[error("sign-in required")]
    SignInRequired,
    /// Known, but not allowed.
    #[error("{0} is forbidden")]
    Forbidden(Action),
    /// It clashes with what is there.
    #[error("conflict: {0}")]
    Conflict(Conflict),
    /// Input that cannot be taken, field by field.
    #[error("invalid input: {}", Fields(.0))]
    Invalid(Vec<FieldError>),
    /// Larger than a named limit.
    #[error("{} is over the limit of {} ({})", .0.name, .0.most, .0.key)]
    TooLarge(Limit),
    /// The owner may not hold more of this now.
    #[error("quota {} spent: {} of {}", .0.name, .0.used, .0.most)]
    QuotaSpent(Quota),
    /// The client did not send its request to the end.
    #[error(transparent)]
    Request(BrokenRequest),
    #[error("too many requests, again in {} s", retry_after.as_secs())]
    TooManyRequests { retry_after: Duration },
    /// A part that Hearth needs does not answer now.
    #[error("{0} is unavailable")]
    Unavailable(Dependency),
    /// A fault of ours. The chain is logged once, at the boundary; the reader gets a reference.
    #[error("internal error")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// After this long a part that did not answer is worth another try.
const UNAVAILABLE_FOR: Duration = Duration::from_secs(5);

impl Error {
    /// One bad field.
    pub fn field(field: &'static str, code: &'static str) -> Self {
        Self::Invalid(vec![FieldError::new(field, code)])
    }

    /// When asking again is worth it, where waiting helps.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooManyRequests { retry_after } => Some((*retry_after).max(Duration::from_secs(1))),
            Self::Unavailable(_) => Some(UNAVAILABLE_FOR),
            _ => None,
        }
    }

    /// A fault of ours, unless a client that broke off its request is behind it, or a disk that takes nothing more.
    pub fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        let source = source.into();
        match BrokenRequest::behind(&*source) {
            Some(broken) => Self::Request(broken),
            None if is_disk_trouble(&*source) => Self::Unavailable(Dependency::Disk),
            None => Self::Internal(source),
        }
    }

    /// Why a body could not be read that may be as large as `limit`.
    pub fn of_body(error: &(dyn std::error::Error + 'static), limit: Limit) -> Self {
        BrokenRequest::behind(error).map_or(Self::TooLarge(limit), Self::Request)
    }
}

/// How a request's body ended before its end. It is what reading the body fails with, and no fault of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BrokenRequest {
    /// Nothing came for too long, or too little.
    #[error("the request did not go on in time (server.stall_seconds, server.slowest_bytes_per_second)")]
    Stalled,
    /// The client hung up, or what it sent is no HTTP.
    #[error("the request broke off")]
    Cut,
}

impl BrokenRequest {
    /// What is at the end of an error's causes, when it is this.
    pub fn behind(error: &(dyn std::error::Error + 'static)) -> Option<Self> {
        causes(error).find_map(|cause| cause.downcast_ref().copied())
    }
}

/// The error and what is behind it.
fn causes<'a>(
    error: &'a (dyn std::error::Error + 'static),
) -> impl Iterator<Item = &'a (dyn std::error::Error + 'static)> {
    std::iter::successors(Some(error), |error| {
        // An I/O error made of another one names that one's cause as its own.
        let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        match inner {
            Some(inner) => Some(inner as _),
            None => error.source(),
        }
    })
}

/// Whether a disk that is full or closed to writing is behind an error.
fn is_disk_trouble(error: &(dyn std::error::Error + 'static)) -> bool {
    causes(error).filter_map(|cause| cause.downcast_ref::<io::Error>()).any(|error| {
        matches!(
            error.kind(),
            io::ErrorKind::StorageFull | io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::QuotaExceeded
        )
    })
}

text_enum! {
    /// The kinds of things that can be looked for.
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
        Comment = "comment",
        Label = "label",
        Attachment = "attachment",
        Task = "task",
        Output = "output",
        Log = "log",
        Model = "model",
        Object = "object",
        /// The row is there and the bytes are not, or not as they were.
        LostObject = "lost-object",
        Token = "token",
        SshKey = "ssh-key",
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
        Register = "register",
        /// The token does not carry the scope.
        Scope = "scope",
        CrossSite = "cross-site",
        SignInBlocked = "sign-in-blocked",
        /// A link that was used, has ended, or never was.
        SignInLink = "sign-in-link",
        /// There is no mail server.
        SendMail = "send-mail",
        RunUnsandboxed = "run-unsandboxed",
        ProtectedBranch = "protected-branch",
        /// The discussion is locked.
        Discuss = "discuss",
    }
}

text_enum! {
    /// What it clashes with.
    pub enum Conflict {
        NameTaken = "name-taken",
        EmailTaken = "email-taken",
        KeyTaken = "key-taken",
        BranchExists = "branch-exists",
        TagExists = "tag-exists",
        FileExists = "file-exists",
        LabelTaken = "label-taken",
        /// Somebody else changed it since it was read.
        StaleEdit = "stale-edit",
        /// The state does not allow this, e.g. stopping a task that has ended.
        State = "state",
        EmptyRepository = "empty-repository",
        VersionTaken = "version-taken",
        /// It still owns repositories.
        OwnsRepositories = "owns-repositories",
        /// An organisation without owners would be nobody's.
        LastOwner = "last-owner",
        /// The team of the owners is always there, and may do everything.
        OwnersTeam = "owners-team",
        MemberAlready = "member-already",
        /// It has public repositories, and is to be seen by its members alone.
        PublicRepositories = "public-repositories",
        /// A public repository in an organisation that only its members see.
        PrivateOrganization = "private-organization",
        /// Bytes do not have the hash that was promised.
        HashMismatch = "hash-mismatch",
        Offset = "offset",
    }
}

text_enum! {
    /// Parts outside this process.
    pub enum Dependency {
        Database = "database",
        Disk = "disk",
        /// Too little is left on it for anything large.
        DiskSpace = "disk-space",
        /// Where large files are kept, when that is not a disk of this machine.
        BlobStore = "blob-store",
        Git = "git",
        Sandbox = "sandbox",
        Engine = "engine",
        Mail = "mail",
    }
}

/// A named upper bound, with the configuration key that sets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// The word in the message `error-limit-{name}`.
    pub name: &'static str,
    /// In the unit of the message: bytes or a count.
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

/// What is wrong with one field of a form or of a JSON body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    pub field: &'static str,
    /// The message is `error-field-{code}`.
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

/// A value for a message.
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

/// The error and its sources in one line.
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

/// Collects what is wrong with a form, so that every mistake is shown at once.
#[derive(Debug, Default)]
pub struct FieldErrors(Vec<FieldError>);

impl FieldErrors {
    pub fn add(&mut self, field: &'static str, code: &'static str) {
        self.0.push(FieldError::new(field, code));
    }

    pub fn push(&mut self, error: FieldError) {
        self.0.push(error);
    }

    /// Keeps a good value, or notes why it is bad.
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

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `Ok` when nothing was wrong.
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
