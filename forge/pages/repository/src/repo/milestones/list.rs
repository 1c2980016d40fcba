//! `/{owner}/{name}/milestones`.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use hearth_app::{
    App,
    milestone::{self, Milestone, MilestoneFilter, MilestoneSort},
};
use hearth_core::{MilestoneState, PageRequest, Permission};
use serde::Deserialize;

use super::Progress;
use crate::{
    Failure, Page, RepositoryHead,
    repo::{RepositoryVisit, issues::SECTION},
    respond::html,
    words::Html,
};

const ROWS: u32 = 30;

#[derive(Template)]
#[template(path = "pages/repo/milestones/list.html")]
struct List {
    page: Page,
    head: RepositoryHead,
    rows: Vec<(Milestone, Progress)>,
    is_closed: bool,
    open: u64,
    closed: u64,
    number: u32,
    last: u32,
    can_write: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct MilestoneListQuery {
    /// `closed`; anything else: open.
    state: String,
    page: String,
}

impl List {
    fn pages(&self) -> Html {
        self.page.pagination(self.number, self.last)
    }
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Query(asked): Query<MilestoneListQuery>,
) -> Result<Response, Failure> {
    let head = visit.head(&app, &SECTION).await?;
    let is_closed = asked.state == "closed";
    let of = |state| MilestoneFilter { state: Some(state), title: None };
    let states = [MilestoneState::Open, MilestoneState::Closed];
    let mut found = Vec::new();
    for state in states {
        let is_shown = is_closed == (state == MilestoneState::Closed);
        let request = if is_shown { PageRequest::asked(&asked.page, ROWS) } else { PageRequest::new(1, 1) };
        found.push(milestone::list(&app, &visit.access, &of(state), MilestoneSort::DueFirst, request).await?);
    }
    let (open, closed) = (found[0].total, found[1].total);
    let shown = found.swap_remove(usize::from(is_closed));
    let (number, last) = (shown.request.page(), shown.last_page());
    let row = |milestone: Milestone| {
        let progress = Progress::of(&page, &milestone);
        (milestone, progress)
    };
    let rows = shown.items.into_iter().map(row).collect();
    let can_write = page.is_signed_in() && visit.access.can(Permission::Write);
    html(&List { page, head, rows, is_closed, open, closed, number, last, can_write })
}
