//! What was reported about a commit, as a shape with its word.

use hearth_app::commit_status::CommitStatus;
use hearth_core::StatusState;

use crate::{Page, words::Html};

/// The icon of a state, with its word for those who do not see it.
pub(super) fn icon(page: &Page, state: StatusState) -> Html {
    let (class, icon, word) = parts(page, state);
    Html::trusted(format!(
        "<span class=\"check-icon check-{class}\" title=\"{word}\">{icon}<span class=\"unseen\">{word}</span></span>"
    ))
}

/// The state as a pill.
pub(super) fn pill(page: &Page, state: StatusState) -> Html {
    let (class, icon, word) = parts(page, state);
    Html::trusted(format!("<span class=\"pill pill-{class}\">{icon}{word}</span>"))
}

fn parts(page: &Page, state: StatusState) -> (&'static str, Html, &'static str) {
    match state {
        StatusState::Pending => ("waiting", icon!("state-waiting"), t!(page, "repo-pulls-checks-pending")),
        StatusState::Success => ("good", icon!("state-good"), t!(page, "repo-pulls-checks-success")),
        StatusState::Error => ("bad", icon!("state-bad"), t!(page, "repo-pulls-checks-error")),
        StatusState::Failure => ("bad", icon!("state-bad"), t!(page, "repo-pulls-checks-failure")),
        StatusState::Warning => ("waiting", icon!("alert"), t!(page, "repo-pulls-checks-warning")),
    }
}

/// The state of a commit: the worst of its contexts; none: nothing was reported.
pub(super) fn combined<'a>(
    statuses: impl IntoIterator<Item = &'a CommitStatus>,
    commit: &str,
) -> Option<StatusState> {
    let of_commit = statuses.into_iter().filter(|status| status.commit_id == commit);
    of_commit.map(|status| status.state).max_by_key(|state| state.weight())
}
