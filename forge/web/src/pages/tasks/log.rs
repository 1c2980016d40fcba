//! `/tasks/{id}/log`: the log, one per machine. It shows the end, or the lines around one that a link names;
//! new lines are appended as they come.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use hearth_app::{App, log, log::LogLine, task};
use hearth_core::{Error, Kind, TaskState, urls};
use hearth_http::download;
use serde::Deserialize;

use super::{
    TaskVisit,
    frame::{Part, TaskFrame, frame},
};
use crate::{
    Failure, Page, RepositoryHead,
    respond::html,
    words::{self, Words},
};

#[derive(Template)]
#[template(path = "pages/tasks/log.html")]
struct Log {
    page: Page,
    head: RepositoryHead,
    frame: TaskFrame,
    lines: Vec<String>,
    first: usize,
    /// Where new lines come from; empty when no more follow the lines shown.
    source: String,
    download: String,
    earlier: Option<String>,
    later: Option<String>,
    /// The machines of a task on several; empty for a single one.
    nodes: Vec<Node>,
}

/// The log of one machine.
struct Node {
    name: String,
    address: String,
    is_shown: bool,
    state: TaskState,
}

/// Which attempt, and the line to show it around.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct At {
    attempt: Option<i64>,
    line: Option<u64>,
    /// Which machine, counted from 0.
    node: u32,
}

/// How many lines are shown at first.
const LINES: usize = 1_000;
/// How many lines are shown above the one that a link names.
const ABOVE: u64 = 50;

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: TaskVisit,
    Query(at): Query<At>,
) -> Result<Response, Failure> {
    let framed = frame(&app, &page, &visit, Part::Log, at.attempt).await?;
    let (head, frame) = (framed.head, framed.frame);
    let (attempt, node) = (frame.attempt, at.node);
    let nodes = nodes(&app, &visit, &frame, node).await?;
    if node > 0 && !nodes.iter().any(|found| found.is_shown) {
        return Err(Error::NotFound(Kind::Log).into());
    }
    let download = frame.part_address("log/download");
    let download = if node == 0 {
        download
    } else {
        format!("{}?attempt={attempt}&node={node}", frame.link("log/download"))
    };
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
            nodes,
        });
    }
    let access = &visit.access;
    let found = match at.line {
        Some(line) => {
            log::lines(&app, access, attempt, node, line.saturating_sub(ABOVE).max(1), LINES).await?
        }
        None => log::tail(&app, access, attempt, node, LINES).await?,
    };
    let mut lines: Vec<String> = found.lines.iter().map(|line| shown(page.words(), line)).collect();
    let is_growing = frame.is_live() && attempt == frame.task.attempts;
    let mut source = String::new();
    if is_growing && !found.has_more {
        // An unfinished last line is sent as a whole later.
        if found.open_line_offset.is_some() {
            lines.pop();
        }
        let from = found.open_line_offset.unwrap_or(found.next_offset);
        let stream = urls::task_part(frame.task.id, "log/stream");
        source = format!("{stream}?attempt={attempt}&from={from}{}", of_node(node));
    }
    let address = |line: u64| {
        let log = urls::task_part(frame.task.id, "log");
        format!("{log}?attempt={attempt}&line={line}{}#L{line}", of_node(node))
    };
    let earlier = (found.first_line > 1)
        .then(|| address(found.first_line.saturating_sub(LINES as u64).max(1).saturating_add(ABOVE)));
    let later = found.has_more.then(|| address(found.first_line + found.lines.len() as u64 + ABOVE));
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
        nodes,
    })
}

/// The query parameter of a machine; the first one needs none.
fn of_node(node: u32) -> String {
    if node == 0 { String::new() } else { format!("&node={node}") }
}

async fn nodes(app: &App, visit: &TaskVisit, frame: &TaskFrame, shown: u32) -> Result<Vec<Node>, Error> {
    let found = task::nodes(app, &visit.access, frame.attempt).await?;
    let log = urls::task_part(frame.task.id, "log");
    let node = |row: task::AttemptNode| Node {
        name: format!("{} · {}", row.rank, row.machine),
        address: format!("{log}?attempt={}&node={}", frame.attempt, row.rank),
        is_shown: row.rank == i64::from(shown),
        state: row.state,
    };
    Ok(found.into_iter().map(node).collect())
}

/// `/tasks/{id}/log/download`: all of it, as it was written.
pub(crate) async fn file(
    State(app): State<App>,
    visit: TaskVisit,
    Query(at): Query<At>,
) -> Result<Response, Failure> {
    let attempt = at.attempt.unwrap_or(visit.access.task().attempts);
    let path = log::file(&app, &visit.access, attempt, at.node)?.ok_or(Error::NotFound(Kind::Log))?;
    let name = match at.node {
        0 => format!("task-{}.log", visit.access.id()),
        node => format!("task-{}-node-{node}.log", visit.access.id()),
    };
    Ok(download::file(&path, &name, download::BYTES).await.map_err(Error::internal)?)
}

/// A line as a page shows it, with a mark where it is cut.
pub(super) fn shown(words: Words, line: &LogLine) -> String {
    let text = plain(&line.text);
    match line.left_out_bytes {
        0 => text,
        bytes => format!("{text} {}", t!(words, "tasks-log-cut", size = words::bytes(bytes))),
    }
}

/// A line without colours and other terminal escape sequences.
fn plain(line: &str) -> String {
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
