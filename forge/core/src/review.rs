//! Types for reviews of pull requests.

use serde::{Deserialize, Serialize};

text_enum! {
    /// What a reviewer says of a version of a pull request.
    pub enum ReviewVerdict {
        Approve = "approve",
        RequestChanges = "request-changes",
        Comment = "comment",
    }
}

impl ReviewVerdict {
    /// Whether it stands until the reviewer says otherwise; a comment changes nothing of what they said before.
    pub const fn decides(self) -> bool {
        matches!(self, Self::Approve | Self::RequestChanges)
    }
}

text_enum! {
    /// Whether others see a review, and whether it counts.
    pub enum ReviewState {
        /// Being written; only its author sees it.
        Pending = "pending",
        Submitted = "submitted",
        /// Submitted, and later set aside by somebody.
        Dismissed = "dismissed",
    }
}

text_enum! {
    /// The side of a difference that a line is on.
    pub enum LineSide {
        Old = "old",
        New = "new",
    }
}

/// The lines that a comment is about and some before them, as they were when it was written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quoted {
    /// The number of the first of these lines, from 1.
    pub first_line: u32,
    /// Without line breaks.
    pub lines: Vec<String>,
}
