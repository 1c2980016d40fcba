//! `/{owner}/{name}/milestone/{id}`: how far it has come, and what belongs to it.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use hearth_app::{
    App, access,
    issue::{self, Bodies, IssueCard, IssueFilter},
    markdown,
    milestone::{self, Milestone},
    pull_request::{self, PullRequestCard, PullRequestFilter},
    thread::ThreadSort,
};
use hearth_core::{PageRequest, Permission, Unit};

use super::{AtMilestone, Progress, issues_of, pulls_of};
use crate::{
    Failure, Page, RepositoryHead,
    prose::prose,
    repo::{RepositoryVisit, issues::SECTION},
    respond::html,
    words::Html,
};

/// Of each kind; the others are in the lists.
const ROWS: u32 = 50;

#[derive(Template)]
#[template(path = "pages/repo/milestones/show.html")]
struct Show {
    page: Page,
    head: RepositoryHead,
    milestone: Milestone,
    progress: Progress,
    description: Html,
    /// What is open comes first.
    issues: Vec<IssueCard>,
    pulls: Vec<PullRequestCard>,
    can_write: bool,
}

impl Show {
    fn all_issues(&self) -> String {
        issues_of(&self.head.urls, &self.milestone.title)
    }

    fn all_pulls(&self) -> String {
        pulls_of(&self.head.urls, &self.milestone.title)
    }
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<AtMilestone>,
) -> Result<Response, Failure> {
    let milestone = milestone::find(&app, &visit.access, at.id()?).await?;
    let head = visit.head(&app, &SECTION).await?;
    let drawn =
        markdown::comments(&app, &visit.access, page.language, &[milestone.description.as_str()]).await?;
    let description = drawn.first().map(|drawn| prose(page.words(), drawn)).unwrap_or_default();
    let thread = issue::ThreadFilter { milestone: Some(milestone.id), ..issue::ThreadFilter::default() };
    let (order, request) = ((ThreadSort::Newest, Bodies::LeftOut), PageRequest::new(1, ROWS));
    let filter = IssueFilter { state: None, thread: thread.clone() };
    let mut issues = issue::list(&app, &visit.access, &filter, order, request).await?.items;
    issues.sort_by_key(|card| !card.issue.is_open());
    let mut pulls = Vec::new();
    if let Some(access) = access::if_seen(visit.access.enter_unit(Unit::Pulls))? {
        let filter = PullRequestFilter { thread, ..PullRequestFilter::default() };
        pulls = pull_request::list(&app, &access, &filter, order, request).await?.items;
        pulls.sort_by_key(|card| !card.pull_request.is_open());
    }
    let progress = Progress::of(&page, &milestone);
    let can_write = page.is_signed_in() && visit.access.can(Permission::Write);
    html(&Show { page, head, milestone, progress, description, issues, pulls, can_write })
}
