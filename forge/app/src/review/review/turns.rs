//! Whose turn it is on a pull request, from what is stored.

use hearth_core::{MergeCheck, PullRequestState, Read, Result, ThreadNumber};
use hearth_store::{pull_request::PullRequest, review, review_request};

use super::{
    request::shown_name,
    turn::{Turn, TurnFacts, turn as decide},
};
use crate::{
    Access, App, branch_rule, pull_request::find_row, review::obstacle::Obstacle, thread::dependency,
};

/// Whose turn it is.
pub async fn turn(app: &App, access: &Access<Read>, number: ThreadNumber) -> Result<Turn> {
    let mut reader = app.store().read().await?;
    let pull_request = find_row(&mut reader, access, number).await?;
    let requested = review_request::list(&mut reader, &[pull_request.id]).await?;
    let standings = review::list_standing(&mut reader, &[pull_request.id]).await?;
    let by = dependency::open_blockers(&mut reader, access, &pull_request.thread).await?;
    drop(reader);
    let mut obstacles = own_obstacles(&pull_request);
    if pull_request.is_open() {
        obstacles.extend((!by.is_empty()).then_some(Obstacle::Blocked { by }));
        obstacles.extend(branch_rule::merge_demands(app, access, &pull_request).await?.obstacles);
    }
    Ok(decide(&TurnFacts {
        version: pull_request.newest_version,
        requested: requested.iter().map(shown_name).collect(),
        standings,
        obstacles,
    }))
}

/// What the pull request itself has against being merged.
fn own_obstacles(pull_request: &PullRequest) -> Vec<Obstacle> {
    let state = match pull_request.state {
        PullRequestState::Open => None,
        PullRequestState::Closed | PullRequestState::Merged => Some(Obstacle::Closed),
    };
    let check = match pull_request.merge_check {
        MergeCheck::Clean => None,
        MergeCheck::Checking => Some(Obstacle::Checking),
        MergeCheck::Conflicting => Some(Obstacle::Conflicts),
        MergeCheck::Empty => Some(Obstacle::NothingToMerge),
        MergeCheck::Failed => Some(Obstacle::CheckFailed),
    };
    let draft = pull_request.is_draft.then_some(Obstacle::Draft);
    [state, draft, check].into_iter().flatten().collect()
}
