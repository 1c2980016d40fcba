use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use hearth_app::{App, code, code::RevisionPath, verification};
use hearth_core::{Error, Kind, PageRequest, Timestamp, urls::RepositoryUrls};

use super::{
    RepositoryVisit,
    source::{At, renamed},
    surroundings::BranchMenu,
    verified, view,
};
use crate::{Failure, Page, RepositoryHead, respond, words::Html};

/// A history, newest first, grouped by day.
#[derive(Template)]
#[template(path = "pages/repo/commits.html")]
struct Commits {
    page: Page,
    head: RepositoryHead,
    place: RevisionPath,
    menu: BranchMenu,
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
    /// Name before and after, where the commit renamed the file.
    renamed: Option<(String, String)>,
    /// The badge of its signature; none if it is not signed.
    verified: Option<Html>,
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
    let (place, found) = match code::commits(&app, &visit.access, &at.kind, &at.rest, request).await {
        Err(error @ Error::NotFound(Kind::Revision)) => {
            let Some((branch, file)) = renamed(&app, &visit, &at).await? else { return Err(error.into()) };
            return Ok(respond::see_other(&visit.urls.commits(&branch, &file)));
        }
        found => found?,
    };
    let here = visit.urls.commits(&place.revision, place.path.as_str());
    let signed = found.commits.iter().filter(|commit| commit.is_signed);
    let signed: Vec<_> = signed.map(|commit| (commit.id, commit.committer.email.clone())).collect();
    let ids: Vec<_> = signed.iter().map(|(id, _)| *id).collect();
    let checked = verification::verify(&app, &visit.access, signed).await?;
    let checked: HashMap<_, _> = ids.into_iter().zip(checked).collect();
    // A file has its name at each commit; a whole history has none.
    let mut names = found.names.into_iter();
    let mut days: Vec<Day> = Vec::new();
    for commit in found.commits {
        let change = names.next();
        let path = change.as_ref().map_or(place.path.as_str(), |change| &*change.path);
        let date = commit.committer.time.strftime("%Y-%m-%d").to_string();
        if days.last().is_none_or(|day| day.date != date) {
            days.push(Day { date, commits: Vec::new() });
        }
        let id = commit.id.to_string();
        let row = Row {
            short: commit.id.short(),
            address: visit.urls.commit(&id),
            source: visit.urls.source(&hearth_core::urls::Revision::Commit(id.clone()), path),
            author: commit.author.name,
            time: page.time(Timestamp::new(commit.committer.time)),
            is_merge: commit.parent_count > 1,
            verified: checked.get(&commit.id).and_then(|checked| verified::badge(&page, checked)),
            renamed: change.as_ref().and_then(|change| {
                Some((change.renamed_from.as_deref()?.to_owned(), change.path.to_string()))
            }),
            title: commit.title,
            id,
        };
        days.last_mut().expect("a day was pushed above").commits.push(row);
    }
    let number = request.page();
    respond::html(&Commits {
        menu: BranchMenu::read(&app, &visit, &place, RepositoryUrls::commits).await?,
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
