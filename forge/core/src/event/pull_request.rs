use crate::{
    CommentId, LineCommentId, LockReason, MergedAs, Reaction, ReviewId, ReviewVerdict, SubscriptionState,
    ThreadNumber, Timestamp, UserName,
};

kinds! {
    /// What happens in pull requests.
    pub enum PullRequestEvent {
        Opened = "pull_request.opened" { number: ThreadNumber, title: String },
        Closed = "pull_request.closed" { number: ThreadNumber, title: String },
        Reopened = "pull_request.reopened" { number: ThreadNumber, title: String },
        Merged = "pull_request.merged" {
            number: ThreadNumber,
            title: String,
            base: String,
            method: MergedAs,
        },
        /// Its title or text was edited; carries the title afterwards.
        Edited = "pull_request.edited" { number: ThreadNumber, title: String },
        /// Its head moved; `version` is the one that this made.
        Pushed = "pull_request.pushed" {
            number: ThreadNumber,
            title: String,
            version: i64,
            commits: u64,
            is_forced: bool,
        },
        DraftChanged = "pull_request.draft_changed" { number: ThreadNumber, title: String, is_draft: bool },
        BaseChanged = "pull_request.base_changed" {
            number: ThreadNumber,
            title: String,
            from: String,
            to: String,
        },
        Commented = "pull_request.commented" { number: ThreadNumber, title: String, comment: CommentId },
        CommentEdited = "pull_request.comment_edited" {
            number: ThreadNumber,
            title: String,
            comment: CommentId,
        },
        CommentDeleted = "pull_request.comment_deleted" {
            number: ThreadNumber,
            title: String,
            comment: CommentId,
        },
        Labeled = "pull_request.labeled" { number: ThreadNumber, title: String, label: String },
        Unlabeled = "pull_request.unlabeled" { number: ThreadNumber, title: String, label: String },
        Assigned = "pull_request.assigned" { number: ThreadNumber, title: String, person: UserName },
        Unassigned = "pull_request.unassigned" { number: ThreadNumber, title: String, person: UserName },
        Milestoned = "pull_request.milestoned" { number: ThreadNumber, title: String, milestone: String },
        Demilestoned = "pull_request.demilestoned" { number: ThreadNumber, title: String, milestone: String },
        /// It is due at this time, or at none any longer.
        DueChanged = "pull_request.due_changed" { number: ThreadNumber, title: String, due_at: Option<Timestamp> },
        Pinned = "pull_request.pinned" { number: ThreadNumber, title: String },
        Unpinned = "pull_request.unpinned" { number: ThreadNumber, title: String },
        /// It waits for another thread now.
        BlockerAdded = "pull_request.blocker_added" { number: ThreadNumber, title: String },
        BlockerRemoved = "pull_request.blocker_removed" { number: ThreadNumber, title: String },
        Locked = "pull_request.locked" { number: ThreadNumber, title: String, reason: Option<LockReason> },
        Unlocked = "pull_request.unlocked" { number: ThreadNumber, title: String },
        /// To the pull request's own text, or to a comment.
        Reacted = "pull_request.reacted" {
            number: ThreadNumber,
            title: String,
            comment: Option<CommentId>,
            reaction: Reaction,
        },
        ReactionRemoved = "pull_request.reaction_removed" {
            number: ThreadNumber,
            title: String,
            comment: Option<CommentId>,
            reaction: Reaction,
        },
        /// Somebody subscribed or unsubscribed; only they can see this event.
        SubscriptionChanged = "pull_request.subscription_changed" {
            number: ThreadNumber,
            title: String,
            state: SubscriptionState,
        },
        /// A file was attached.
        Attached = "pull_request.attached" { number: ThreadNumber, title: String, name: String },
        AttachmentRenamed = "pull_request.attachment_renamed" {
            number: ThreadNumber,
            title: String,
            name: String,
        },
        AttachmentRemoved = "pull_request.attachment_removed" {
            number: ThreadNumber,
            title: String,
            name: String,
        },
        /// `reviewer` is a person's name, or `organisation/team`.
        ReviewRequested = "pull_request.review_requested" {
            number: ThreadNumber,
            title: String,
            reviewer: String,
            is_team: bool,
        },
        ReviewRequestRemoved = "pull_request.review_request_removed" {
            number: ThreadNumber,
            title: String,
            reviewer: String,
            is_team: bool,
        },
        /// A review was submitted, with its comments on lines.
        Reviewed = "pull_request.reviewed" {
            number: ThreadNumber,
            title: String,
            review: ReviewId,
            verdict: ReviewVerdict,
            version: i64,
        },
        ReviewDismissed = "pull_request.review_dismissed" {
            number: ThreadNumber,
            title: String,
            review: ReviewId,
            author: UserName,
        },
        /// Outside a review.
        LineCommented = "pull_request.line_commented" {
            number: ThreadNumber,
            title: String,
            comment: LineCommentId,
        },
        LineCommentEdited = "pull_request.line_comment_edited" {
            number: ThreadNumber,
            title: String,
            comment: LineCommentId,
        },
        LineCommentDeleted = "pull_request.line_comment_deleted" {
            number: ThreadNumber,
            title: String,
            comment: LineCommentId,
        },
        /// `comment` is the first of the line thread.
        ThreadResolved = "pull_request.thread_resolved" {
            number: ThreadNumber,
            title: String,
            comment: LineCommentId,
        },
        ThreadUnresolved = "pull_request.thread_unresolved" {
            number: ThreadNumber,
            title: String,
            comment: LineCommentId,
        },
    }
}
