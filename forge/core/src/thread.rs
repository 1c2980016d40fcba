//! The words of threads: what is discussed, whatever kind of thing it is.

text_enum! {
    /// What a thread is.
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
        /// Named by another thread or a comment of this repository. Kept by earlier versions; now a reference is a row of its own.
        Referenced = "referenced",
        CommentDeleted = "comment-deleted",
        Locked = "locked",
        Unlocked = "unlocked",
    }
}

text_enum! {
    /// A sign that people put under a text; the words are those of GitHub and Gitea.
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
    /// Whether somebody wants to hear of a thread.
    pub enum SubscriptionState {
        Watching = "watching",
        /// Hears nothing, whatever happens.
        Muted = "muted",
    }
}

text_enum! {
    /// Why somebody follows a thread.
    pub enum SubscriptionReason {
        Author = "author",
        Commented = "commented",
        Assigned = "assigned",
        Mentioned = "mentioned",
        /// They chose so.
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
    /// As programs and people spell it: `Too heated`, `too-heated`.
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
