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
    /// A person or an organisation: whoever owns repositories. People and organisations are numbered together.
    OwnerId,
    /// A person.
    UserId,
    OrganizationId,
    /// People of an organisation who may do the same things.
    TeamId,
    /// Of somebody into an organisation.
    InvitationId,
    RepositoryId,
    /// Something that is discussed: an issue.
    ThreadId,
    /// The number people see, counted per repository from 1 without gaps, whatever kind of thread it is.
    ThreadNumber,
    CommentId,
    /// A file in a text.
    AttachmentId,
    LabelId,
    TokenId,
    SshKeyId,
    StatusId,
    /// A computing task; the short number in `/tasks/{id}`.
    TaskId,
    /// One run of a task.
    AttemptId,
    JobId,
    /// Something that happened; what subscribers count by.
    EventId,
    InviteId,
}

/// A person or an organisation is an owner, by the same number.
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
