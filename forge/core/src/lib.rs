//! The vocabulary of Hearth: ids, names, states, roles, the one [`Error`], the [`Clock`] and the URLs of
//! pages.
//!
//! Nothing here reads a file, a socket or the time of day.

#[macro_use]
mod text;

mod change;
mod clock;
mod colours;
mod email;
mod error;
pub mod event;
mod id;
mod issue;
mod language;
mod name;
mod output_path;
mod pagination;
mod program;
mod random;
mod role;
mod scope;
pub mod task;
mod thread;
mod timestamp;
mod unit;
pub mod urls;

pub use change::{BadChange, Change};
pub use clock::{Clock, FixedClock, SystemClock};
pub use colours::Colours;
pub use email::Email;
pub use error::{
    Action, Argument, BrokenRequest, Conflict, Dependency, Error, FieldError, FieldErrors, Kind, Limit,
    Quota, Result, chain,
};
pub use event::Event;
pub use id::{
    AttachmentId, AttemptId, CommentId, EventId, InvitationId, InviteId, JobId, LabelId, OrganizationId,
    OwnerId, RepositoryId, SshKeyId, StatusId, TaskId, TeamId, ThreadId, ThreadNumber, TokenId, UserId,
};
pub use issue::{IssueState, StatusState};
pub use language::Language;
pub use name::{BadName, RepositoryName, UserName};
pub use output_path::{BadOutputPath, OutputPath};
pub use pagination::{Page, PageRequest};
pub use program::{Parameter, Program, ProgramKind, is_valid_argument, shell_word};
pub use random::{RandomSource, SeededRandomSource, SystemRandomSource};
pub use role::{Administer, OwnerKind, Permission, Read, RepositoryKind, Visibility, Write};
pub use scope::{BadScope, Scope, Scopes};
pub use task::{EngineState, Outcome, Reason, TaskKind, TaskState};
pub use thread::{LockReason, Reaction, SubscriptionReason, SubscriptionState, ThreadEventKind, ThreadKind};
pub use timestamp::Timestamp;
pub use unit::{BadRoles, Roles, Unit};
pub use urls::Urls;
