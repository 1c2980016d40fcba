use askama::Template;
use axum::{extract::State, response::Response};
use hearth_app::{App, code};
use hearth_core::urls::Revision;
use hearth_git::{Branch, Commit};

use super::{RepositoryVisit, view::CommitLink};
use crate::{Failure, Page, RepositoryHead, respond};

/// All branches, the default one first.
#[derive(Template)]
#[template(path = "pages/repo/branches.html")]
struct Branches {
    page: Page,
    head: RepositoryHead,
    rows: Vec<Row>,
    hidden: usize,
}

struct Row {
    name: String,
    address: String,
    is_default: bool,
    latest: CommitLink,
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
) -> Result<Response, Failure> {
    let head = visit.head(&app, &super::home::SECTION).await?;
    let branches = code::branches(&app, &visit.access, code::MOST_REFERENCES).await?;
    let row = |(branch, commit): &(Branch, Commit), is_default| Row {
        name: branch.name.as_str().to_owned(),
        address: visit.urls.source(&Revision::Branch(branch.name.as_str().to_owned()), ""),
        is_default,
        latest: CommitLink::new(&page, &visit.urls, commit),
    };
    let default = branches.default.iter().map(|branch| row(branch, true));
    let rows = default.chain(branches.others.iter().map(|branch| row(branch, false))).collect();
    respond::html(&Branches { page, head, rows, hidden: branches.hidden })
}
