//! `/tasks/{id}/log`: the log, one per machine. It shows the end, the lines around one that a link names, or
//! those around what is searched for; new lines are added as they come.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use hearth_app::{
    App,
    log::{self, LogPage, LogPart, LogSearch},
    task,
};
use hearth_core::{Error, Kind, TaskState, urls};
use hearth_http::download;
use serde::Deserialize;

use super::{
    TaskVisit,
    frame::{Part, TaskFrame, frame},
    log_address::LogAddress,
    log_row::RowView,
};
use crate::{
    Failure, Page, RepositoryHead,
    respond::{html, see_other},
    words::{self, Html},
};

#[derive(Template)]
#[template(path = "pages/tasks/log.html")]
struct Log {
    page: Page,
    head: RepositoryHead,
    frame: TaskFrame,
    rows: Vec<Html>,
    first: u64,
    /// Digits of the largest line number.
    digits: usize,
    /// Where new lines come from; empty when no more follow the lines shown.
    source: String,
    address: LogAddress,
    earlier: Option<String>,
    later: Option<String>,
    /// The machines of a task on several; empty for a single one.
    nodes: Vec<Node>,
    sought: String,
    found: Option<Found>,
    /// Why there is no first error to go to; empty: nobody asked.
    no_error: Vec<String>,
}

/// What a search found.
struct Found {
    sentences: Vec<String>,
    previous: Option<String>,
    next: Option<String>,
}

/// The log of one machine.
struct Node {
    name: String,
    address: String,
    is_shown: bool,
    state: TaskState,
}

/// Which attempt and machine, and what to look for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct At {
    attempt: Option<i64>,
    /// The line to show.
    line: Option<u64>,
    /// Which machine, counted from 0.
    node: u32,
    /// A text to search for.
    q: String,
    /// `first`: to go to the first error.
    error: String,
}

/// How many lines are shown at once.
const LINES: usize = 500;
/// How many lines are shown above the one that is looked for.
const ABOVE: u64 = 50;
/// How many above the first match of a search, whose address does not name its line yet, so that it is in sight.
const ABOVE_MATCH: u64 = 5;

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: TaskVisit,
    Query(at): Query<At>,
) -> Result<Response, Failure> {
    let framed = frame(&app, &page, &visit, Part::Log, at.attempt).await?;
    let (head, frame) = (framed.head, framed.frame);
    let place = (frame.attempt, at.node);
    let nodes = nodes(&app, &visit, &frame, at.node).await?;
    if at.node > 0 && !nodes.iter().any(|found| found.is_shown) {
        return Err(Error::NotFound(Kind::Log).into());
    }
    let mut log = Log {
        address: LogAddress::new(frame.task.id, place),
        sought: at.q.chars().take(log::LONGEST_QUERY).collect(),
        page,
        head,
        frame,
        rows: Vec::new(),
        first: 1,
        digits: 1,
        source: String::new(),
        earlier: None,
        later: None,
        nodes,
        found: None,
        no_error: Vec::new(),
    };
    if log.frame.attempt == 0 {
        return html(&log);
    }
    if at.error == "first" {
        let (line, scanned) = log::first_error(&app, &visit.access, place).await?;
        match line {
            Some(line) => return Ok(see_other(&log.address.line(line))),
            None => {
                log.no_error.push(t!(log.page, "tasks-log-no-error").to_owned());
                log.no_error.extend(log.partial(scanned));
            }
        }
    }
    let (mut wanted, mut above) = (at.line, ABOVE);
    if !log.sought.is_empty() {
        let found = log::search(&app, &visit.access, place, &log.sought, wanted.unwrap_or(0)).await?;
        if wanted.is_none() {
            (wanted, above) = (found.current, ABOVE_MATCH);
        }
        log.found = Some(log.found(&found));
    }
    let part = wanted.map_or(LogPart::End, |line| LogPart::From(line.saturating_sub(above).max(1)));
    let shown = log::page(&app, &visit.access, place, part, LINES).await?;
    log.show(&shown);
    html(&log)
}

impl Log {
    fn show(&mut self, shown: &LogPage) {
        let address = self.address.before_line();
        let view =
            RowView { words: self.page.words(), address: &address, is_target: true, sought: &self.sought };
        self.rows = shown.rows.iter().map(|row| view.draw(row)).collect();
        self.first = shown.first_line;
        self.digits = shown.next_line.to_string().len();
        let is_growing = self.frame.is_live() && self.frame.attempt == self.frame.task.attempts;
        if is_growing && !shown.has_more {
            self.source = self.address.stream(shown.end);
        }
        let back = shown.first_line.saturating_sub(LINES as u64).max(1);
        self.earlier = (shown.first_line > 1).then(|| self.address.line(back.saturating_add(ABOVE)));
        self.later = shown.has_more.then(|| self.address.line(shown.next_line.saturating_add(ABOVE)));
    }

    fn found(&self, search: &LogSearch) -> Found {
        let count = search.count;
        let sentence = match search.current {
            _ if count == 0 => t!(self.page, "tasks-log-found-none").to_owned(),
            Some(_) => t!(self.page, "tasks-log-found", rank = search.rank, count = count),
            None => t!(self.page, "tasks-log-found-before", count = count),
        };
        let address = |line: u64| self.address.found(line, &self.sought);
        Found {
            sentences: [sentence].into_iter().chain(self.partial(search.scanned)).collect(),
            previous: search.previous.map(address),
            next: search.next.map(address),
        }
    }

    /// How much of the log was searched, unless all of it was.
    fn partial(&self, scanned: log::Scanned) -> Option<String> {
        let (part, whole) = (words::bytes(scanned.bytes), words::bytes(scanned.total_bytes));
        scanned.is_partial().then(|| t!(self.page, "tasks-log-partial", part = part, whole = whole))
    }
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
