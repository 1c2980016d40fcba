//! What keeps a pull request from being merged by itself: nobody can do without these.

use hearth_core::{MergeCheck, Result};

use crate::{
    Access, App,
    pull_request::{Place, PullRequest},
    review::Obstacle,
    thread::dependency,
};

/// Which of its branches do not exist, as far as it is open.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Gone {
    pub(super) base: bool,
    pub(super) head: bool,
}

impl Gone {
    pub(super) fn of(place: &Place) -> Self {
        Self { base: place.base_tip.is_none(), head: place.head_tip().is_none() }
    }
}

/// The obstacles of its state, its branches and what it waits for, the most telling first.
pub(super) async fn obstacles<Level>(
    app: &App,
    access: &Access<Level>,
    pull_request: &PullRequest,
    gone: Gone,
) -> Result<Vec<Obstacle>> {
    if !pull_request.is_open() {
        return Ok(vec![Obstacle::Closed]);
    }
    let mut found = Vec::new();
    if gone.base {
        found.push(Obstacle::BaseGone);
    }
    if gone.head {
        found.push(Obstacle::HeadGone);
    }
    if pull_request.is_draft {
        found.push(Obstacle::Draft);
    }
    found.extend(of_check(pull_request));
    let mut reader = app.store().read().await?;
    let by = dependency::open_blockers(&mut reader, access, &pull_request.thread).await?;
    if !by.is_empty() {
        found.push(Obstacle::Blocked { by });
    }
    Ok(found)
}

/// The result of the last check, if it was for this head.
fn of_check(pull_request: &PullRequest) -> Option<Obstacle> {
    if pull_request.checked_head_id.as_ref() != Some(&pull_request.head_id) {
        return Some(Obstacle::Checking);
    }
    match pull_request.merge_check {
        MergeCheck::Clean => None,
        MergeCheck::Checking => Some(Obstacle::Checking),
        MergeCheck::Conflicting => Some(Obstacle::Conflicts),
        MergeCheck::Empty => Some(Obstacle::NothingToMerge),
        MergeCheck::Failed => Some(Obstacle::CheckFailed),
    }
}
