//! Server-sent events for open pages: that something changed, and the lines of the log as they come.
//!
//! A stream regularly checks that its reader still has access, sends keep-alives so that proxies keep it
//! open, and ends after a while in any case: browsers reconnect by themselves, and say where they left off.

use std::{
    convert::Infallible,
    time::{Duration, Instant},
};

use axum::{
    extract::{Query, State},
    response::{
        IntoResponse as _, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::{Stream, stream};
use hearth_app::{Actor, App, Change, ChangeReceiver, log, task};
use hearth_core::TaskId;
use http::{HeaderMap, HeaderName, HeaderValue, header::CACHE_CONTROL};
use serde::Deserialize;
use tokio::time::sleep;

use super::{TaskVisit, log::shown};
use crate::{Failure, Page, words::Words};

/// How long one connection lives.
const MAX_CONNECTION_AGE: Duration = Duration::from_mins(5);
/// How often a stream checks by itself, in case it missed a notification.
const POLL_INTERVAL: Duration = Duration::from_secs(5);
/// Lines that come in quick succession are sent together.
const BATCH_DELAY: Duration = Duration::from_millis(120);
const HEARTBEAT: Duration = Duration::from_secs(15);
const RECONNECT_DELAY: Duration = Duration::from_secs(1);

/// Where a log is to be followed from.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(crate) struct Follow {
    attempt: i64,
    #[serde(default)]
    from: u64,
    #[serde(default)]
    node: u32,
}

/// `/tasks/{id}/log/stream`: each message is whole lines, its id the byte offset after them.
pub(crate) async fn log_lines(
    State(app): State<App>,
    page: Page,
    visit: TaskVisit,
    Query(asked): Query<Follow>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let seen = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok());
    let offset = seen.unwrap_or(asked.from);
    // A request for an attempt that does not exist is refused before anything is sent.
    log::read(&app, &visit.access, asked.attempt, asked.node, u64::MAX).await?;
    let words = page.words();
    let follower = Follower::new(app, page.actor, visit.access.id());
    let state = (follower, offset);
    Ok(answer(stream::unfold(Some(state), move |state| async move {
        let (mut follower, offset) = state?;
        let (event, next) = follower.more_lines(words, (asked.attempt, asked.node), offset).await?;
        Some((Ok(event), next.map(|offset| (follower, offset))))
    })))
}

/// `/tasks/{id}/events`: `change` whenever the page is out of date, `end` when the task has ended.
pub(crate) async fn events(
    State(app): State<App>,
    page: Page,
    visit: TaskVisit,
) -> Result<Response, Failure> {
    let follower = Follower::new(app, page.actor, visit.access.id());
    Ok(answer(stream::unfold(Some((follower, None)), |state| async {
        let (mut follower, seen) = state?;
        let (event, now) = follower.next_change(seen).await?;
        Some((Ok(event), now.map(|now| (follower, Some(now)))))
    })))
}

fn answer(stream: impl Stream<Item = Result<Event, Infallible>> + Send + 'static) -> Response {
    let headers = [
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        // nginx and similar proxies would otherwise buffer the response.
        (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
    ];
    (headers, Sse::new(stream).keep_alive(KeepAlive::new().interval(HEARTBEAT))).into_response()
}

/// One open page.
struct Follower {
    app: App,
    actor: Actor,
    id: TaskId,
    news: ChangeReceiver,
    until: Instant,
}

/// What a page shows of a task: when any of these changes, it must be drawn again.
type PageSnapshot = (hearth_core::TaskState, hearth_core::Reason, i64, Option<usize>, u64);

impl Follower {
    fn new(app: App, actor: Actor, id: TaskId) -> Self {
        // Listens before the first look, so that no change is missed.
        let news = app.changes().listen();
        Self { app, actor, id, news, until: Instant::now() + MAX_CONNECTION_AGE }
    }

    /// The next message and the offset after it; no offset after the last one. `None`: it is over.
    async fn more_lines(
        &mut self,
        words: Words,
        (attempt, node): (i64, u32),
        offset: u64,
    ) -> Option<(Event, Option<u64>)> {
        loop {
            let access = task::find(&self.app, &self.actor, self.id).await.ok()?;
            let is_over = access.task().state.is_terminal() || access.task().attempts > attempt;
            let news =
                log::finished_lines(&self.app, &access, (attempt, node), offset, !is_over).await.ok()?;
            if !news.lines.is_empty() {
                let lines: Vec<String> = news.lines.iter().map(|line| shown(words, line)).collect();
                let next = news.next_offset;
                let event =
                    Event::default().id(next.to_string()).retry(RECONNECT_DELAY).data(lines.join("\n"));
                return Some((event, Some(next)));
            }
            if is_over {
                return Some((Event::default().event("end").data("end"), None));
            }
            self.wait(|change, id| matches!(change, Change::Log(of) | Change::Task(of) if of == id)).await?;
        }
    }

    async fn next_change(
        &mut self,
        seen: Option<(PageSnapshot, u64)>,
    ) -> Option<(Event, Option<(PageSnapshot, u64)>)> {
        let mut measured = seen.as_ref().map_or(0, |(_, measured)| *measured);
        loop {
            let snapshot = self.snapshot().await?;
            if snapshot.0.is_terminal() && snapshot.4 > 0 {
                return Some((Event::default().event("end").data("end"), None));
            }
            let is_new = seen.as_ref().is_none_or(|(before, at)| *before != snapshot || *at != measured);
            if is_new {
                // The first event only tells the page that it is connected.
                let name = if seen.is_some() { "change" } else { "hello" };
                let event = Event::default().event(name).retry(RECONNECT_DELAY).data(snapshot.0.as_str());
                return Some((event, Some((snapshot, measured))));
            }
            if let Some(Change::Metrics(_)) = self.wait(|change, id| of_task(change) == Some(id)).await? {
                measured += 1;
            }
        }
    }

    async fn snapshot(&self) -> Option<PageSnapshot> {
        let access = task::find(&self.app, &self.actor, self.id).await.ok()?;
        let task = access.task();
        let place = hearth_app::queue::number(&self.app, task).await.ok()?;
        Some((task.state, task.reason, task.attempts, place, u64::from(task.ended_at.is_some())))
    }

    /// Waits for news of this task or for the next regular check. `None`: the connection is too old.
    async fn wait(&mut self, is_news: impl Fn(Change, TaskId) -> bool) -> Option<Option<Change>> {
        let next_poll = sleep(POLL_INTERVAL);
        tokio::pin!(next_poll);
        let found = loop {
            if Instant::now() >= self.until {
                return None;
            }
            tokio::select! {
                () = &mut next_poll => break None,
                change = self.news.next() => match change {
                    Some(change) if !is_news(change, self.id) => {}
                    // `None`: some changes were missed, so everything is checked again.
                    change => break change,
                },
            }
        };
        sleep(BATCH_DELAY).await;
        Some(found)
    }
}

fn of_task(change: Change) -> Option<TaskId> {
    match change {
        Change::Task(id) | Change::Metrics(id) => Some(id),
        _ => None,
    }
}
