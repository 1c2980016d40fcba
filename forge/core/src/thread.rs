//! Types for threads: discussions of any kind.

text_enum! {
    /// The kind of a thread.
    pub enum ThreadKind {
        Issue = "issue",
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
