//! What tasks were given and what they measured, for tables of tasks.

use std::collections::{BTreeMap, HashMap};

use hearth_core::{Result, TaskId};
use hearth_store::{
    task_filter::ValueKind,
    task_value::{self, TaskMetric, TaskParameter},
};

use super::Task;
use crate::App;

/// The parameters and last metrics of some tasks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TaskValues {
    parameters: HashMap<TaskId, Vec<TaskParameter>>,
    metrics: HashMap<TaskId, Vec<TaskMetric>>,
    /// Every name, and how many of the tasks have a value of it.
    pub names: BTreeMap<(ValueKind, String), usize>,
}

impl TaskValues {
    pub fn parameter(&self, task: TaskId, name: &str) -> Option<&TaskParameter> {
        self.parameters.get(&task)?.iter().find(|parameter| parameter.name == name)
    }

    pub fn metric(&self, task: TaskId, name: &str) -> Option<&TaskMetric> {
        self.metrics.get(&task)?.iter().find(|metric| metric.name == name)
    }
}

/// The values of these tasks, in two statements however many there are.
pub async fn values_of(app: &App, tasks: &[&Task]) -> Result<TaskValues> {
    let ids: Vec<TaskId> = tasks.iter().map(|task| task.id).collect();
    let mut values = TaskValues::default();
    let mut reader = app.store().read().await?;
    for parameter in task_value::parameters_of(&mut reader, &ids).await? {
        *values.names.entry((ValueKind::Parameter, parameter.name.clone())).or_default() += 1;
        values.parameters.entry(parameter.task_id).or_default().push(parameter);
    }
    for metric in task_value::metrics_of(&mut reader, &ids).await? {
        *values.names.entry((ValueKind::Metric, metric.name.clone())).or_default() += 1;
        values.metrics.entry(metric.task_id).or_default().push(metric);
    }
    Ok(values)
}
