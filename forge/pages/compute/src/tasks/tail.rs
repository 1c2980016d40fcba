//! The end of a log on a task's overview: what a running program wrote last, and what a failed one ended with.

use hearth_app::{
    App,
    log::{self, ErrorMark, LogPart, LogRow},
};
use hearth_core::{Error, TaskState};

use super::{TaskVisit, frame::TaskFrame, log_address::LogAddress, log_row::RowView};
use crate::{Page, words::Html};

pub(crate) struct Tail {
    pub(crate) rows: Vec<Html>,
    pub(crate) digits: usize,
    /// The address of the whole log.
    pub(crate) log: String,
    /// Where the first error is; none while the program runs.
    pub(crate) first_error: Option<String>,
}

/// Rows of a program that runs.
const RUNNING_ROWS: usize = 10;
/// Rows of one that failed, and how many there may be so that an error is shown from its beginning.
const FAILED_ROWS: usize = 20;
const MOST_ROWS: usize = 60;

/// The end of the log of the attempt that is shown; `None` where there is nothing to say.
pub(crate) async fn read(
    app: &App,
    page: &Page,
    visit: &TaskVisit,
    frame: &TaskFrame,
) -> Result<Option<Tail>, Error> {
    let is_failed = match frame.attempts.iter().find(|attempt| attempt.number == frame.attempt) {
        Some(attempt) if frame.attempt != frame.task.attempts => attempt.state == TaskState::Failed,
        _ => frame.task.state == TaskState::Failed,
    };
    let is_running = frame.is_live() && frame.attempt == frame.task.attempts;
    if frame.attempt == 0 || !(is_failed || is_running) {
        return Ok(None);
    }
    let place = (frame.attempt, 0);
    let end = log::page(app, &visit.access, place, LogPart::End, MOST_ROWS).await?;
    let shown = if is_failed { failed(&end.rows) } else { last(&end.rows, RUNNING_ROWS) };
    if shown.is_empty() {
        return Ok(None);
    }
    let address = LogAddress::new(frame.task.id, place);
    let before_line = address.before_line();
    let view = RowView { words: page.words(), address: &before_line, is_target: false, sought: "" };
    Ok(Some(Tail {
        rows: shown.iter().map(|row| view.draw(row)).collect(),
        digits: end.next_line.to_string().len(),
        log: frame.part_address("log"),
        first_error: is_failed.then(|| address.first_error()),
    }))
}

fn last(rows: &[LogRow], count: usize) -> &[LogRow] {
    &rows[rows.len().saturating_sub(count)..]
}

/// The last rows, and all of the last error if it begins a little before them.
fn failed(rows: &[LogRow]) -> &[LogRow] {
    let error = rows.iter().rposition(|row| row.error == ErrorMark::First).unwrap_or(rows.len());
    &rows[rows.len().saturating_sub(FAILED_ROWS).min(error)..]
}
