//! `/` for signed-in users: their repositories, their tasks, and the activity around them.

use askama::Template;
use axum::response::Response;
use hearth_app::{
    activity,
    repository::{self, Filter, Order},
    task::{self, Task, TaskFilter},
};
use hearth_core::{EventId, PageRequest, urls};

use crate::{
    Failure, Page, Web,
    activity_row::ActivityList,
    pending_request_row::{self, PendingRequestRow},
    repository_row::RepositoryRow,
    respond::html,
};

const MOST_REPOSITORIES: u32 = 20;
const MOST_TASKS: u32 = 8;

#[derive(Template)]
#[template(path = "pages/dashboard.html")]
struct Dashboard {
    page: Page,
    rows: Vec<RepositoryRow>,
    total: u64,
    tasks: Vec<TaskRow>,
    feed: ActivityList,
    /// Requests that await the reader's answer.
    asked: Vec<PendingRequestRow>,
    /// The server's address, for signing in on the command line.
    root: String,
}

impl Dashboard {
    fn has_more(&self) -> bool {
        self.total > self.rows.len() as u64
    }

    /// The address of the list of all the reader's repositories.
    fn all(&self) -> String {
        self.page.viewer.as_ref().map(|viewer| urls::user(viewer.name.as_str())).unwrap_or_default()
    }
}

struct TaskRow {
    address: String,
    task: Task,
}

pub(super) async fn draw(web: &Web, page: Page, older_than: Option<EventId>) -> Result<Response, Failure> {
    let app = web.app();
    let filter = Filter { member: page.actor.user_id(), order: Order::Updated, ..Filter::default() };
    let list = repository::list(app, &page.actor, filter, PageRequest::new(1, MOST_REPOSITORIES)).await?;
    let request = PageRequest::new(1, MOST_TASKS);
    let tasks = task::list_mine(app, &page.actor, &TaskFilter::default(), request).await?;
    let tasks = tasks.into_iter().map(|task| TaskRow { address: urls::task(task.id), task }).collect();
    let feed = activity::of_oneself(app, &page.actor, older_than).await?;
    let feed = ActivityList::new(&page, &feed, urls::home(), true);
    let asked = pending_request_row::list(app, &page).await?;
    let total = list.total;
    let rows = list.items.into_iter().map(RepositoryRow::from).collect();
    html(&Dashboard { page, rows, total, tasks, feed, asked, root: app.urls().root().to_owned() })
}
