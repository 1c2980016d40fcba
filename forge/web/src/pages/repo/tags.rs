use askama::Template;
use axum::{extract::State, response::Response};
use hearth_app::{App, code};
use hearth_core::urls::Revision;

use super::{RepositoryVisit, view::CommitLink};
use crate::{Failure, Page, RepositoryHead, Tab, respond};

/// All tags, the newest commit first.
#[derive(Template)]
#[template(path = "pages/repo/tags.html")]
struct Tags {
    page: Page,
    head: RepositoryHead,
    rows: Vec<Row>,
}

struct Row {
    name: String,
    message: String,
    address: String,
    zip: String,
    tarball: String,
    commit: CommitLink,
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
) -> Result<Response, Failure> {
    let head = visit.head(&app, Tab::Code).await?;
    let rows = code::tags(&app, &visit.access)
        .await?
        .into_iter()
        .map(|row| {
            let name = row.tag.name.as_str().to_owned();
            Row {
                address: visit.urls.source(&Revision::Tag(name.clone()), ""),
                zip: visit.urls.archive(&name, "zip"),
                tarball: visit.urls.archive(&name, "tar.gz"),
                message: row.tag.message.unwrap_or_default().lines().next().unwrap_or_default().to_owned(),
                commit: CommitLink::new(&page, &visit.urls, &row.commit),
                name,
            }
        })
        .collect();
    respond::html(&Tags { page, head, rows })
}
