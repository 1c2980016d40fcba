//! A list of tasks as a table, with columns of parameters and last metrics.

use std::cmp::Reverse;

use hearth_app::{
    App,
    task::{self, Task, TaskValues, ValueKind},
};
use hearth_core::Error;

use super::{
    TaskRow,
    filter::{ColumnName, Filter},
};
use crate::{Page, chart::number};

/// The rows of a page, and the columns that are shown of their values.
pub(crate) struct TaskTable {
    pub(crate) rows: Vec<TaskRow>,
    /// How many tasks match, on all pages of the list.
    total: u64,
    pub(crate) columns: Vec<Column>,
    /// Every column that can be shown, and whether it is.
    pub(crate) choices: Vec<(ColumnName, bool)>,
    /// The most tasks that one page compares.
    pub(crate) most_compared: u64,
}

/// One column of values.
pub(crate) struct Column {
    pub(crate) name: String,
    /// The list in the order of this column, or in the opposite one if it has that order.
    pub(crate) sort_address: String,
    /// As `aria-sort` has it; empty for a column that the list is not sorted by.
    pub(crate) order: &'static str,
}

/// Columns of each kind that are shown unless some are chosen.
const MOST_BY_DEFAULT: usize = 4;

impl TaskTable {
    /// Says how many tasks match, on all pages of the list.
    pub(crate) fn count(&self, page: &Page) -> String {
        t!(page, "tasks-list-count", count = self.total)
    }

    /// What comparing does with the selected rows.
    pub(crate) fn compare_help(&self, page: &Page) -> String {
        t!(page, "tasks-list-compare-help", most = self.most_compared)
    }

    /// `rows` are those of `tasks`, in the same order.
    pub(crate) async fn new(
        app: &App,
        tasks: &[&Task],
        mut rows: Vec<TaskRow>,
        total: u64,
        filter: &Filter,
        base: &str,
    ) -> Result<Self, Error> {
        let values = task::values_of(app, tasks).await?;
        let most = usize::try_from(app.limits().task_columns).unwrap_or(usize::MAX);
        let mut shown = filter.columns(most);
        if shown.is_empty() {
            shown = usual_columns(&values);
        }
        for (task, row) in tasks.iter().zip(&mut rows) {
            row.values = shown.iter().map(|column| value(&values, task, column)).collect();
        }
        let known = values.names.keys().map(|(kind, name)| ColumnName { kind: *kind, name: name.clone() });
        let mut choices: Vec<ColumnName> = known.chain(shown.iter().cloned()).collect();
        choices.sort();
        choices.dedup();
        Ok(Self {
            rows,
            total,
            choices: choices.into_iter().map(|name| (name.clone(), shown.contains(&name))).collect(),
            columns: shown.iter().map(|column| Column::new(column, filter, base)).collect(),
            most_compared: app.limits().compared_tasks,
        })
    }
}

impl Column {
    fn new(column: &ColumnName, filter: &Filter, base: &str) -> Self {
        let text = column.text();
        let (order, next) = match filter.sort.strip_prefix('-') {
            Some(sorted) if sorted == text => ("descending", text),
            _ if filter.sort == text => ("ascending", format!("-{text}")),
            _ => ("", text),
        };
        Self { name: column.name.clone(), sort_address: filter.sorted_address(base, &next), order }
    }
}

/// The values that most tasks have, of each kind a few.
fn usual_columns(values: &TaskValues) -> Vec<ColumnName> {
    let of_kind = |kind| {
        let mut found: Vec<(&String, usize)> = values
            .names
            .iter()
            .filter(|((own, _), _)| *own == kind)
            .map(|((_, name), count)| (name, *count))
            .collect();
        found.sort_by_key(|(name, count)| (Reverse(*count), *name));
        found.into_iter().take(MOST_BY_DEFAULT).map(move |(name, _)| ColumnName { kind, name: name.clone() })
    };
    of_kind(ValueKind::Parameter).chain(of_kind(ValueKind::Metric)).collect()
}

fn value(values: &TaskValues, task: &Task, column: &ColumnName) -> String {
    match column.kind {
        ValueKind::Parameter => {
            values.parameter(task.id, &column.name).map(|found| found.value.clone()).unwrap_or_default()
        }
        ValueKind::Metric => {
            values.metric(task.id, &column.name).map(|found| number(found.last)).unwrap_or_default()
        }
    }
}
