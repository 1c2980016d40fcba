use hearth_core::{
    EventId, LineCommentId, OrganizationId, OwnerId, ReleaseId, RepositoryId, ReviewId, TaskId, TeamId,
    ThreadId, UserId,
};

/// A list of values as one argument, so that no list is too long for a database: SQLite accepts some thirty
/// thousand arguments, PostgreSQL twice as many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Values {
    Numbers(Vec<i64>),
    Texts(Vec<String>),
}

macro_rules! of_ids {
    ($($name:ident),+) => {$(
        impl From<&[$name]> for Values {
            fn from(ids: &[$name]) -> Self {
                Self::Numbers(ids.iter().map(|id| id.0).collect())
            }
        }
    )+};
}

of_ids! {
    EventId, LineCommentId, OrganizationId, OwnerId, ReleaseId, RepositoryId, ReviewId, TaskId, TeamId, ThreadId, UserId
}

impl From<&[i64]> for Values {
    fn from(numbers: &[i64]) -> Self {
        Self::Numbers(numbers.to_vec())
    }
}

impl From<&[String]> for Values {
    fn from(texts: &[String]) -> Self {
        Self::Texts(texts.to_vec())
    }
}

impl From<&[&str]> for Values {
    fn from(texts: &[&str]) -> Self {
        Self::Texts(texts.iter().map(|text| (*text).to_owned()).collect())
    }
}
