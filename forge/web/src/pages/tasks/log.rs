//! `/tasks/{id}/log`: the log. Its end, or the lines around one that a link names; what comes later, comes by itself.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use hearth_app::{App, log, task::TaskAccess};
use hearth_core::{Error, Kind, urls};
use serde::Deserialize;

use super::{
    TaskVisit, Wanted, download,
    frame::{Part, TaskFrame, frame},
};
use crate::{Failure, Page, RepositoryHead, respond::html};

#[derive(Template)]
#[template(path = "pages/tasks/log.html")]
struct Log {
    page: Page,
    head: RepositoryHead,
    frame: TaskFrame,
    lines: Vec<String>,
    first: usize,
    /// Where the rest comes from; empty when nothing more will come to the lines shown.
    source: String,
    download: String,
    earlier: Option<String>,
    later: Option<String>,
}

/// Which attempt, and the line to show it around.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct At {
    attempt: Option<i64>,
    line: Option<u64>,
}

/// Lines of the first screen.
const LINES: usize = 1_000;
/// Lines above the one that a link names.
const ABOVE: u64 = 50;
/// The longest line whose beginning is looked for.
const LONGEST_OPEN_LINE: u64 = 64 << 10;

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: TaskVisit,
    Query(at): Query<At>,
) -> Result<Response, Failure> {
    let framed = frame(&app, &page, &visit, Part::Log, at.attempt).await?;
    let (head, frame) = (framed.head, framed.frame);
    let attempt = frame.attempt;
    let download = frame.part_address("log/download");
    if attempt == 0 {
        let (lines, source) = (Vec::new(), String::new());
        return html(&Log {
            page,
            head,
            frame,
            lines,
            first: 1,
            source,
            download,
            earlier: None,
            later: None,
        });
    }
    let access = &visit.access;
    let found = match at.line {
        Some(line) => log::lines(&app, access, attempt, 0, line.saturating_sub(ABOVE).max(1), LINES).await?,
        None => log::tail(&app, access, attempt, 0, LINES).await?,
    };
    let mut lines: Vec<String> = found.lines.iter().map(|line| plain(line)).collect();
    let is_growing = frame.is_live() && attempt == frame.task.attempts;
    let mut source = String::new();
    if is_growing && !found.has_more {
        let from = line_start(&app, access, attempt, found.next_offset).await?;
        // The last line is not finished: it comes as a whole with what follows.
        if from < found.next_offset {
            lines.pop();
        }
        source = format!("{}?attempt={attempt}&from={from}", urls::task_part(frame.task.id, "log/stream"));
    }
    let address = |line: u64| {
        format!("{}?attempt={attempt}&line={line}#L{line}", urls::task_part(frame.task.id, "log"))
    };
    let earlier = (found.first_line > 1)
        .then(|| address(found.first_line.saturating_sub(LINES as u64).max(1).saturating_add(ABOVE)));
    let later = found.has_more.then(|| address(found.first_line + LINES as u64 + ABOVE));
    html(&Log {
        page,
        head,
        frame,
        lines,
        first: usize::try_from(found.first_line).unwrap_or(usize::MAX),
        source,
        download,
        earlier,
        later,
    })
}

/// `/tasks/{id}/log/download`: all of it, as it was written.
pub(crate) async fn file(
    State(app): State<App>,
    visit: TaskVisit,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Failure> {
    let attempt = wanted.attempt.unwrap_or(visit.access.task().attempts);
    let path = log::file(&app, &visit.access, attempt, 0)?.ok_or(Error::NotFound(Kind::Log))?;
    Ok(download::send(&path, &format!("task-{}.log", visit.access.id())).await?)
}

/// Where the line begins that is not finished at `end`; `end` itself when none is open.
async fn line_start(app: &App, access: &TaskAccess, attempt: i64, end: u64) -> Result<u64, Error> {
    let from = end.saturating_sub(LONGEST_OPEN_LINE);
    let piece = log::read(app, access, attempt, 0, from).await?;
    let known = usize::try_from(end - from).unwrap_or(usize::MAX).min(piece.bytes.len());
    let before = &piece.bytes[..known];
    Ok(match before.iter().rposition(|&byte| byte == b'\n') {
        Some(place) => from + place as u64 + 1,
        None => from,
    })
}

/// A line without colours and other orders to a terminal.
pub(super) fn plain(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter == '\u{1b}' {
            if letters.next_if_eq(&'[').is_some() {
                // Parameters and intermediate letters, until the final one.
                while letters.next_if(|next| ('\u{20}'..='\u{3f}').contains(next)).is_some() {}
                letters.next();
            }
        } else if letter == '\t' || !letter.is_control() {
            text.push(letter);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn colours_and_orders_to_a_terminal_are_left_out() {
        assert_eq!(plain("\u{1b}[1;31merror\u{1b}[0m: x\u{7}\ty"), "error: x\ty");
        assert_eq!(plain("a\u{1b}[2Kb\u{1b}"), "ab");
        assert_eq!(plain("训练 100%"), "训练 100%");
    }
}
