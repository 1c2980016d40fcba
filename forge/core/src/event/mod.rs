//! Events: what happened. Every action of a person or a program records one event, typed by its noun and
//! stored as a kind and its data.
//!
//! The name of a kind never changes: other programs subscribe to it, and events from years ago are still
//! read. A noun whose data changes its schema increments its version and still reads the earlier ones.

#[macro_use]
mod kinds;

mod account;
mod audience;
mod branch_rule;
mod issue;
mod milestone;
mod model;
mod organization;
mod pull_request;
mod push;
mod release;
mod repository;
mod subject;
mod task;

use serde_json::Value;

pub use account::{AccountEvent, TokenReference};
pub use audience::Audience;
pub use branch_rule::BranchRuleEvent;
pub use issue::IssueEvent;
pub use milestone::MilestoneEvent;
pub use model::ModelEvent;
pub use organization::OrganizationEvent;
pub use pull_request::PullRequestEvent;
pub use push::PushEvent;
pub use release::ReleaseEvent;
pub use repository::RepositoryEvent;
pub use subject::Subject;
pub use task::TaskEvent;

/// An unknown kind, or data that does not match its kind.
#[derive(Debug, thiserror::Error)]
#[error("an event of kind {kind:?} cannot be read")]
pub struct UnknownEvent {
    pub kind: String,
    #[source]
    pub source: Option<serde_json::Error>,
}

nouns! {
    Account(AccountEvent),
    Repository(RepositoryEvent),
    Push(PushEvent),
    Issue(IssueEvent),
    Task(TaskEvent),
    Model(ModelEvent),
    Organization(OrganizationEvent),
    PullRequest(PullRequestEvent),
    BranchRule(BranchRuleEvent),
    Milestone(MilestoneEvent),
    Release(ReleaseEvent),
}

#[cfg(test)]
mod tests {
    use super::*;

    /// External programs subscribe to these. A released name never changes.
    const RELEASED: &[&str] = &[
        "user.created",
        "user.blocked",
        "user.unblocked",
        "user.deleted",
        "user.made_admin",
        "user.unmade_admin",
        "email.changed",
        "password.changed",
        "token.created",
        "token.deleted",
        "ssh_key.added",
        "ssh_key.removed",
        "gpg_key.added",
        "gpg_key.proven",
        "gpg_key.removed",
        "repository.created",
        "repository.edited",
        "repository.renamed",
        "repository.deleted",
        "repository.transfer_asked",
        "repository.transfer_ended",
        "repository.transferred",
        "repository.archived",
        "repository.unarchived",
        "collaborator.changed",
        "collaborator.removed",
        "deploy_key.added",
        "deploy_key.removed",
        "push",
        "issue.opened",
        "issue.closed",
        "issue.reopened",
        "issue.commented",
        "issue.edited",
        "issue.comment_edited",
        "issue.comment_deleted",
        "issue.labeled",
        "issue.unlabeled",
        "issue.assigned",
        "issue.unassigned",
        "issue.locked",
        "issue.unlocked",
        "issue.reacted",
        "issue.reaction_removed",
        "issue.subscription_changed",
        "issue.attached",
        "issue.attachment_renamed",
        "issue.attachment_removed",
        "issue.milestoned",
        "issue.demilestoned",
        "issue.due_changed",
        "issue.pinned",
        "issue.unpinned",
        "issue.blocker_added",
        "issue.blocker_removed",
        "issue.deleted",
        "task.launched",
        "task.moved",
        "task.ended",
        "task.deleted",
        "model.published",
        "organization.created",
        "organization.edited",
        "organization.renamed",
        "organization.deleted",
        "organization.label_created",
        "organization.label_edited",
        "organization.label_deleted",
        "team.created",
        "team.edited",
        "team.deleted",
        "team.repository_added",
        "team.repository_removed",
        "member.added",
        "member.removed",
        "invitation.made",
        "invitation.withdrawn",
        "invitation.declined",
        "pull_request.opened",
        "pull_request.closed",
        "pull_request.reopened",
        "pull_request.merged",
        "pull_request.edited",
        "pull_request.pushed",
        "pull_request.draft_changed",
        "pull_request.base_changed",
        "pull_request.commented",
        "pull_request.comment_edited",
        "pull_request.comment_deleted",
        "pull_request.labeled",
        "pull_request.unlabeled",
        "pull_request.assigned",
        "pull_request.unassigned",
        "pull_request.milestoned",
        "pull_request.demilestoned",
        "pull_request.due_changed",
        "pull_request.pinned",
        "pull_request.unpinned",
        "pull_request.blocker_added",
        "pull_request.blocker_removed",
        "pull_request.locked",
        "pull_request.unlocked",
        "pull_request.reacted",
        "pull_request.reaction_removed",
        "pull_request.subscription_changed",
        "pull_request.attached",
        "pull_request.attachment_renamed",
        "pull_request.attachment_removed",
        "pull_request.review_requested",
        "pull_request.review_request_removed",
        "pull_request.reviewed",
        "pull_request.review_dismissed",
        "pull_request.line_commented",
        "pull_request.line_comment_edited",
        "pull_request.line_comment_deleted",
        "pull_request.thread_resolved",
        "pull_request.thread_unresolved",
        "branch_rule.created",
        "branch_rule.edited",
        "branch_rule.deleted",
        "branch_rule.bypassed",
        "milestone.created",
        "milestone.edited",
        "milestone.closed",
        "milestone.reopened",
        "milestone.deleted",
        "release.drafted",
        "release.published",
        "release.edited",
        "release.deleted",
        "release.asset_added",
        "release.asset_edited",
        "release.asset_removed",
    ];

    #[test]
    fn every_released_kind_is_still_called_so() {
        assert_eq!(Event::kinds().collect::<Vec<_>>(), RELEASED);
    }

    #[test]
    fn an_event_is_read_as_it_was_kept() {
        let event = Event::from(RepositoryEvent::Renamed {
            from: "llm".parse().expect("a name"),
            to: "digits".parse().expect("a name"),
        });
        assert_eq!(event.kind(), "repository.renamed");
        let read = Event::read(event.kind(), event.data()).expect("it was just written");
        assert_eq!(read, event);
    }

    #[test]
    fn a_kind_of_nobody_and_data_of_another_kind_are_named() {
        let unknown = Event::read("moon.landed", Value::Null).expect_err("nobody knows it");
        assert_eq!(unknown.kind, "moon.landed");
        let torn = Event::read("repository.renamed", Value::from(1)).expect_err("no names");
        assert!(torn.source.is_some());
    }
}
