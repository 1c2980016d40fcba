//! Tasks that rules for branches ask for: on which commit, by which definition.

use hearth_core::{BranchRuleId, Change, RepositoryId, TaskId, TaskState};
use sqlx::FromRow;

use crate::{
    Ask, Result, Writer,
    pull_request::{PullRequest, SELECT},
};

/// A task that was launched because of a rule.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct RetrainingRun {
    pub task_id: TaskId,
    pub rule_id: BranchRuleId,
    /// The identity of what the rule asked for when it was launched.
    pub definition: String,
    /// The full id of the commit that it trains.
    pub commit_id: String,
    pub repository_id: RepositoryId,
    pub task_name: String,
    pub state: TaskState,
}

const COLUMNS: &str = "SELECT r.task_id, r.rule_id, r.definition, r.commit_id, t.repository_id, t.name AS task_name, t.state \
    FROM retrainings r JOIN tasks t ON t.id = r.task_id";

/// The newest runs that are read of one comparison.
const MOST_RUNS: u64 = 100;

/// What a run trains, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRetrainingRun {
    pub rule_id: BranchRuleId,
    pub definition: String,
    pub commit_id: String,
}

/// Notes why a task was launched, in the transaction that launches it. Fails with [`crate::Error::Dangling`] if the rule is
/// gone.
pub async fn insert(writer: &mut Writer, task: TaskId, new: &NewRetrainingRun) -> Result<()> {
    writer.changed(Change::Task(task));
    writer
        .query("INSERT INTO retrainings (task_id, rule_id, definition, commit_id) VALUES ($1, $2, $3, $4)")
        .bind(task)
        .bind(new.rule_id)
        .bind(new.definition.clone())
        .bind(new.commit_id.clone())
        .execute()
        .await?;
    Ok(())
}

/// `None`: no rule asked for this task.
pub async fn find(ask: &mut impl Ask, task: TaskId) -> Result<Option<RetrainingRun>> {
    ask.query(COLUMNS).push(" WHERE r.task_id = $1").bind(task).fetch_optional().await
}

/// The newest runs of one definition of a rule on any of these commits, newest first.
pub async fn list(
    ask: &mut impl Ask,
    (rule, definition): (BranchRuleId, &str),
    commits: &[&str],
) -> Result<Vec<RetrainingRun>> {
    ask.query(COLUMNS)
        .push(" WHERE r.rule_id = $1 AND r.definition = $2 AND r.commit_id")
        .bind(rule)
        .bind(definition)
        .is_any_of(commits)
        .push(" ORDER BY r.task_id DESC")
        .limit(MOST_RUNS)
        .fetch_all()
        .await
}

/// The open pull requests of a repository that this commit is the head or the base of, oldest first.
pub async fn list_pull_requests(
    ask: &mut impl Ask,
    repository: RepositoryId,
    commit: &str,
    most: u64,
) -> Result<Vec<PullRequest>> {
    ask.query(SELECT)
        .push(
            " WHERE p.repository_id = $1 AND p.state = 'open' AND (p.head_id = $2 OR p.merge_base_id = $2 OR p.base_id = $2) \
             ORDER BY t.id",
        )
        .bind(repository)
        .bind(commit)
        .limit(most)
        .fetch_all()
        .await
}
