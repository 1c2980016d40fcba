//! The runs on the head of a pull request beside those on its base.

use hearth_core::{
    BranchRuleId, Error, Permission, Read, Result, Retraining, TaskId, TaskState, ThreadNumber, Unit,
};
use hearth_git::BranchName;
use hearth_store::{
    Ask,
    branch_rule::{self, BranchRule},
    pull_request::PullRequest,
    retraining::{self as row, RetrainingRun},
    task_value::{self, TaskMetric},
};

use super::{Verdict, identity, verdict::judge};
use crate::{Access, App, branch_rule::Rules, pull_request::find_row};

/// A run, and what it measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Trained {
    pub task: TaskId,
    /// The task's name.
    pub name: String,
    pub state: TaskState,
    /// The full id of the commit that it trains.
    pub commit: String,
    /// The values of its newest attempt by name; there are none before its end.
    pub metrics: Vec<TaskMetric>,
}

/// Where on the base branch the run is that a head is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BasePlace {
    /// The commit that the head began from, or took over last.
    MergeBase,
    /// The newest commit of the branch.
    Newest,
}

/// What one rule asks to be trained again, and what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    pub rule: BranchRuleId,
    pub retraining: Retraining,
    pub verdict: Verdict,
    /// The newest run on the head. `None`: there is none, or the reader may not see tasks.
    pub head: Option<Trained>,
    /// The newest run on the base that succeeded, or else the newest.
    pub base: Option<Trained>,
    pub base_place: BasePlace,
    /// The commit of the base on which a run can be launched.
    pub base_commit: String,
}

impl Comparison {
    /// Whether a run on the base is worth launching: there is none that succeeded, and none is under way.
    #[must_use]
    pub fn lacks_base(&self) -> bool {
        self.base.as_ref().is_none_or(|base| base.state.is_terminal() && base.state != TaskState::Succeeded)
    }

    /// Whether a run on the head is under way.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.verdict == Verdict::Running
    }
}

/// What the rules of its base branch ask to be trained again for a pull request.
pub async fn compare(app: &App, access: &Access<Read>, number: ThreadNumber) -> Result<Vec<Comparison>> {
    let mut reader = app.store().read().await?;
    let pull_request = find_row(&mut reader, access, number).await?;
    let rules = Rules::of(branch_rule::list(&mut reader, access.repository().id).await?);
    let base = BranchName::new(pull_request.base_branch.clone()).map_err(Error::internal)?;
    let mut found = compare_by_rules(&mut reader, &rules.of_branch(&base), &pull_request).await?;
    if !access.can_in(Unit::Tasks, Permission::Read) {
        for comparison in &mut found {
            (comparison.head, comparison.base) = (None, None);
        }
    }
    Ok(found)
}

/// The same for the rules given.
pub(crate) async fn compare_by_rules(
    ask: &mut impl Ask,
    rules: &[&BranchRule],
    pull_request: &PullRequest,
) -> Result<Vec<Comparison>> {
    let mut found = Vec::new();
    for rule in rules {
        if let Some(retraining) = &rule.settings.retraining {
            found.push(compare_one(ask, rule.id, retraining, pull_request).await?);
        }
    }
    Ok(found)
}

async fn compare_one(
    ask: &mut impl Ask,
    rule: BranchRuleId,
    retraining: &Retraining,
    pull_request: &PullRequest,
) -> Result<Comparison> {
    let definition = identity(&retraining.definition)?;
    let of_rule = (rule, definition.as_str());
    let on_head = row::list(ask, of_rule, &[pull_request.head_id.as_str()]).await?;
    let mut ends = vec![pull_request.base_id.as_str()];
    ends.extend(pull_request.merge_base_id.as_deref());
    let on_base = row::list(ask, of_rule, &ends).await?;
    let succeeded = on_base.iter().find(|run| run.state == TaskState::Succeeded);
    let (head, base) = (on_head.first(), succeeded.or(on_base.first()));
    let tasks: Vec<TaskId> = head.into_iter().chain(base).map(|run| run.task_id).collect();
    let metrics = task_value::metrics_of(ask, &tasks).await?;
    let (head, base) = (head.map(|run| trained(run, &metrics)), base.map(|run| trained(run, &metrics)));
    let base_commit = base_commit(pull_request).to_owned();
    let compared = base.as_ref().map_or(&base_commit, |base| &base.commit);
    let is_merge_base = pull_request.merge_base_id.as_ref() == Some(compared);
    Ok(Comparison {
        rule,
        retraining: retraining.clone(),
        verdict: judge(retraining.metric.as_ref(), head.as_ref(), base.as_ref()),
        base_place: if is_merge_base { BasePlace::MergeBase } else { BasePlace::Newest },
        head,
        base,
        base_commit,
    })
}

/// Where the base is trained if somebody asks for it: what the head began from, so that only its own changes differ.
pub(crate) fn base_commit(pull_request: &PullRequest) -> &str {
    pull_request.merge_base_id.as_deref().unwrap_or(&pull_request.base_id)
}

fn trained(run: &RetrainingRun, metrics: &[TaskMetric]) -> Trained {
    Trained {
        task: run.task_id,
        name: run.task_name.clone(),
        state: run.state,
        commit: run.commit_id.clone(),
        metrics: metrics.iter().filter(|metric| metric.task_id == run.task_id).cloned().collect(),
    }
}
