//! Events: what happened. Every action of a person or a program records one event, typed by its noun and
//! stored as a kind and its data.
//!
//! The name of a kind never changes: other programs subscribe to it, and events from years ago are still
//! read. A noun whose data changes its schema increments its version and still reads the earlier ones.

#[macro_use]
mod kinds;

mod account;
mod audience;
mod issue;
mod model;
mod organization;
mod push;
mod repository;
mod subject;
mod task;

use serde_json::Value;

pub use account::{AccountEvent, TokenReference};
pub use audience::Audience;
pub use issue::IssueEvent;
pub use model::ModelEvent;
pub use organization::OrganizationEvent;
pub use push::PushEvent;
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
}

#[cfg(test)]
mod tests {
    use super::*;

    /// External programs subscribe to these. A released name never changes.
    const RELEASED: &[&str] = &[
        "user.created",
        "user.blocked",
        "user.unblocked",
        "user.made_admin",
        "user.unmade_admin",
        "email.changed",
        "password.changed",
        "token.created",
        "token.deleted",
        "ssh_key.added",
        "ssh_key.removed",
        "repository.created",
        "repository.edited",
        "repository.renamed",
        "repository.deleted",
        "repository.transfer_asked",
        "repository.transfer_ended",
        "repository.transferred",
        "collaborator.changed",
        "collaborator.removed",
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
        "task.launched",
        "task.moved",
        "task.ended",
        "task.deleted",
        "model.published",
        "organization.created",
        "organization.edited",
        "organization.renamed",
        "organization.deleted",
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
