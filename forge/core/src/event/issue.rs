use crate::{CommentId, LockReason, Reaction, SubscriptionState, ThreadNumber, Timestamp, UserName};

kinds! {
    /// What happens in issues.
    pub enum IssueEvent {
        Opened = "issue.opened" { number: ThreadNumber, title: String },
        Closed = "issue.closed" { number: ThreadNumber, title: String },
        Reopened = "issue.reopened" { number: ThreadNumber, title: String },
        Commented = "issue.commented" { number: ThreadNumber, title: String, comment: CommentId },
        /// Its title or text was edited; carries the title afterwards.
        Edited = "issue.edited" { number: ThreadNumber, title: String },
        CommentEdited = "issue.comment_edited" { number: ThreadNumber, title: String, comment: CommentId },
        CommentDeleted = "issue.comment_deleted" { number: ThreadNumber, title: String, comment: CommentId },
        Labeled = "issue.labeled" { number: ThreadNumber, title: String, label: String },
        Unlabeled = "issue.unlabeled" { number: ThreadNumber, title: String, label: String },
        Assigned = "issue.assigned" { number: ThreadNumber, title: String, person: UserName },
        Unassigned = "issue.unassigned" { number: ThreadNumber, title: String, person: UserName },
        Locked = "issue.locked" { number: ThreadNumber, title: String, reason: Option<LockReason> },
        Unlocked = "issue.unlocked" { number: ThreadNumber, title: String },
        /// To the issue's own text, or to a comment.
        Reacted = "issue.reacted" {
            number: ThreadNumber,
            title: String,
            comment: Option<CommentId>,
            reaction: Reaction,
        },
        ReactionRemoved = "issue.reaction_removed" {
            number: ThreadNumber,
            title: String,
            comment: Option<CommentId>,
            reaction: Reaction,
        },
        /// Somebody subscribed or unsubscribed; only they can see this event.
        SubscriptionChanged = "issue.subscription_changed" {
            number: ThreadNumber,
            title: String,
            state: SubscriptionState,
        },
        /// A file was attached.
        Attached = "issue.attached" { number: ThreadNumber, title: String, name: String },
        AttachmentRenamed = "issue.attachment_renamed" { number: ThreadNumber, title: String, name: String },
        AttachmentRemoved = "issue.attachment_removed" { number: ThreadNumber, title: String, name: String },
        Milestoned = "issue.milestoned" { number: ThreadNumber, title: String, milestone: String },
        Demilestoned = "issue.demilestoned" { number: ThreadNumber, title: String, milestone: String },
        /// It is due at this time, or at none any longer.
        DueChanged = "issue.due_changed" { number: ThreadNumber, title: String, due_at: Option<Timestamp> },
        Pinned = "issue.pinned" { number: ThreadNumber, title: String },
        Unpinned = "issue.unpinned" { number: ThreadNumber, title: String },
        /// It waits for another thread now.
        BlockerAdded = "issue.blocker_added" { number: ThreadNumber, title: String },
        BlockerRemoved = "issue.blocker_removed" { number: ThreadNumber, title: String },
        /// By an administrator of the repository, with everything in it.
        Deleted = "issue.deleted" { number: ThreadNumber, title: String },
    }
}
