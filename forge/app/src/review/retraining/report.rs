//! Telling programs and waiting merges what came of a run.

use hearth_core::{Error, RepositoryId, Result, StatusState, TaskId};
use hearth_git::BranchName;
use hearth_store::{
    branch_rule,
    commit_status::{self, NewCommitStatus},
    pull_request::PullRequest,
    retraining as row,
};

use super::{Comparison, Trained, compare_by_rules};
use crate::{
    App, Operation,
    branch_rule::Rules,
    jobs::{RefreshPullRequest, ReportRetraining},
};

/// How many pull requests one run is reported to.
const MOST_PULL_REQUESTS: u64 = 200;
/// The longest description of a status, in characters.
const LONGEST_DESCRIPTION: usize = 255;

/// A task changed, or is about to be deleted: if a rule asked for it, what follows is done by a job of the same operation.
pub(crate) async fn note(operation: &mut Operation, task: TaskId) -> Result<()> {
    if let Some(run) = row::find(operation, task).await? {
        let job = ReportRetraining { repository_id: run.repository_id, commit_id: run.commit_id };
        operation.enqueue(&job).await?;
    }
    Ok(())
}

/// Brings the statuses of the heads up to date to whose comparison a commit belongs, and lets merges go on that waited for it.
pub(crate) async fn report(app: &App, repository: RepositoryId, commit: &str) -> Result<Operation> {
    let mut operation = app.begin().await?;
    let rules = Rules::of(branch_rule::list(&mut operation, repository).await?);
    let found = row::list_pull_requests(&mut operation, repository, commit, MOST_PULL_REQUESTS).await?;
    for pull_request in found {
        let base = BranchName::new(pull_request.base_branch.clone()).map_err(Error::internal)?;
        let comparisons = compare_by_rules(&mut operation, &rules.of_branch(&base), &pull_request).await?;
        for comparison in &comparisons {
            set_status(app, &mut operation, &pull_request, comparison).await?;
        }
        if pull_request.auto_merge.is_some() {
            operation.enqueue(&RefreshPullRequest { thread_id: pull_request.id }).await?;
        }
    }
    Ok(operation)
}

/// Sets the status of a head, unless it is the same already.
async fn set_status(
    app: &App,
    operation: &mut Operation,
    pull_request: &PullRequest,
    comparison: &Comparison,
) -> Result<()> {
    let (repository, context) = (pull_request.repository_id, comparison.retraining.context());
    let known = commit_status::list_latest(operation, repository, &[pull_request.head_id.as_str()]).await?;
    let known = known.into_iter().find(|status| status.context == context);
    let state = match (comparison.verdict.state(), &known) {
        (Some(state), _) => state,
        // It was reported, and its task is gone.
        (None, Some(_)) => StatusState::Pending,
        (None, None) => return Ok(()),
    };
    let address = |head: &Trained| app.urls().absolute(&hearth_core::urls::task(head.task));
    let new = NewCommitStatus {
        repository_id: repository,
        commit_id: pull_request.head_id.clone(),
        context,
        state,
        description: description(comparison),
        target_url: comparison.head.as_ref().map(address).unwrap_or_default(),
        creator_id: None,
        created_at: operation.now(),
    };
    let is_same = known.is_some_and(|known| {
        known.state == new.state && known.description == new.description && known.target_url == new.target_url
    });
    if !is_same {
        commit_status::insert(operation, &new).await?;
    }
    Ok(())
}

/// The two values of the metric, for programs: `loss: 0.25 (base: 0.31)`.
fn description(comparison: &Comparison) -> String {
    let Some(metric) = &comparison.retraining.metric else { return String::new() };
    let value = |trained: Option<&Trained>| {
        let measured = trained?.metrics.iter().find(|measured| measured.name == metric.name)?;
        Some(measured.last)
    };
    let text = match (value(comparison.head.as_ref()), value(comparison.base.as_ref())) {
        (Some(head), Some(base)) => format!("{}: {head} (base: {base})", metric.name),
        (Some(head), None) => format!("{}: {head}", metric.name),
        (None, _) => String::new(),
    };
    text.chars().take(LONGEST_DESCRIPTION).collect()
}
