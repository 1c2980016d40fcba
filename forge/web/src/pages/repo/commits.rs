use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use hearth_app::{App, code, code::RevisionPath};
use hearth_core::{PageRequest, Timestamp, urls::RepositoryUrls};

use super::{RepositoryVisit, source::At, view};
use crate::{Failure, Page, RepositoryHead, respond, words::Html};

/// A history, newest first, grouped by day.
#[derive(Template)]
#[template(path = "pages/repo/commits.html")]
struct Commits {
    page: Page,
    head: RepositoryHead,
    place: RevisionPath,
    revision: String,
    crumbs: Vec<(String, String)>,
    days: Vec<Day>,
    newer: Option<String>,
    older: Option<String>,
    /// Whether older commits are left out.
    is_cut: bool,
}

struct Day {
    date: String,
    commits: Vec<Row>,
}

struct Row {
    id: String,
    short: String,
    title: String,
    address: String,
    source: String,
    author: String,
    time: Html,
    is_merge: bool,
}

impl Commits {
    /// This page as it is at this commit.
    fn permalink(&self) -> String {
        view::permalink(&self.head.urls, &self.place, RepositoryUrls::commits)
    }
}

#[derive(serde::Deserialize)]
pub(crate) struct CommitListQuery {
    #[serde(default)]
    page: u32,
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<At>,
    Query(wanted): Query<CommitListQuery>,
) -> Result<Response, Failure> {
    let head = visit.head(&app, &super::home::SECTION).await?;
    let request = PageRequest::new(wanted.page, 0);
    let (place, found) = code::commits(&app, &visit.access, &at.kind, &at.rest, request).await?;
    let here = visit.urls.commits(&place.revision, place.path.as_str());
    let mut days: Vec<Day> = Vec::new();
    for commit in found.commits {
        let date = commit.committer.time.strftime("%Y-%m-%d").to_string();
        if days.last().is_none_or(|day| day.date != date) {
            days.push(Day { date, commits: Vec::new() });
        }
        let id = commit.id.to_string();
        let row = Row {
            short: commit.id.short(),
            address: visit.urls.commit(&id),
            source: visit.urls.source(&hearth_core::urls::Revision::Commit(id.clone()), place.path.as_str()),
            author: commit.author.name,
            time: page.time(Timestamp::new(commit.committer.time)),
            is_merge: commit.parent_count > 1,
            title: commit.title,
            id,
        };
        days.last_mut().expect("a day was pushed above").commits.push(row);
    }
    let number = request.page();
    respond::html(&Commits {
        revision: view::revision_text(&place.revision),
        crumbs: view::crumbs(&visit.urls, &place.revision, &place.path),
        newer: (number > 1).then(|| format!("{here}?page={}", number - 1)),
        older: found.has_next.then(|| format!("{here}?page={}", number + 1)),
        is_cut: found.is_cut,
        page,
        head,
        place,
        days,
    })
}
