//! Types for threads: discussions of any kind.

text_enum! {
    /// The kind of a thread.
    pub enum ThreadKind {
        Issue = "issue",
        PullRequest = "pull-request",
    }
}

text_enum! {
    /// What happened to a thread between its comments.
    pub enum ThreadEventKind {
        Closed = "closed",
        Reopened = "reopened",
        Renamed = "renamed",
        Labeled = "labeled",
        Unlabeled = "unlabeled",
        Assigned = "assigned",
        Unassigned = "unassigned",
        /// Another thread or comment of this repository referenced it. Written by earlier versions;
        /// references now have their own table.
        Referenced = "referenced",
        CommentDeleted = "comment-deleted",
        Locked = "locked",
        Unlocked = "unlocked",
        /// Data: `title`.
        Milestoned = "milestoned",
        /// Data: `title`.
        Demilestoned = "demilestoned",
        /// Data: `due_at`, RFC 3339, or null: due at no time any longer.
        DueChanged = "due-changed",
        Pinned = "pinned",
        Unpinned = "unpinned",
        /// It waits for another thread. Data: `number`, or nothing if that is in another repository, which not everybody may read.
        BlockerAdded = "blocker-added",
        BlockerRemoved = "blocker-removed",
        /// Another thread waits for it. Data as above.
        BlockedAdded = "blocked-added",
        BlockedRemoved = "blocked-removed",
        /// A commit or a merged pull request says that it closes this, which waits for something open.
        ClosingHeldBack = "closing-held-back",
        /// Data: `commit`, `method`, `base`.
        Merged = "merged",
        /// Data: `version`, `commits`, `is_forced`, `old_head`, `head`.
        Pushed = "pushed",
        /// Data: `from`, `to`, and `reason`: `edited`, or `retargeted` because the branch below was merged.
        BaseChanged = "base-changed",
        ReadyForReview = "ready-for-review",
        ConvertedToDraft = "converted-to-draft",
        /// Data: `name`, `is_team`.
        ReviewRequested = "review-requested",
        /// Data: `name`, `is_team`.
        ReviewRequestRemoved = "review-request-removed",
        /// Data: `author`, `reason`.
        ReviewDismissed = "review-dismissed",
        /// Data: `branch`.
        HeadDeleted = "head-deleted",
        /// Data: `branch`.
        HeadRestored = "head-restored",
        AutoMergeEnabled = "auto-merge-enabled",
        /// Data: `reason`.
        AutoMergeDisabled = "auto-merge-disabled",
    }
}

text_enum! {
    /// An emoji reaction to a text; the names are those of GitHub and Gitea.
    pub enum Reaction {
        ThumbsUp = "+1",
        ThumbsDown = "-1",
        Laugh = "laugh",
        Hooray = "hooray",
        Confused = "confused",
        Heart = "heart",
        Rocket = "rocket",
        Eyes = "eyes",
    }
}

text_enum! {
    /// Whether somebody wants notifications about a thread.
    pub enum SubscriptionState {
        Watching = "watching",
        /// Gets no notifications, whatever happens.
        Muted = "muted",
    }
}

text_enum! {
    /// Why somebody is subscribed to a thread.
    pub enum SubscriptionReason {
        Author = "author",
        Commented = "commented",
        Assigned = "assigned",
        Mentioned = "mentioned",
        /// Their review was requested.
        ReviewRequested = "review-requested",
        /// They subscribed themselves.
        Manual = "manual",
    }
}

text_enum! {
    /// Why a thread was locked.
    pub enum LockReason {
        OffTopic = "off-topic",
        TooHeated = "too-heated",
        Resolved = "resolved",
        Spam = "spam",
    }
}

impl LockReason {
    /// Accepts the spellings of programs and people: `Too heated`, `too-heated`.
    pub fn read(text: &str) -> Option<Self> {
        text.trim().to_lowercase().replace([' ', '_'], "-").parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_read_in_every_spelling() {
        for text in ["Too heated", "too-heated", "too_heated", " TOO HEATED "] {
            assert_eq!(LockReason::read(text), Some(LockReason::TooHeated), "{text}");
        }
        assert_eq!(LockReason::read("boring"), None);
    }
}
