use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use hearth_app::{App, code};
use hearth_core::{Timestamp, urls::Revision};

use super::RepositoryVisit;
use crate::{
    Failure, Page, RepositoryHead,
    diff::{self, DiffFile, DiffQuery, TreeLine},
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
    parents: Vec<(String, String)>,
    /// Parents that are not listed.
    more_parents: u64,
    /// Whether the message is truncated.
    is_cut: bool,
    source: String,
    files: Vec<DiffFile>,
    tree: Vec<TreeLine>,
    additions: u64,
    deletions: u64,
    /// How many files changed, in words.
    changed: String,
    is_truncated: bool,
    /// This page, as the reader sees it now.
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
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(wanted): Path<CommitAddress>,
    Query(query): Query<DiffQuery>,
) -> Result<Response, Failure> {
    let head = visit.head(&app, &super::home::SECTION).await?;
    let found = code::commit_diff(&app, &visit.access, &wanted.id, &query.wanted()).await?;
    let commit = &found.commit;
    let files: Vec<DiffFile> =
        found.files.iter().map(|file| diff::draw(&page, &visit.urls, commit, &query, file)).collect();
    let here = visit.urls.commit(&commit.id.to_string());
    let (is_split, ignores_whitespace) = (query.is_split(), query.ignores_whitespace());
    respond::html(&CommitPage {
        head,
        title: commit.title.clone(),
        body: commit.body.trim().to_owned(),
        id: commit.id.to_string(),
        committer: Some(commit.committer.name.clone()).filter(|name| *name != commit.author.name),
        author: commit.author.name.clone(),
        time: page.time(Timestamp::new(commit.committer.time)),
        parents: commit.parents.iter().map(|id| (id.short(), visit.urls.commit(&id.to_string()))).collect(),
        more_parents: (commit.parent_count - commit.parents.len()) as u64,
        is_cut: commit.is_cut,
        source: visit.urls.source(&Revision::Commit(commit.id.to_string()), ""),
        tree: diff::tree(&files),
        files,
        additions: found.additions as u64,
        deletions: found.deletions as u64,
        changed: if found.is_counted_in_part {
            t!(page, "repo-commit-files-more", count = found.total_files as u64)
        } else {
            t!(page, "repo-commit-files", count = found.total_files as u64)
        },
        is_truncated: found.is_truncated && !query.is_of_one_file(),
        address: DiffQuery::address(&here, is_split, ignores_whitespace),
        other_view: DiffQuery::address(&here, !is_split, ignores_whitespace),
        other_whitespace: DiffQuery::address(&here, is_split, !ignores_whitespace),
        query,
        page,
    })
}
