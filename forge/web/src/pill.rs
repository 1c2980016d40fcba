//! Pills that show a state by shape, word and colour together.

use std::borrow::Borrow;

use hearth_core::{IssueState, PullRequestState, TaskState};

use crate::words::{Html, Words};

pub fn task(words: Words, state: TaskState) -> Html {
    let (class, icon, word) = match state {
        TaskState::Preparing => ("waiting", icon!("state-waiting"), t!(words, "common-state-preparing")),
        TaskState::Waiting => ("waiting", icon!("state-waiting"), t!(words, "common-state-waiting")),
        TaskState::Creating => ("waiting", icon!("state-waiting"), t!(words, "common-state-creating")),
        TaskState::Running => ("running", icon!("state-running"), t!(words, "common-state-running")),
        TaskState::Stopping => ("running", icon!("state-running"), t!(words, "common-state-stopping")),
        TaskState::Succeeded => ("good", icon!("state-good"), t!(words, "common-state-succeeded")),
        TaskState::Failed => ("bad", icon!("state-bad"), t!(words, "common-state-failed")),
        TaskState::Stopped => ("still", icon!("state-stopped"), t!(words, "common-state-stopped")),
        TaskState::CreatedFailed => ("bad", icon!("state-bad"), t!(words, "common-state-created-failed")),
        TaskState::Unknown => ("still", icon!("state-unknown"), t!(words, "common-state-unknown")),
    };
    Html::trusted(format!("<span class=\"pill pill-{class}\" data-state=\"{state}\">{icon}{word}</span>"))
}

/// The state of a thread in a list: an icon, its colour, and the word behind it.
pub struct Mark {
    pub icon: Html,
    pub class: &'static str,
    pub word: &'static str,
}

impl Mark {
    pub fn of_issue(words: Words, state: impl Borrow<IssueState>) -> Self {
        let (icon, class, word) = match state.borrow() {
            IssueState::Open => (icon!("issue-open"), "is-open", t!(words, "common-issue-open")),
            IssueState::Closed => (icon!("issue-closed"), "is-closed", t!(words, "common-issue-closed")),
        };
        Self { icon, class, word }
    }

    /// Only an open one is shown as a draft.
    pub fn of_pull(words: Words, state: PullRequestState, is_draft: bool) -> Self {
        let (icon, class, word) = match state {
            PullRequestState::Open if is_draft => {
                (icon!("pull-draft"), "muted", t!(words, "common-pull-draft"))
            }
            PullRequestState::Open => (icon!("pull"), "is-open", t!(words, "common-pull-open")),
            PullRequestState::Closed => (icon!("pull-closed"), "is-bad", t!(words, "common-pull-closed")),
            PullRequestState::Merged => (icon!("merge"), "is-closed", t!(words, "common-pull-merged")),
        };
        Self { icon, class, word }
    }

    pub fn html(&self) -> Html {
        let Self { icon, class, word } = self;
        Html::trusted(format!(
            "<span class=\"{class}\" title=\"{word}\">{icon}<span class=\"unseen\">{word}</span></span>"
        ))
    }
}

/// A pull request's state. Only an open one is shown as a draft.
pub fn pull(words: Words, state: PullRequestState, is_draft: bool) -> Html {
    let (class, icon, word) = match state {
        PullRequestState::Open if is_draft => ("still", icon!("pull-draft"), t!(words, "common-pull-draft")),
        PullRequestState::Open => ("open", icon!("pull"), t!(words, "common-pull-open")),
        PullRequestState::Closed => ("bad", icon!("pull-closed"), t!(words, "common-pull-closed")),
        PullRequestState::Merged => ("closed", icon!("merge"), t!(words, "common-pull-merged")),
    };
    Html::trusted(format!("<span class=\"pill pill-{class}\">{icon}{word}</span>"))
}
