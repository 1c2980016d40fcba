use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$about:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type)]
        #[serde(transparent)]
        #[sqlx(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }

        impl FromStr for $name {
            type Err = std::num::ParseIntError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

ids! {
    /// A person or an organisation that owns repositories. People and organisations share one sequence of
    /// ids.
    OwnerId,
    /// A person.
    UserId,
    OrganizationId,
    /// A group of members of an organisation who have the same permissions.
    TeamId,
    /// An invitation into an organisation.
    InvitationId,
    RepositoryId,
    /// A discussion: an issue or a pull request.
    ThreadId,
    /// The number that people see: counted per repository from 1 without gaps, across all kinds of thread.
    ThreadNumber,
    CommentId,
    /// A file attached to a text.
    AttachmentId,
    LabelId,
    /// A label that the repositories of an organisation begin with.
    OrganizationLabelId,
    MilestoneId,
    /// A query that somebody keeps under a name.
    SavedQueryId,
    /// A verdict on a pull request, with its comments on lines.
    ReviewId,
    LineCommentId,
    BranchRuleId,
    ReleaseId,
    /// A file of a release.
    AssetId,
    TokenId,
    SshKeyId,
    /// An OpenPGP key of a person.
    GpgKeyId,
    /// A key that reaches one repository, whoever holds it.
    DeployKeyId,
    StatusId,
    /// A computing task; the short number in `/tasks/{id}`.
    TaskId,
    /// One run of a task.
    AttemptId,
    JobId,
    /// An event; subscribers use it as their cursor.
    EventId,
    InviteId,
}

/// A person or an organisation is an owner with the same id.
macro_rules! owners {
    ($($name:ident),+) => {$(
        impl From<$name> for OwnerId {
            fn from(id: $name) -> Self {
                Self(id.0)
            }
        }

        impl PartialEq<$name> for OwnerId {
            fn eq(&self, other: &$name) -> bool {
                self.0 == other.0
            }
        }
    )+};
}

owners!(UserId, OrganizationId);
