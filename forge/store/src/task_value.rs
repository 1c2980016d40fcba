//! What tasks were given and what they measured, by name: for tables, and for filtering and sorting by a value.

use hearth_core::{Parameter, TaskId};
use sqlx::FromRow;

use crate::{Ask, Result, Writer};

/// A parameter of a task.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct TaskParameter {
    pub task_id: TaskId,
    pub name: String,
    /// Its beginning, at most [`LONGEST_VALUE`] characters.
    pub value: String,
    /// The value, if it is a number.
    pub number: Option<f64>,
}

/// A metric of a task's newest attempt.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct TaskMetric {
    pub task_id: TaskId,
    pub name: String,
    pub last: f64,
    pub least: f64,
    pub most: f64,
}

/// Characters of a parameter's value that are stored for tables.
pub const LONGEST_VALUE: usize = 200;
/// Metrics of one task that are stored for tables.
pub const MOST_METRICS: usize = 64;
/// Values that one page reads.
const MOST_READ: u64 = 10_000;

/// Stores the parameters of a new task; of several with one name, the first.
pub(crate) async fn insert_parameters(writer: &mut Writer, task: TaskId, given: &[Parameter]) -> Result<()> {
    for parameter in given {
        let value: String = parameter.value.chars().take(LONGEST_VALUE).collect();
        writer
            .query(
                "INSERT INTO task_parameters (task_id, name, value, number) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (task_id, name) DO NOTHING",
            )
            .bind(task)
            .bind(parameter.name.clone())
            .bind(value.clone())
            .bind(number(&value))
            .execute()
            .await?;
    }
    Ok(())
}

/// A value as a finite number, if it is one.
pub(crate) fn number(text: &str) -> Option<f64> {
    text.trim().parse::<f64>().ok().filter(|number| number.is_finite())
}

/// Stores what a task's newest attempt has measured, in place of what was stored; at most [`MOST_METRICS`], and
/// none that is not finite.
pub async fn replace_metrics(writer: &mut Writer, task: TaskId, metrics: &[TaskMetric]) -> Result<()> {
    writer.query("DELETE FROM task_metrics WHERE task_id = $1").bind(task).execute().await?;
    let is_finite =
        |metric: &&TaskMetric| [metric.last, metric.least, metric.most].iter().all(|v| v.is_finite());
    for metric in metrics.iter().filter(is_finite).take(MOST_METRICS) {
        writer
            .query("INSERT INTO task_metrics (task_id, name, last, least, most) VALUES ($1, $2, $3, $4, $5)")
            .bind(task)
            .bind(metric.name.clone())
            .bind(metric.last)
            .bind(metric.least)
            .bind(metric.most)
            .execute()
            .await?;
    }
    Ok(())
}

/// The parameters of these tasks by name.
pub async fn parameters_of(ask: &mut impl Ask, tasks: &[TaskId]) -> Result<Vec<TaskParameter>> {
    ask.query("SELECT task_id, name, value, number FROM task_parameters WHERE task_id")
        .is_any_of(tasks)
        .push(" ORDER BY name, task_id")
        .limit(MOST_READ)
        .fetch_all()
        .await
}

/// The metrics of these tasks by name.
pub async fn metrics_of(ask: &mut impl Ask, tasks: &[TaskId]) -> Result<Vec<TaskMetric>> {
    ask.query("SELECT task_id, name, last, least, most FROM task_metrics WHERE task_id")
        .is_any_of(tasks)
        .push(" ORDER BY name, task_id")
        .limit(MOST_READ)
        .fetch_all()
        .await
}
