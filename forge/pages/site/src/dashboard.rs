//! `/` for signed-in users: what waits for them, what runs, what ended since they last looked, their
//! repositories, and the activity around them.

use askama::Template;
use axum::response::Response;
use hearth_app::{
    activity,
    dashboard::{self, AssignedIssue, Turn, TurnReason},
    repository::{self, Filter, Order},
    task::Task,
};
use hearth_core::{
    EventId, PageRequest, Timestamp,
    urls::{self, RepositoryUrls},
};
use hearth_words::reason;

use crate::{
    Failure, Page, Web,
    activity_row::ActivityList,
    pending_request_row::{self, PendingRequestRow},
    repository_row::RepositoryRow,
    respond::html,
};

const MOST_REPOSITORIES: u32 = 12;

#[derive(Template)]
#[template(path = "pages/dashboard.html")]
struct Dashboard {
    page: Page,
    /// Requests that await the reader's answer.
    asked: Vec<PendingRequestRow>,
    assigned: Vec<IssueRow>,
    /// Pull requests whose next step is the reader's.
    turns: Vec<TurnRow>,
    /// Tasks that do not start unless somebody decides.
    undecided: Vec<TaskRow>,
    active: Vec<TaskRow>,
    ended: Vec<TaskRow>,
    /// When the reader last looked before.
    since: Timestamp,
    rows: Vec<RepositoryRow>,
    total: u64,
    feed: ActivityList,
    /// The server's address, for signing in on the command line.
    root: String,
}

impl Dashboard {
    fn has_more(&self) -> bool {
        self.total > self.rows.len() as u64
    }

    fn is_nothing_waiting(&self) -> bool {
        self.asked.is_empty()
            && self.assigned.is_empty()
            && self.turns.is_empty()
            && self.undecided.is_empty()
    }

    /// Whether the reader has not begun with anything.
    fn is_new(&self) -> bool {
        self.rows.is_empty() && self.active.is_empty() && self.ended.is_empty() && self.is_nothing_waiting()
    }

    /// The address of the list of all the reader's repositories.
    fn all(&self) -> String {
        self.page.viewer.as_ref().map(|viewer| urls::user(viewer.name.as_str())).unwrap_or_default()
    }
}

struct IssueRow {
    address: String,
    title: String,
    /// `owner/name#7`.
    reference: String,
    updated_at: Timestamp,
}

impl From<AssignedIssue> for IssueRow {
    fn from(issue: AssignedIssue) -> Self {
        let (owner, name) = (issue.owner.as_str(), issue.repository.as_str());
        Self {
            address: RepositoryUrls::new(issue.kind, owner, name).issue(issue.number),
            reference: format!("{owner}/{name}#{}", issue.number),
            title: issue.title,
            updated_at: issue.updated_at,
        }
    }
}

struct TurnRow {
    address: String,
    title: String,
    /// `owner/name#7`.
    reference: String,
    /// What the reader has to do.
    task: &'static str,
    updated_at: Timestamp,
}

impl TurnRow {
    fn new(page: &Page, turn: Turn) -> Self {
        let (owner, name) = (turn.owner.as_str(), turn.repository.as_str());
        Self {
            address: RepositoryUrls::new(turn.kind, owner, name).pull(turn.number),
            reference: format!("{owner}/{name}#{}", turn.number),
            task: match turn.reason {
                TurnReason::ReviewRequested => t!(page, "dashboard-turn-review"),
                TurnReason::ChangesRequested => t!(page, "dashboard-turn-changes"),
                TurnReason::Conflicts => t!(page, "dashboard-turn-conflicts"),
                TurnReason::ReadyToMerge => t!(page, "dashboard-turn-merge"),
            },
            title: turn.title,
            updated_at: turn.updated_at,
        }
    }
}

struct TaskRow {
    address: String,
    /// What the reader can do, where the task waits for them.
    next_step: Option<String>,
    task: Task,
}

impl TaskRow {
    fn all(page: &Page, tasks: Vec<Task>) -> Vec<Self> {
        let next = |task: &Task| {
            task.reason.needs_decision().then(|| reason::next_step(page.words(), task.reason)).flatten()
        };
        let row = |task: Task| Self { address: urls::task(task.id), next_step: next(&task), task };
        tasks.into_iter().map(row).collect()
    }
}

pub(super) async fn draw(web: &Web, page: Page, older_than: Option<EventId>) -> Result<Response, Failure> {
    let app = web.app();
    let own = dashboard::look(app, &page.actor).await?;
    let filter = Filter { member: page.actor.user_id(), order: Order::Updated, ..Filter::default() };
    let list = repository::list(app, &page.actor, filter, PageRequest::new(1, MOST_REPOSITORIES)).await?;
    let feed = activity::of_oneself(app, &page.actor, older_than).await?;
    let feed = ActivityList::new(&page, &feed, urls::home(), true);
    let asked = pending_request_row::list(app, &page).await?;
    html(&Dashboard {
        asked,
        assigned: own.assigned.into_iter().map(IssueRow::from).collect(),
        turns: own.turns.into_iter().map(|turn| TurnRow::new(&page, turn)).collect(),
        undecided: TaskRow::all(&page, own.undecided),
        active: TaskRow::all(&page, own.active),
        ended: TaskRow::all(&page, own.ended),
        since: own.since,
        total: list.total,
        rows: list.items.into_iter().map(RepositoryRow::from).collect(),
        feed,
        root: app.urls().root().to_owned(),
        page,
    })
}
