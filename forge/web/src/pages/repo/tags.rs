use askama::Template;
use axum::{extract::State, response::Response};
use hearth_app::{App, code};
use hearth_core::urls::Revision;
use hearth_git::TagTarget;

use super::{RepositoryVisit, view::CommitLink};
use crate::{Failure, Page, RepositoryHead, respond};

/// All tags, the newest commit first.
#[derive(Template)]
#[template(path = "pages/repo/tags.html")]
struct Tags {
    page: Page,
    head: RepositoryHead,
    rows: Vec<Row>,
    hidden: usize,
}

struct Row {
    name: String,
    message: String,
    address: String,
    zip: String,
    tarball: String,
    /// `None` where the tag points to something other than a commit; then the page says so.
    commit: Option<CommitLink>,
    target: String,
    target_kind: &'static str,
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
) -> Result<Response, Failure> {
    let head = visit.head(&app, &super::home::SECTION).await?;
    let tags = code::tags(&app, &visit.access).await?;
    let rows = tags
        .rows
        .into_iter()
        .map(|row| {
            let name = row.tag.name.as_str().to_owned();
            Row {
                address: visit.urls.source(&Revision::Tag(name.clone()), ""),
                zip: visit.urls.archive(&name, "zip"),
                tarball: visit.urls.archive(&name, "tar.gz"),
                message: row.tag.message.unwrap_or_default().lines().next().unwrap_or_default().to_owned(),
                commit: row.commit.as_ref().map(|commit| CommitLink::new(&page, &visit.urls, commit)),
                target: row.tag.target.short(),
                target_kind: match row.tag.target_kind {
                    TagTarget::Commit => "",
                    TagTarget::Tree => t!(page, "repo-tags-tree"),
                    TagTarget::Blob => t!(page, "repo-tags-blob"),
                    TagTarget::Tag => t!(page, "repo-tags-tag"),
                },
                name,
            }
        })
        .collect();
    respond::html(&Tags { page, head, rows, hidden: tags.hidden })
}
