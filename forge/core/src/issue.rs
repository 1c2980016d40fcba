//! Types for issues and commit statuses.

text_enum! {
    /// Whether an issue is open.
    pub enum IssueState {
        Open = "open",
        Closed = "closed",
    }
}

text_enum! {
    /// What a program reports about a commit.
    pub enum StatusState {
        Pending = "pending",
        Success = "success",
        Error = "error",
        Failure = "failure",
        Warning = "warning",
    }
}

impl StatusState {
    /// Severity: a commit's combined state is the one of its contexts with the highest weight.
    pub const fn weight(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Warning => 1,
            Self::Pending => 2,
            Self::Failure => 3,
            Self::Error => 4,
        }
    }

    /// The combined state of a commit with these contexts; none if nothing was reported.
    pub fn combined(states: impl IntoIterator<Item = Self>) -> Option<Self> {
        states.into_iter().max_by_key(|state| state.weight())
    }
}

#[cfg(test)]
mod tests {
    use super::StatusState::{self, *};

    #[test]
    fn a_commit_is_as_good_as_its_worst_context() {
        assert_eq!(StatusState::combined([]), None);
        assert_eq!(StatusState::combined([Success, Warning, Success]), Some(Warning));
        assert_eq!(StatusState::combined([Success, Pending]), Some(Pending));
        assert_eq!(StatusState::combined([Failure, Pending, Success]), Some(Failure));
    }
}
