//! What happened to a thread, as an event for its kind of thread.

use hearth_core::{
    CommentId, Event, LockReason, Reaction, Result, SubscriptionState, ThreadKind, Timestamp, UserId,
    UserName,
    event::{Audience, IssueEvent, PullRequestEvent, Subject},
};

use super::Thread;
use crate::{Access, Operation};

/// What somebody did, for any kind of thread.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    Edited,
    Commented(CommentId),
    CommentEdited(CommentId),
    CommentDeleted(CommentId),
    Labeled(String),
    Unlabeled(String),
    Assigned(UserName),
    Unassigned(UserName),
    Locked(Option<LockReason>),
    Unlocked,
    Reacted(Option<CommentId>, Reaction),
    ReactionRemoved(Option<CommentId>, Reaction),
    SubscriptionChanged(SubscriptionState),
    Attached(String),
    AttachmentRenamed(String),
    AttachmentRemoved(String),
    Milestoned(String),
    Demilestoned(String),
    DueChanged(Option<Timestamp>),
    Pinned,
    Unpinned,
    BlockerAdded,
    BlockerRemoved,
}

/// Records what somebody who has entered the repository did to one of its threads.
pub(crate) async fn record<Level>(
    operation: &mut Operation,
    access: &Access<Level>,
    thread: &Thread,
    act: Act,
) -> Result<()> {
    operation.record_in(access, subject(thread), event(thread, act)).await?;
    Ok(())
}

/// The same, visible only to that person.
pub(super) async fn record_for_oneself(
    operation: &mut Operation,
    thread: &Thread,
    person: UserId,
    act: Act,
) -> Result<()> {
    let audience = Audience::Account(person);
    operation.record(Some(person), subject(thread), audience, event(thread, act)).await?;
    Ok(())
}

/// The thread as the subject of an event.
pub(crate) const fn subject(thread: &Thread) -> Subject {
    match thread.kind {
        ThreadKind::Issue => Subject::Issue(thread.id),
        ThreadKind::PullRequest => Subject::PullRequest(thread.id),
    }
}

fn event(thread: &Thread, act: Act) -> Event {
    match thread.kind {
        ThreadKind::Issue => issue_event(thread, act).into(),
        ThreadKind::PullRequest => pull_request_event(thread, act).into(),
    }
}

fn issue_event(thread: &Thread, act: Act) -> IssueEvent {
    let (number, title) = (thread.number, thread.title.clone());
    match act {
        Act::Edited => IssueEvent::Edited { number, title },
        Act::Commented(comment) => IssueEvent::Commented { number, title, comment },
        Act::CommentEdited(comment) => IssueEvent::CommentEdited { number, title, comment },
        Act::CommentDeleted(comment) => IssueEvent::CommentDeleted { number, title, comment },
        Act::Labeled(label) => IssueEvent::Labeled { number, title, label },
        Act::Unlabeled(label) => IssueEvent::Unlabeled { number, title, label },
        Act::Assigned(person) => IssueEvent::Assigned { number, title, person },
        Act::Unassigned(person) => IssueEvent::Unassigned { number, title, person },
        Act::Locked(reason) => IssueEvent::Locked { number, title, reason },
        Act::Unlocked => IssueEvent::Unlocked { number, title },
        Act::Reacted(comment, reaction) => IssueEvent::Reacted { number, title, comment, reaction },
        Act::ReactionRemoved(comment, reaction) => {
            IssueEvent::ReactionRemoved { number, title, comment, reaction }
        }
        Act::SubscriptionChanged(state) => IssueEvent::SubscriptionChanged { number, title, state },
        Act::Attached(name) => IssueEvent::Attached { number, title, name },
        Act::AttachmentRenamed(name) => IssueEvent::AttachmentRenamed { number, title, name },
        Act::AttachmentRemoved(name) => IssueEvent::AttachmentRemoved { number, title, name },
        Act::Milestoned(milestone) => IssueEvent::Milestoned { number, title, milestone },
        Act::Demilestoned(milestone) => IssueEvent::Demilestoned { number, title, milestone },
        Act::DueChanged(due_at) => IssueEvent::DueChanged { number, title, due_at },
        Act::Pinned => IssueEvent::Pinned { number, title },
        Act::Unpinned => IssueEvent::Unpinned { number, title },
        Act::BlockerAdded => IssueEvent::BlockerAdded { number, title },
        Act::BlockerRemoved => IssueEvent::BlockerRemoved { number, title },
    }
}

fn pull_request_event(thread: &Thread, act: Act) -> PullRequestEvent {
    let (number, title) = (thread.number, thread.title.clone());
    match act {
        Act::Edited => PullRequestEvent::Edited { number, title },
        Act::Commented(comment) => PullRequestEvent::Commented { number, title, comment },
        Act::CommentEdited(comment) => PullRequestEvent::CommentEdited { number, title, comment },
        Act::CommentDeleted(comment) => PullRequestEvent::CommentDeleted { number, title, comment },
        Act::Labeled(label) => PullRequestEvent::Labeled { number, title, label },
        Act::Unlabeled(label) => PullRequestEvent::Unlabeled { number, title, label },
        Act::Assigned(person) => PullRequestEvent::Assigned { number, title, person },
        Act::Unassigned(person) => PullRequestEvent::Unassigned { number, title, person },
        Act::Locked(reason) => PullRequestEvent::Locked { number, title, reason },
        Act::Unlocked => PullRequestEvent::Unlocked { number, title },
        Act::Reacted(comment, reaction) => PullRequestEvent::Reacted { number, title, comment, reaction },
        Act::ReactionRemoved(comment, reaction) => {
            PullRequestEvent::ReactionRemoved { number, title, comment, reaction }
        }
        Act::SubscriptionChanged(state) => PullRequestEvent::SubscriptionChanged { number, title, state },
        Act::Attached(name) => PullRequestEvent::Attached { number, title, name },
        Act::AttachmentRenamed(name) => PullRequestEvent::AttachmentRenamed { number, title, name },
        Act::AttachmentRemoved(name) => PullRequestEvent::AttachmentRemoved { number, title, name },
        Act::Milestoned(milestone) => PullRequestEvent::Milestoned { number, title, milestone },
        Act::Demilestoned(milestone) => PullRequestEvent::Demilestoned { number, title, milestone },
        Act::DueChanged(due_at) => PullRequestEvent::DueChanged { number, title, due_at },
        Act::Pinned => PullRequestEvent::Pinned { number, title },
        Act::Unpinned => PullRequestEvent::Unpinned { number, title },
        Act::BlockerAdded => PullRequestEvent::BlockerAdded { number, title },
        Act::BlockerRemoved => PullRequestEvent::BlockerRemoved { number, title },
    }
}
