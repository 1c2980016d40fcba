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
    /// A person, or later an organisation: an owner of repositories.
    UserId,
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
