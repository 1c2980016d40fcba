//! Milestones of a repository: what its issues and pull requests are to be done for, and by when.

pub(crate) mod edit;
pub(crate) mod list;
pub(crate) mod show;

use axum::Router;
use hearth_app::{issue, milestone::Milestone, pull_request, thread::ThreadQuery};
use hearth_core::{Error, Kind, MilestoneId, Timestamp, urls::RepositoryUrls};
use hearth_http::routing::{get, get_and_post, post};
use serde::Deserialize;

use crate::{Page, Web, words::Html};

/// The routes below one repository.
pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/milestones", get(list::get))
        .route("/milestones/new", get_and_post(edit::new, edit::create))
        .route("/milestone/{id}", get(show::get))
        .route("/milestones/{id}/edit", get_and_post(edit::get, edit::post))
        .route("/milestones/{id}/state", post(edit::state))
        .route("/milestones/{id}/delete", post(edit::delete))
}

/// The milestone that an address names.
#[derive(Debug, Deserialize)]
pub(crate) struct AtMilestone {
    id: String,
}

impl AtMilestone {
    /// Anything but a number is not found.
    fn id(&self) -> Result<MilestoneId, Error> {
        self.id.parse().map_err(|_| Error::NotFound(Kind::Milestone))
    }
}

/// How far a milestone has come, and when it is due.
pub(crate) struct Progress {
    pub(crate) bar: Html,
    /// How much of it is done; none: nothing belongs to it.
    pub(crate) done: Option<String>,
    pub(crate) due: Option<Due>,
}

/// A due date.
pub(crate) struct Due {
    pub(crate) text: String,
    pub(crate) is_over: bool,
}

impl Due {
    /// `is_open`: it is still to be done, so the date can have passed.
    pub(crate) fn new(page: &Page, due_at: Timestamp, is_open: bool) -> Self {
        let is_over = is_open && due_at < page.now;
        let date = due_at.as_date();
        let text = if is_over {
            t!(page, "repo-milestones-overdue", date = date)
        } else {
            t!(page, "repo-milestones-due", date = date)
        };
        Self { text, is_over }
    }
}

impl Progress {
    pub(crate) fn of(page: &Page, milestone: &Milestone) -> Self {
        let count = |count: i64| u64::try_from(count).unwrap_or(0);
        let (open, closed) = (count(milestone.open_threads), count(milestone.closed_threads));
        let total = open.saturating_add(closed);
        let done = milestone.percent_done().map(|percent| {
            t!(page, "repo-milestones-done", percent = percent, closed = closed, total = total)
        });
        let text = done.as_deref().unwrap_or_else(|| t!(page, "repo-milestones-nothing"));
        Self {
            bar: page.capacity(closed, 0, total.max(1), text),
            done,
            due: milestone.due_at.map(|due_at| Due::new(page, due_at, milestone.is_open())),
        }
    }
}

/// The issues of a milestone, by its title.
pub(crate) fn issues_of(urls: &RepositoryUrls, title: &str) -> String {
    let query = issue::Query { thread: ThreadQuery::of_milestone(title), ..issue::Query::open() };
    urls.issues_matching(&query.to_string())
}

/// Its pull requests.
pub(crate) fn pulls_of(urls: &RepositoryUrls, title: &str) -> String {
    let query =
        pull_request::Query { thread: ThreadQuery::of_milestone(title), ..pull_request::Query::open() };
    urls.pulls_matching(&query.to_string())
}
