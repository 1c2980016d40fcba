//! Pills that show a state by shape, word and colour together.

use hearth_core::TaskState;

use crate::words::{Html, Words};

pub(crate) fn task(words: Words, state: TaskState) -> Html {
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
