//! Server-sent events for open pages: that something changed, and the rows of the log as they come.
//!
//! A stream regularly checks that its reader is still signed in and still has access, sends keep-alives so that
//! proxies keep it open, and ends after a while in any case: pages connect again, and say where they left off.

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
use hearth_app::{
    App, Change, ChangeReceiver,
    log::{self, LogFollower, LogNews, LogPosition},
    task::{self, TaskAccess},
};
use hearth_core::{TaskId, UserId};
use http::{HeaderMap, HeaderName, HeaderValue, header::CACHE_CONTROL};
use serde::Deserialize;
use tokio::time::sleep;
use tower_sessions::{Session, session::Id};

use super::{TaskVisit, log_address::LogAddress, log_row::RowView};
use crate::{Failure, Page, session, words::Words};

/// How long one connection lives.
const MAX_CONNECTION_AGE: Duration = Duration::from_mins(5);
/// How often a stream checks by itself, in case it missed a notification.
const POLL_INTERVAL: Duration = Duration::from_secs(5);
/// What comes in quick succession is sent together.
const BATCH_DELAY: Duration = Duration::from_millis(120);
const HEARTBEAT: Duration = Duration::from_secs(15);
const RECONNECT_DELAY: Duration = Duration::from_secs(1);

/// Where a log is to be followed from.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Follow {
    attempt: i64,
    /// A [`LogPosition`]; none: the end of the log is sent first.
    #[serde(default)]
    from: String,
    #[serde(default)]
    node: u32,
}

/// `/tasks/{id}/log/stream`: rows of the log as markup, one a line of data. Those with a number that the
/// reader has replace it, others come after it; with the event `all` they replace everything. The id of a
/// message is the position after it.
pub(crate) async fn log_lines(
    State(app): State<App>,
    session: Session,
    page: Page,
    visit: TaskVisit,
    Query(asked): Query<Follow>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let seen = headers.get("last-event-id").and_then(|id| id.to_str().ok());
    let Ok(from) = seen.unwrap_or(&asked.from).parse::<LogPosition>();
    // An attempt or a machine that does not exist is refused before anything is sent.
    let place = (asked.attempt, asked.node);
    let log = log::follow(&app, &visit.access, place, from)?;
    let reader = LogReader {
        words: page.words(),
        address: LogAddress::new(visit.access.id(), place).before_line(),
        attempt: asked.attempt,
        log,
        follower: Follower::new(app, &session, &page, visit.access.id()),
    };
    Ok(answer(stream::unfold(Some(reader), |reader| async {
        let (event, reader) = reader?.next_rows().await?;
        Some((Ok(event), reader))
    })))
}

/// `/tasks/{id}/events`: `hello` first; `change` when the page is out of date, `measured` for new metrics,
/// `log` for new lines, `end` when the task has ended.
pub(crate) async fn events(
    State(app): State<App>,
    session: Session,
    page: Page,
    visit: TaskVisit,
) -> Result<Response, Failure> {
    let follower = Follower::new(app, &session, &page, visit.access.id());
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

/// An event of which only the name matters.
fn named(name: &str) -> Event {
    Event::default().event(name).retry(RECONNECT_DELAY).data(name)
}

/// The connection is old: the page is to open another one.
fn again() -> Event {
    named("again")
}

/// One open page with a log.
struct LogReader {
    words: Words,
    /// The address of a line, up to its number.
    address: String,
    attempt: i64,
    log: LogFollower,
    follower: Follower,
}

impl LogReader {
    /// The next message, and the reader unless it is the last one. `None`: they may not read it any more.
    async fn next_rows(mut self) -> Option<(Event, Option<Self>)> {
        loop {
            let access = self.follower.access().await?;
            let is_over = access.task().state.is_terminal() || access.task().attempts > self.attempt;
            let (log, news) = log::news(self.log, &access).await.ok()?;
            self.log = log;
            if let Some(news) = news {
                return Some((self.message(&news), Some(self)));
            }
            if is_over {
                return Some((named("end"), None));
            }
            let is_news =
                |change: Change, id: TaskId| matches!(change, Change::Log(of) | Change::Task(of) if of == id);
            if let Waited::TooLong = self.follower.wait(is_news).await {
                return Some((again(), None));
            }
        }
    }

    fn message(&self, news: &LogNews) -> Event {
        let (event, rows) = match news {
            LogNews::Rows(rows) => (Event::default(), rows),
            LogNews::End(rows) => (Event::default().event("all"), rows),
        };
        let view = RowView { words: self.words, address: &self.address, is_target: true, sought: "" };
        let rows: Vec<String> = rows.iter().map(|row| view.draw(row).to_string()).collect();
        event.id(self.log.position().to_string()).retry(RECONNECT_DELAY).data(rows.join("\n"))
    }
}

/// One open page.
struct Follower {
    app: App,
    session: Option<Id>,
    /// Whose page it is; none: a visitor's.
    reader: Option<UserId>,
    id: TaskId,
    news: ChangeReceiver,
    until: Instant,
}

/// What a page shows of a task: when any of these changes, it must be drawn again.
type PageSnapshot = (hearth_core::TaskState, hearth_core::Reason, i64, Option<usize>, bool);

/// Why a wait ended.
enum Waited {
    Change(Change),
    /// Some changes were missed.
    Missed,
    /// It is time to look without being told.
    Check,
    /// The connection is too old.
    TooLong,
}

impl Follower {
    fn new(app: App, session: &Session, page: &Page, id: TaskId) -> Self {
        // Listens before the first look, so that no change is missed.
        let news = app.changes().listen();
        let (session, reader) = (session.id(), page.actor.user_id());
        Self { app, session, reader, id, news, until: Instant::now() + MAX_CONNECTION_AGE }
    }

    /// `None`: the reader may not read it any more, or is somebody else by now, for whom the page connects again.
    async fn access(&self) -> Option<TaskAccess> {
        let actor = session::actor_now(&self.app, self.session).await.ok()?;
        if actor.user_id() != self.reader {
            return None;
        }
        task::find(&self.app, &actor, self.id).await.ok()
    }

    async fn next_change(&mut self, seen: Option<PageSnapshot>) -> Option<(Event, Option<PageSnapshot>)> {
        loop {
            let snapshot = self.snapshot().await?;
            let (state, .., has_ended) = snapshot;
            if state.is_terminal() && has_ended {
                return Some((named("end"), None));
            }
            match seen {
                // The first event only tells the page that it is connected.
                None => return Some((named("hello"), Some(snapshot))),
                Some(before) if before != snapshot => return Some((named("change"), Some(snapshot))),
                Some(_) => {}
            }
            let name = match self.wait(|change, id| of_task(change) == Some(id)).await {
                Waited::Change(Change::Metrics(_)) => "measured",
                Waited::Change(Change::Log(_)) => "log",
                Waited::Missed => "change",
                Waited::Change(_) | Waited::Check => continue,
                Waited::TooLong => return Some((again(), None)),
            };
            return Some((named(name), Some(snapshot)));
        }
    }

    async fn snapshot(&self) -> Option<PageSnapshot> {
        let access = self.access().await?;
        let task = access.task();
        let place = hearth_app::queue::number(&self.app, task).await.ok()?;
        Some((task.state, task.reason, task.attempts, place, task.ended_at.is_some()))
    }

    /// Waits for news of this task or for the next regular check.
    async fn wait(&mut self, is_news: impl Fn(Change, TaskId) -> bool) -> Waited {
        let next_poll = sleep(POLL_INTERVAL);
        tokio::pin!(next_poll);
        let found = loop {
            if Instant::now() >= self.until {
                return Waited::TooLong;
            }
            tokio::select! {
                () = &mut next_poll => break Waited::Check,
                change = self.news.next() => match change {
                    Some(change) if is_news(change, self.id) => break Waited::Change(change),
                    Some(_) => {}
                    None => break Waited::Missed,
                },
            }
        };
        sleep(BATCH_DELAY).await;
        found
    }
}

fn of_task(change: Change) -> Option<TaskId> {
    match change {
        Change::Task(id) | Change::Metrics(id) | Change::Log(id) => Some(id),
        _ => None,
    }
}
