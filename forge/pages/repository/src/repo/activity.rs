//! `/{owner}/{name}/activity`: what happened in a repository.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use hearth_app::{App, activity};
use serde::Deserialize;

use super::RepositoryVisit;
use crate::{
    Failure, Page, RepositoryHead, Section,
    activity_row::{ActivityList, before},
    respond::html,
};

pub const SECTION: Section = Section {
    name: "activity",
    icon: || icon!("history"),
    label: |page| t!(page, "common-tab-activity"),
    address: |urls| urls.activity(),
    count: |_| 0,
    is_shown: |head| head.is_open(hearth_core::Unit::Code),
};

#[derive(Template)]
#[template(path = "pages/repo/activity.html")]
struct Activity {
    page: Page,
    head: RepositoryHead,
    feed: ActivityList,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct ActivityQuery {
    #[serde(default)]
    before: String,
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Query(query): Query<ActivityQuery>,
) -> Result<Response, Failure> {
    let head = visit.head(&app, &SECTION).await?;
    let feed = activity::of_repository(&app, &visit.access, before(&query.before)).await?;
    let feed = ActivityList::new(&page, &feed, &visit.urls.activity(), false);
    html(&Activity { page, head, feed })
}
