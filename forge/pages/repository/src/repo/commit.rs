use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::header::CONTENT_TYPE,
    response::{IntoResponse as _, Response},
};
use axum_extra::extract::CookieJar;
use hearth_app::{App, code, code::PatchForm, verification};
use hearth_core::{Timestamp, urls::Revision};

use super::{RepositoryVisit, verified};
use crate::{
    Failure, Page, RepositoryHead, Web,
    diff::{self, DiffFile, DiffQuery, Sides, TreeFile, TreeLine},
    respond,
    words::Html,
};

/// One commit and what it changed.
#[derive(Template)]
#[template(path = "pages/repo/commit.html")]
struct CommitPage {
    page: Page,
    head: RepositoryHead,
    query: DiffQuery,
    title: String,
    body: String,
    id: String,
    author: String,
    committer: Option<String>,
    time: Html,
    /// The badge of its signature, and what is known of it; none if it is not signed.
    verified: Option<(Html, Html)>,
    parents: Vec<(String, String)>,
    /// Parents that are not listed.
    more_parents: u64,
    /// Whether the message is truncated.
    is_cut: bool,
    source: String,
    files: Vec<DiffFile>,
    tree: Vec<TreeLine>,
    tree_files: Vec<TreeFile>,
    additions: u64,
    deletions: u64,
    /// How many files changed, in words.
    changed: String,
    is_truncated: bool,
    /// This page, without a query.
    here: String,
    /// The same with all files, as the reader sees it now.
    address: String,
    /// The same changes in the other layout, and with blanks the other way.
    other_view: String,
    other_whitespace: String,
}

/// The id in the address, full or short.
#[derive(serde::Deserialize)]
pub(crate) struct CommitAddress {
    id: String,
}

pub(crate) async fn get(
    State(web): State<Web>,
    page: Page,
    visit: RepositoryVisit,
    jar: CookieJar,
    Path(wanted): Path<CommitAddress>,
    Query(query): Query<DiffQuery>,
) -> Result<Response, Failure> {
    if let Some((id, form)) = PatchForm::split(&wanted.id) {
        let patch = code::commit_patch(web.app(), &visit.access, id, form).await?;
        // As plain text, which browsers show and never run.
        return Ok(([(CONTENT_TYPE, "text/plain; charset=utf-8")], patch).into_response());
    }
    let query = query.or_preferred(&jar);
    let mut response = show(web.app(), page, &visit, &wanted.id, &query).await?;
    query.keep(&web, response.headers_mut());
    Ok(response)
}

async fn show(
    app: &App,
    page: Page,
    visit: &RepositoryVisit,
    id: &str,
    query: &DiffQuery,
) -> Result<Response, Failure> {
    let head = visit.head(app, &super::home::SECTION).await?;
    let found = code::commit_diff(app, &visit.access, id, &query.wanted()).await?;
    let commit = &found.commit;
    let signature = if commit.is_signed {
        let asked = vec![(commit.id, commit.committer.email.clone())];
        verification::verify(app, &visit.access, asked).await?.pop()
    } else {
        None
    };
    let here = visit.urls.commit(&commit.id.to_string());
    let sides = Sides {
        urls: &visit.urls,
        old: commit.parents.first().map(ToString::to_string),
        new: commit.id.to_string(),
        page: &here,
    };
    let files: Vec<DiffFile> =
        found.files.iter().map(|file| diff::draw(&page, &sides, query, file)).collect();
    let tree_files: Vec<TreeFile> = files.iter().map(tree_file).collect();
    respond::html(&CommitPage {
        head,
        title: commit.title.clone(),
        body: commit.body.trim().to_owned(),
        id: commit.id.to_string(),
        committer: Some(commit.committer.name.clone()).filter(|name| *name != commit.author.name),
        author: commit.author.name.clone(),
        time: page.time(Timestamp::new(commit.committer.time)),
        verified: signature
            .and_then(|known| Some((verified::badge(&page, &known)?, verified::details(&page, &known)))),
        parents: commit.parents.iter().map(|id| (id.short(), visit.urls.commit(&id.to_string()))).collect(),
        more_parents: (commit.parent_count - commit.parents.len()) as u64,
        is_cut: commit.is_cut,
        source: visit.urls.source(&Revision::Commit(commit.id.to_string()), ""),
        tree: diff::tree(&tree_files),
        tree_files,
        files,
        additions: found.additions as u64,
        deletions: found.deletions as u64,
        changed: if found.is_counted_in_part {
            t!(page, "repo-commit-files-more", count = found.total_files as u64)
        } else {
            t!(page, "repo-commit-files", count = found.total_files as u64)
        },
        is_truncated: found.is_truncated && !query.is_of_one_file(),
        address: query.address(&here),
        other_view: query.in_other_view(&here),
        other_whitespace: query.with_other_whitespace(&here),
        here,
        query: query.clone(),
        page,
    })
}

/// A line of the tree of changed files, on a page without a review.
pub(super) fn tree_file(file: &DiffFile) -> TreeFile {
    TreeFile {
        path: file.path.clone(),
        sign: file.sign(),
        address: format!("#{}", file.id),
        is_viewed: false,
        threads: 0,
    }
}
