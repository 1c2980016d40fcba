//! `/-/admin/jobs`: background jobs, failed ones, and schedules.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use hearth_app::jobs::{self, Filter, JobRow, JobState, Overview, Queue, SCHEDULES, Schedule};
use hearth_core::{Error, JobId, Kind, PageRequest, Timestamp, urls};
use serde::Deserialize;

use crate::{
    Failure, Flash, Form, MenuEntry, Page, Web,
    respond::{html, see_other_with},
    words::Html,
};

pub(crate) const MENU_ENTRY: MenuEntry = MenuEntry {
    name: "jobs",
    icon: || icon!("task"),
    label: |page| t!(page, "common-admin-jobs"),
    address: || urls::admin("jobs"),
};

#[derive(Template)]
#[template(path = "pages/admin/jobs.html")]
struct Jobs {
    page: Page,
    section: &'static str,
    filter: Filter,
    overview: Overview,
    rows: Vec<JobRow>,
    total: u64,
    /// Pagination links.
    pages: Html,
}

/// The state of one queue.
struct QueueRow {
    name: &'static str,
    waiting: i64,
    running: i64,
    failed: i64,
    /// Since when the oldest waiting job has been waiting.
    oldest: Option<Timestamp>,
}

/// A scheduled job.
struct ScheduleRow {
    name: &'static str,
    cron: &'static str,
    next_at: Option<Timestamp>,
}

impl Jobs {
    fn queues(&self) -> Vec<QueueRow> {
        let row = |queue: &Queue| {
            let of = |state| {
                let found = self.overview.counts.iter();
                found.clone().find(|count| count.queue == queue.as_str() && count.state == state)
            };
            let jobs = |state| of(state).map_or(0, |count| count.jobs);
            QueueRow {
                name: queue.as_str(),
                waiting: jobs(JobState::Waiting),
                running: jobs(JobState::Running),
                failed: jobs(JobState::Failed),
                oldest: of(JobState::Waiting).map(|count| count.oldest),
            }
        };
        Queue::ALL.iter().map(row).collect()
    }

    fn schedules(&self) -> Vec<ScheduleRow> {
        let next = |name: &str| self.overview.schedules.iter().find(|(known, _)| known == name);
        let row = |schedule: &Schedule| ScheduleRow {
            name: schedule.name,
            cron: schedule.cron,
            next_at: next(schedule.name).map(|(_, at)| *at),
        };
        SCHEDULES.iter().map(row).collect()
    }

    /// A queue of another version is shown by its raw name.
    fn queue_word(&self, queue: &str) -> String {
        let Ok(known) = queue.parse() else { return queue.to_owned() };
        match known {
            Queue::Repositories => t!(self.page, "admin-jobs-queue-repositories"),
            Queue::Tasks => t!(self.page, "admin-jobs-queue-tasks"),
            Queue::Deliveries => t!(self.page, "admin-jobs-queue-deliveries"),
            Queue::Mail => t!(self.page, "admin-jobs-queue-mail"),
            Queue::Housekeeping => t!(self.page, "admin-jobs-queue-housekeeping"),
        }
        .to_owned()
    }

    fn state_word(&self, state: JobState) -> &'static str {
        match state {
            JobState::Waiting => t!(self.page, "admin-jobs-waiting"),
            JobState::Running => t!(self.page, "admin-jobs-running"),
            JobState::Failed => t!(self.page, "admin-jobs-failed"),
        }
    }

    /// The states to filter by, with their labels; the first is all of them.
    fn states(&self) -> Vec<(&'static str, &'static str)> {
        let all = ("", t!(self.page, "admin-jobs-every-state"));
        std::iter::once(all)
            .chain(JobState::ALL.iter().map(|state| (state.as_str(), self.state_word(*state))))
            .collect()
    }

    fn is_chosen(&self, state: &str) -> bool {
        self.filter.state.map_or("", JobState::as_str) == state
    }

    fn icon(state: JobState) -> Html {
        match state {
            JobState::Waiting => icon!("state-waiting"),
            JobState::Running => icon!("state-running"),
            JobState::Failed => icon!("state-bad"),
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct JobsQuery {
    state: String,
    queue: String,
    page: String,
}

pub(crate) async fn get(
    State(web): State<Web>,
    page: Page,
    Query(query): Query<JobsQuery>,
) -> Result<Response, Failure> {
    let queue = Some(query.queue).filter(|queue| !queue.is_empty());
    let filter = Filter { state: query.state.parse().ok(), queue };
    let overview = jobs::overview(web.app(), &page.actor).await?;
    let list = jobs::list(web.app(), &page.actor, &filter, PageRequest::asked(&query.page, 0)).await?;
    let pages = page.pagination(list.request.page(), list.last_page());
    let (rows, total) = (list.items, list.total);
    html(&Jobs { page, section: MENU_ENTRY.name, filter, overview, rows, total, pages })
}

#[derive(Debug, Deserialize)]
pub(crate) struct JobAct {}

/// `POST /-/admin/jobs/{id}/run` and `…/discard`.
pub(crate) async fn act(
    State(web): State<Web>,
    page: Page,
    Path((id, act)): Path<(i64, String)>,
    Form(JobAct {}): Form<JobAct>,
) -> Result<Response, Failure> {
    let message = match act.as_str() {
        "run" => {
            jobs::run_now(web.app(), &page.actor, JobId(id)).await?;
            "flash-job-enqueued"
        }
        "discard" => {
            jobs::discard(web.app(), &page.actor, JobId(id)).await?;
            "flash-job-discarded"
        }
        _ => return Err(Error::NotFound(Kind::Page).into()),
    };
    Ok(see_other_with(&urls::admin("jobs"), Flash::new(message, "")))
}
