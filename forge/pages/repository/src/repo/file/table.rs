use std::sync::Arc;

use askama::Template;
use hearth_app::code::{
    self,
    view::table::{self, MOST_COLUMNS, Order, Table},
};
use hearth_core::Error;

use super::{Drawn, FileView, Subject};
use crate::{Failure, Page, words::Html};

const ROWS_OF_PAGE: usize = 200;

/// Comma- and tab-separated values as a table.
pub(super) struct SeparatedValues;

#[derive(Template)]
#[template(path = "pages/repo/file/table.html")]
struct TableView<'a> {
    page: &'a Page,
    heads: Vec<Head>,
    table: Table,
    is_beginning: bool,
    pages: Html,
}

/// The name of a column, and how it is sorted.
struct Head {
    name: String,
    /// The address at which the rows are sorted by it.
    address: String,
    /// `ascending`, `descending` or `none`.
    order: &'static str,
    /// Whether all values below, as far as there are any, are numbers, which stand at the right.
    is_number: bool,
}

impl TableView<'_> {
    fn hidden_columns(&self) -> u64 {
        self.table.columns.saturating_sub(MOST_COLUMNS) as u64
    }
}

#[async_trait::async_trait]
impl FileView for SeparatedValues {
    fn endings(&self) -> &'static [&'static str] {
        &["csv", "tsv", "tab"]
    }

    async fn draw(&self, subject: &Subject<'_>) -> Result<Drawn, Failure> {
        let page = subject.page;
        let Some(text) = subject.text() else {
            return Ok(Drawn::Not(t!(page, "repo-file-not-whole").to_owned()));
        };
        let order = order(&subject.query.sort);
        let current = subject.query.page.parse::<usize>().unwrap_or(1).max(1);
        let (whole, from) = (Arc::clone(&text.text), (current - 1).saturating_mul(ROWS_OF_PAGE));
        let parse = move || table::parse(&whole, order, from, ROWS_OF_PAGE);
        let table = code::parse(subject.app, parse).await?;
        let last = table.total.div_ceil(ROWS_OF_PAGE).max(1);
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let view = TableView {
            page,
            heads: heads(&table, order),
            is_beginning: !text.is_whole,
            pages: page.pagination(number(current), number(last)),
            table,
        };
        Ok(Drawn::View(Html::trusted(view.render().map_err(Error::internal)?)))
    }
}

/// `3`, or `-3` for the largest first; columns are counted from 1.
fn order(text: &str) -> Option<Order> {
    let is_descending = text.starts_with('-');
    let column: usize = text.trim_start_matches('-').parse().ok()?;
    Some(Order { column: column.checked_sub(1)?, is_descending })
}

fn heads(table: &Table, order: Option<Order>) -> Vec<Head> {
    let shown = table.columns.min(MOST_COLUMNS);
    let head = |column: usize| {
        let number = column + 1;
        let is_ascending = order == Some(Order { column, is_descending: false });
        let is_descending = order == Some(Order { column, is_descending: true });
        let cells = table.rows.iter().filter_map(|row| row.cells.get(column));
        let given = || cells.clone().filter(|cell| !cell.text.is_empty());
        Head {
            name: table.header.get(column).map_or_else(|| number.to_string(), |cell| cell.text.clone()),
            address: if is_ascending { format!("?sort=-{number}") } else { format!("?sort={number}") },
            order: match (is_ascending, is_descending) {
                (true, _) => "ascending",
                (_, true) => "descending",
                _ => "none",
            },
            is_number: given().next().is_some() && given().all(|cell| cell.is_number),
        }
    };
    (0..shown).map(head).collect()
}
