//! Which tasks a list has, and in which order.

use hearth_core::{TaskKind, TaskState, Timestamp, UserId};

use crate::{Query, task_value};

/// Which tasks of a list are requested, and in which order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskFilter {
    pub kind: Option<TaskKind>,
    /// Any of these; empty means all.
    pub states: Vec<TaskState>,
    pub creator_id: Option<UserId>,
    /// Part of the name, ignoring case.
    pub name_part: Option<String>,
    /// Ended at this time or later.
    pub ended_since: Option<Timestamp>,
    /// All of these hold.
    pub conditions: Vec<ValueCondition>,
    pub order: TaskOrder,
}

/// What a value of a task is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ValueKind {
    /// Given to its program.
    Parameter,
    /// The last one that it measured.
    Metric,
}

/// A condition on one value of a task. Tasks without the value do not meet it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueCondition {
    pub kind: ValueKind,
    pub name: String,
    pub comparison: Comparison,
    /// Compared as a number if it is one, else as text, which no metric is.
    pub value: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    Equal,
    Unequal,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

/// The order of a list of tasks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum TaskOrder {
    #[default]
    NewestFirst,
    OldestFirst,
    /// Tasks without the value come last.
    Value {
        kind: ValueKind,
        name: String,
        is_descending: bool,
    },
}

impl Comparison {
    const fn sql(self) -> &'static str {
        match self {
            Self::Equal => " = ",
            Self::Unequal => " <> ",
            Self::Less => " < ",
            Self::AtMost => " <= ",
            Self::Greater => " > ",
            Self::AtLeast => " >= ",
        }
    }
}

impl ValueKind {
    const fn value_exists(self) -> &'static str {
        match self {
            Self::Parameter => {
                " AND EXISTS (SELECT 1 FROM task_parameters v WHERE v.task_id = t.id AND v.name = "
            }
            Self::Metric => " AND EXISTS (SELECT 1 FROM task_metrics v WHERE v.task_id = t.id AND v.name = ",
        }
    }

    const fn number_column(self) -> &'static str {
        match self {
            Self::Parameter => " AND v.number",
            Self::Metric => " AND v.last",
        }
    }
}

/// Adds the conditions of a filter to a statement on `tasks t`.
pub(crate) fn filtered<'c>(query: Query<'c>, filter: &TaskFilter) -> Query<'c> {
    let query = query
        .and("t.kind =", filter.kind)
        .and("t.creator_id =", filter.creator_id)
        .and("t.ended_at >=", filter.ended_since);
    let query = match &filter.name_part {
        Some(part) => query.push(" AND ").contains("lower(t.name)", part),
        None => query,
    };
    let query = if filter.states.is_empty() {
        query
    } else {
        query.push(" AND t.state").is_one_of(filter.states.iter().copied())
    };
    filter.conditions.iter().fold(query, meets)
}

fn meets<'c>(query: Query<'c>, condition: &ValueCondition) -> Query<'c> {
    let query = query.push(condition.kind.value_exists()).push_bind(condition.name.clone());
    let comparison = condition.comparison.sql();
    let query = match (task_value::number(&condition.value), condition.kind) {
        (Some(number), kind) => query.push(kind.number_column()).push(comparison).push_bind(number),
        (None, ValueKind::Parameter) => {
            query.push(" AND v.value").push(comparison).push_bind(condition.value.clone())
        }
        (None, ValueKind::Metric) => query.push(" AND 1 = 0"),
    };
    query.push(")")
}

/// Adds the order of a filter to a statement on `tasks t`.
pub(crate) fn ordered<'c>(query: Query<'c>, filter: &TaskFilter) -> Query<'c> {
    match &filter.order {
        TaskOrder::NewestFirst => query.push(" ORDER BY t.id DESC"),
        TaskOrder::OldestFirst => query.push(" ORDER BY t.id"),
        TaskOrder::Value { kind: ValueKind::Metric, name, is_descending } => query
            .push(" ORDER BY (SELECT v.last FROM task_metrics v WHERE v.task_id = t.id AND v.name = ")
            .push_bind(name.clone())
            .push(direction(*is_descending))
            .push(", t.id DESC"),
        TaskOrder::Value { kind: ValueKind::Parameter, name, is_descending } => query
            .push(" ORDER BY (SELECT v.number FROM task_parameters v WHERE v.task_id = t.id AND v.name = ")
            .push_bind(name.clone())
            .push(direction(*is_descending))
            .push(", (SELECT v.value FROM task_parameters v WHERE v.task_id = t.id AND v.name = ")
            .push_bind(name.clone())
            .push(direction(*is_descending))
            .push(", t.id DESC"),
    }
}

const fn direction(is_descending: bool) -> &'static str {
    if is_descending { ") DESC NULLS LAST" } else { ") ASC NULLS LAST" }
}
