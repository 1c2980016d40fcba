use crate::{OrganizationId, RepositoryId, TaskId, ThreadId, UserId};

/// What an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Account(UserId),
    Organization(OrganizationId),
    Repository(RepositoryId),
    Issue(ThreadId),
    Task(TaskId),
    PullRequest(ThreadId),
}

impl Subject {
    /// The noun as stored and sent.
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Account(_) => "account",
            Self::Organization(_) => "organization",
            Self::Repository(_) => "repository",
            Self::Issue(_) => "issue",
            Self::Task(_) => "task",
            Self::PullRequest(_) => "pull-request",
        }
    }

    /// The id of the subject.
    pub const fn number(self) -> i64 {
        match self {
            Self::Account(id) => id.0,
            Self::Organization(id) => id.0,
            Self::Repository(id) => id.0,
            Self::Issue(id) | Self::PullRequest(id) => id.0,
            Self::Task(id) => id.0,
        }
    }
}
