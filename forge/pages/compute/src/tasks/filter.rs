//! The filters of a list of tasks, its order and its columns: all of them are in the address.

use hearth_app::task::{Comparison, TaskFilter, TaskOrder, ValueCondition, ValueKind};
use hearth_core::{PageRequest, TaskKind, TaskState};
use http::Uri;
use serde::Deserialize;

use super::kind;
use crate::Page;

/// As the address has them; unknown values are ignored.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Filter {
    pub(crate) state: String,
    pub(crate) kind: String,
    pub(crate) q: String,
    page: String,
    /// `oldest`, or a column, with a hyphen before it for the greatest value first.
    pub(crate) sort: String,
    /// `param.NAME` and `metric.NAME`; none for a choice that suits the page.
    column: Vec<String>,
    /// Conditions: the column, the sign and the value of each.
    where_name: Vec<String>,
    where_is: Vec<String>,
    where_value: Vec<String>,
}

/// A column of values: parameters, or the last values of a metric.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ColumnName {
    pub(crate) kind: ValueKind,
    pub(crate) name: String,
}

/// A condition as the form shows it.
pub(crate) struct ConditionRow {
    pub(crate) name: String,
    pub(crate) sign: String,
    pub(crate) value: String,
}

/// Conditions that are read from an address.
const MOST_CONDITIONS: usize = 8;
/// How a condition's sign is written in addresses and on pages.
const SIGNS: [(&str, &str, Comparison); 6] = [
    ("eq", "=", Comparison::Equal),
    ("ne", "≠", Comparison::Unequal),
    ("lt", "<", Comparison::Less),
    ("le", "≤", Comparison::AtMost),
    ("gt", ">", Comparison::Greater),
    ("ge", "≥", Comparison::AtLeast),
];

/// Which tasks a tab of the list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    All,
    Active,
    Succeeded,
    Failed,
    Stopped,
}

impl Shown {
    const ALL: [Self; 5] = [Self::All, Self::Active, Self::Succeeded, Self::Failed, Self::Stopped];

    const fn name(self) -> &'static str {
        match self {
            Self::All => "",
            Self::Active => "active",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Stopped => "stopped",
        }
    }

    fn word(self, page: &Page) -> &'static str {
        match self {
            Self::All => t!(page, "tasks-list-all"),
            Self::Active => t!(page, "tasks-list-active"),
            Self::Succeeded => t!(page, "common-state-succeeded"),
            Self::Failed => t!(page, "common-state-failed"),
            Self::Stopped => t!(page, "common-state-stopped"),
        }
    }

    fn states(self) -> Vec<TaskState> {
        match self {
            Self::All => Vec::new(),
            Self::Active => hearth_app::task::active_states(),
            Self::Succeeded => vec![TaskState::Succeeded],
            Self::Failed => vec![TaskState::Failed, TaskState::CreatedFailed],
            Self::Stopped => vec![TaskState::Stopped],
        }
    }
}

impl ColumnName {
    /// Reads `param.lr` or `metric.loss`.
    fn read(text: &str) -> Option<Self> {
        let (kind, name) = text.split_once('.')?;
        let kind = match kind {
            "param" => ValueKind::Parameter,
            "metric" => ValueKind::Metric,
            _ => return None,
        };
        (!name.is_empty()).then(|| Self { kind, name: name.to_owned() })
    }

    /// As it is written in an address.
    pub(crate) fn text(&self) -> String {
        let kind = match self.kind {
            ValueKind::Parameter => "param",
            ValueKind::Metric => "metric",
        };
        format!("{kind}.{}", self.name)
    }
}

impl Filter {
    pub(crate) fn read(uri: &Uri) -> Self {
        serde_html_form::from_str(uri.query().unwrap_or_default()).unwrap_or_default()
    }

    /// Without conditions on values and an order by them, for a list of so many tasks that these would be costly.
    pub(crate) fn without_values(self) -> Self {
        Self { state: self.state, kind: self.kind, q: self.q, page: self.page, ..Self::default() }
    }

    /// Unknown values show everything.
    fn shown(&self) -> Shown {
        Shown::ALL.into_iter().find(|shown| shown.name() == self.state).unwrap_or(Shown::All)
    }

    pub(crate) fn request(&self) -> PageRequest {
        PageRequest::asked(&self.page, PageRequest::DEFAULT_SIZE)
    }

    pub(crate) fn to_store(&self) -> TaskFilter {
        TaskFilter {
            kind: self.kind.parse::<TaskKind>().ok(),
            states: self.shown().states(),
            creator_id: None,
            name_part: Some(self.q.trim().to_owned()).filter(|part| !part.is_empty()),
            ended_since: None,
            conditions: self.conditions(),
            order: self.order(),
        }
    }

    fn order(&self) -> TaskOrder {
        let (column, is_descending) = match self.sort.strip_prefix('-') {
            Some(column) => (column, true),
            None => (self.sort.as_str(), false),
        };
        match ColumnName::read(column) {
            Some(ColumnName { kind, name }) => TaskOrder::Value { kind, name, is_descending },
            None if column == "oldest" => TaskOrder::OldestFirst,
            None => TaskOrder::NewestFirst,
        }
    }

    /// The conditions that are complete.
    fn conditions(&self) -> Vec<ValueCondition> {
        let condition = |row: ConditionRow| {
            let ColumnName { kind, name } = ColumnName::read(&row.name)?;
            let (.., comparison) = SIGNS.into_iter().find(|(code, ..)| *code == row.sign)?;
            let value = row.value.trim().to_owned();
            (!value.is_empty()).then_some(ValueCondition { kind, name, comparison, value })
        };
        self.given_conditions().filter_map(condition).collect()
    }

    fn given_conditions(&self) -> impl Iterator<Item = ConditionRow> {
        let signs = self.where_is.iter().map(String::as_str).chain(std::iter::repeat("eq"));
        let rows = self.where_name.iter().zip(signs).zip(&self.where_value).take(MOST_CONDITIONS);
        rows.map(|((name, sign), value)| ConditionRow {
            name: name.clone(),
            sign: sign.to_owned(),
            value: value.clone(),
        })
    }

    /// The rows of the form: the conditions that hold, and an empty one.
    pub(crate) fn condition_rows(&self) -> Vec<ConditionRow> {
        let empty = ConditionRow { name: String::new(), sign: "eq".to_owned(), value: String::new() };
        let filled = self.given_conditions().filter(|row| !row.value.trim().is_empty());
        filled.chain([empty]).collect()
    }

    /// Codes and signs of comparisons, and whether one is that of a row.
    pub(crate) fn signs(chosen: &str) -> [(&'static str, &'static str, bool); 6] {
        SIGNS.map(|(code, sign, _)| (code, sign, code == chosen))
    }

    /// The chosen columns in their order, each once.
    pub(crate) fn columns(&self, most: usize) -> Vec<ColumnName> {
        let mut columns: Vec<ColumnName> = Vec::new();
        for column in self.column.iter().filter_map(|text| ColumnName::read(text)) {
            if columns.len() < most && !columns.contains(&column) {
                columns.push(column);
            }
        }
        columns
    }

    /// Whether nothing is filtered out.
    pub(crate) fn is_open(&self) -> bool {
        TaskFilter { order: TaskOrder::default(), ..self.to_store() } == TaskFilter::default()
    }

    /// Whether the form's columns and conditions were used.
    pub(crate) fn has_details(&self) -> bool {
        !self.column.is_empty() || self.condition_rows().len() > 1
    }

    /// The address of the same list under another tab.
    fn address(&self, base: &str, shown: Shown) -> String {
        self.address_of(base, shown.name(), &self.sort)
    }

    /// The address of the same list in another order.
    pub(crate) fn sorted_address(&self, base: &str, sort: &str) -> String {
        self.address_of(base, &self.state, sort)
    }

    fn address_of(&self, base: &str, state: &str, sort: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in [("state", state), ("kind", &self.kind), ("q", &self.q), ("sort", sort)] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        for column in &self.column {
            query.append_pair("column", column);
        }
        for row in self.given_conditions().filter(|row| !row.value.trim().is_empty()) {
            query.append_pair("where_name", &row.name);
            query.append_pair("where_is", &row.sign);
            query.append_pair("where_value", &row.value);
        }
        let query = query.finish();
        if query.is_empty() { base.to_owned() } else { format!("{base}?{query}") }
    }

    /// Address and label of every tab, and whether it is active.
    pub(crate) fn tabs(&self, base: &str, page: &Page) -> Vec<(String, &'static str, bool)> {
        let now = self.shown();
        Shown::ALL
            .into_iter()
            .map(|shown| (self.address(base, shown), shown.word(page), shown == now))
            .collect()
    }

    /// Value and label of every kind, and whether it is selected.
    pub(crate) fn kinds(&self, page: &Page) -> Vec<(&'static str, &'static str, bool)> {
        let all = ("", t!(page, "tasks-list-every-kind"));
        let kinds = TaskKind::ALL.iter().map(|found| (found.as_str(), kind(page, *found)));
        std::iter::once(all).chain(kinds).map(|(value, word)| (value, word, value == self.kind)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(query: &str) -> Filter {
        Filter::read(&format!("/tasks?{query}").parse().expect("an address"))
    }

    #[test]
    fn columns_order_and_conditions_stay_in_the_address() {
        let query = "state=failed&sort=-metric.loss&column=param.lr&column=metric.loss\
            &where_name=param.lr&where_is=lt&where_value=0.1";
        let read = filter(query);
        assert_eq!(read.sorted_address("/tasks", &read.sort), format!("/tasks?{query}"));
        let stored = read.to_store();
        let loss = TaskOrder::Value { kind: ValueKind::Metric, name: "loss".into(), is_descending: true };
        assert_eq!((stored.order, stored.conditions.len()), (loss, 1));
        assert_eq!(read.columns(1).len(), 1);
    }

    #[test]
    fn what_is_incomplete_or_unknown_is_ignored() {
        let odd = filter("sort=x.y&column=lr&column=param.&where_name=param.lr&where_is=lt&where_value=+");
        assert!(odd.is_open() && odd.columns(9).is_empty());
        assert_eq!(odd.condition_rows().len(), 1);
    }
}
