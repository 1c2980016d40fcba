//! The vocabulary of Hearth: ids, names, states, roles, the one [`Error`], the [`Clock`] and the URLs of
//! pages.
//!
//! Nothing here reads a file, a socket or the time of day.

#[macro_use]
mod text;

mod branch_rule;
mod change;
mod clock;
pub mod code_owners;
mod colours;
mod email;
mod error;
pub mod event;
mod id;
mod interest;
mod issue;
mod language;
mod milestone;
mod name;
mod output_path;
mod pagination;
mod program;
mod pull_request;
mod random;
mod retraining;
mod review;
mod role;
mod scope;
pub mod task;
mod thread;
mod timestamp;
mod unit;
pub mod urls;

pub use branch_rule::{BranchRuleSettings, RuleKind, WhoMay};
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
    AssetId, AttachmentId, AttemptId, BranchRuleId, CommentId, DeployKeyId, EventId, GpgKeyId, InvitationId,
    InviteId, JobId, LabelId, LineCommentId, MilestoneId, OrganizationId, OrganizationLabelId, OwnerId,
    ReleaseId, RepositoryId, ReviewId, SavedQueryId, SshKeyId, StatusId, TaskId, TeamId, ThreadId,
    ThreadNumber, TokenId, UserId,
};
pub use interest::{Interest, WatchChoice, WatchedPart};
pub use issue::{IssueState, StatusState};
pub use language::Language;
pub use milestone::MilestoneState;
pub use name::{BadName, RepositoryName, UserName};
pub use output_path::{BadOutputPath, OutputPath};
pub use pagination::{Page, PageRequest};
pub use program::{Parameter, Program, ProgramKind, is_valid_argument, shell_word};
pub use pull_request::{
    AutoMerge, MergeCheck, MergeMethod, MergeSettings, MergedAs, PullRequestState, UpdateMethod,
};
pub use random::{RandomSource, SeededRandomSource, SystemRandomSource};
pub use retraining::{Allowance, BadAllowance, Better, MetricDemand, Retraining, TaskDefinition};
pub use review::{LineSide, Quoted, ReviewState, ReviewVerdict};
pub use role::{Administer, MayPush, OwnerKind, Permission, Push, Read, RepositoryKind, Visibility, Write};
pub use scope::{BadScope, Scope, Scopes};
pub use task::{EngineState, Outcome, Reason, TaskKind, TaskState};
pub use thread::{LockReason, Reaction, SubscriptionReason, SubscriptionState, ThreadEventKind, ThreadKind};
pub use timestamp::Timestamp;
pub use unit::{BadRoles, Roles, Unit};
pub use urls::{SshAddress, Urls};
