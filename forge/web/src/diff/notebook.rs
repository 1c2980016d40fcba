//! What changed in a notebook, cell by cell.

use askama::Template;
use hearth_app::code::{CellChange, CellDiff, view::notebook::CellKind};
use hearth_core::Error;
use hearth_git::LineKind;

use crate::{Page, words::Html};

#[derive(Template)]
#[template(path = "components/diff_notebook.html")]
struct Cells {
    parts: Vec<Part>,
}

enum Part {
    /// How many cells are as they were, in words.
    Unchanged(String),
    Cell {
        title: String,
        lines: Vec<Line>,
        /// What happened to the outputs, in words; empty: nothing.
        outputs: String,
    },
}

struct Line {
    kind: &'static str,
    html: Html,
}

/// The changed cells of a notebook.
pub(super) fn draw(page: &Page, cells: &[CellDiff]) -> Result<Html, Error> {
    let part = |cell: &CellDiff| match cell {
        CellDiff::Unchanged(count) => {
            Part::Unchanged(t!(page, "repo-commit-cells-same", count = *count as u64))
        }
        CellDiff::Changed(change) => Part::Cell {
            title: title(page, change),
            lines: change
                .lines
                .iter()
                .zip(&change.html)
                .map(|(line, html)| Line {
                    kind: match line.kind {
                        LineKind::Added => "add",
                        LineKind::Deleted => "del",
                        LineKind::Context | LineKind::NoNewline => "same",
                    },
                    html: Html::trusted(html.as_str()),
                })
                .collect(),
            outputs: outputs(page, change),
        },
    };
    let cells = Cells { parts: cells.iter().map(part).collect() };
    Ok(Html::trusted(cells.render().map_err(Error::internal)?))
}

fn title(page: &Page, change: &CellChange) -> String {
    let number = change.number as u64;
    match change.kind {
        CellKind::Code => t!(page, "repo-commit-cell-code", number = number),
        CellKind::Markdown => t!(page, "repo-commit-cell-text", number = number),
        CellKind::Raw => t!(page, "repo-commit-cell-raw", number = number),
    }
}

fn outputs(page: &Page, change: &CellChange) -> String {
    if !change.are_outputs_changed {
        return String::new();
    }
    match (change.old_outputs, change.new_outputs) {
        (Some(old), Some(new)) => {
            t!(page, "repo-commit-outputs-changed", old = old as u64, new = new as u64)
        }
        (None, Some(count)) => t!(page, "repo-commit-outputs-added", count = count as u64),
        (Some(count), None) => t!(page, "repo-commit-outputs-removed", count = count as u64),
        (None, None) => String::new(),
    }
}
