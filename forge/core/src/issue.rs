//! The words of issues and of commit statuses.

text_enum! {
    /// Whether an issue is to be worked on.
    pub enum IssueState {
        Open = "open",
        Closed = "closed",
    }
}

text_enum! {
    /// What a program says about a commit.
    pub enum StatusState {
        Pending = "pending",
        Success = "success",
        Error = "error",
        Failure = "failure",
        Warning = "warning",
    }
}

impl StatusState {
    /// How much it weighs beside the other contexts of a commit: the heaviest is the commit's own state.
    pub const fn weight(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Warning => 1,
            Self::Pending => 2,
            Self::Failure => 3,
            Self::Error => 4,
        }
    }

    /// The state of a commit with these contexts; none: nothing has been said.
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
