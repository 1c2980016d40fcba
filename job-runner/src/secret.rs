use serde::{Deserialize, Serialize};

/// A text that is sent to its one recipient and shown nowhere: no `Debug`, no `Display`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself. Every call deserves attention in a review.
    pub fn expose(&self) -> &str {
        &self.0
    }
}
