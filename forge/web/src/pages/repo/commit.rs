use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use hearth_app::{App, code};
use hearth_core::{
    Timestamp,
    urls::{RepositoryUrls, Revision},
};
use hearth_git::{Commit, FileDiff, FileStatus, LineKind};

use super::RepositoryVisit;
use crate::{Failure, Page, RepositoryHead, respond, words::Html};

/// One commit and what it changed.
#[derive(Template)]
#[template(path = "pages/repo/commit.html")]
struct CommitPage {
    page: Page,
    head: RepositoryHead,
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
    additions: u64,
    deletions: u64,
    /// How many files changed, in words.
    changed: String,
    is_truncated: bool,
}

/// A file of the diff, as `components/diff.html` takes it.
struct DiffFile {
    path: String,
    old_path: Option<String>,
    address: String,
    change: String,
    additions: usize,
    deletions: usize,
    note: Option<String>,
    hunks: Vec<DiffHunk>,
}

struct DiffHunk {
    head: String,
    lines: Vec<Line>,
}

struct Line {
    kind: &'static str,
    old: String,
    new: String,
    html: Html,
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
) -> Result<Response, Failure> {
    let head = visit.head(&app, &super::home::SECTION).await?;
    let (commit, diff) = code::commit(&app, &visit.access, &wanted.id).await?;
    let files = diff.files.iter().map(|file| draw(&page, &visit.urls, &commit, file)).collect();
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
        files,
        additions: diff.additions as u64,
        deletions: diff.deletions as u64,
        changed: if diff.left_out.is_some() {
            t!(page, "repo-commit-files-more", count = diff.total_files as u64)
        } else {
            t!(page, "repo-commit-files", count = diff.total_files as u64)
        },
        is_truncated: diff.is_truncated,
        page,
    })
}

fn draw(page: &Page, urls: &RepositoryUrls, commit: &Commit, file: &FileDiff) -> DiffFile {
    // A deleted file still exists in the parent commit.
    let at = match (file.status, commit.parents.first()) {
        (FileStatus::Deleted, Some(parent)) => parent.to_string(),
        _ => commit.id.to_string(),
    };
    let note = if file.is_binary {
        Some(t!(page, "repo-commit-binary").to_owned())
    } else if file.is_truncated {
        Some(t!(page, "repo-commit-file-truncated").to_owned())
    } else if file.hunks.is_empty() {
        Some(t!(page, "repo-commit-no-lines").to_owned())
    } else {
        None
    };
    DiffFile {
        address: urls.source(&Revision::Commit(at), file.path()),
        path: file.path().to_owned(),
        old_path: file.old_path.clone().filter(|old| file.new_path.as_ref().is_some_and(|new| new != old)),
        change: change(page, file.status).to_owned(),
        additions: file.additions,
        deletions: file.deletions,
        note,
        hunks: file
            .hunks
            .iter()
            .map(|hunk| DiffHunk { head: hunk.header.clone(), lines: hunk.lines.iter().map(line).collect() })
            .collect(),
    }
}

fn change(page: &Page, status: FileStatus) -> &'static str {
    match status {
        FileStatus::Added => t!(page, "repo-commit-added"),
        FileStatus::Deleted => t!(page, "repo-commit-deleted"),
        FileStatus::Modified => t!(page, "repo-commit-modified"),
        FileStatus::Renamed => t!(page, "repo-commit-renamed"),
        FileStatus::TypeChanged => t!(page, "repo-commit-type-changed"),
    }
}

fn line(line: &hearth_git::DiffLine) -> Line {
    let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
    Line {
        kind: match line.kind {
            LineKind::Added => "add",
            LineKind::Deleted => "del",
            LineKind::Context => "same",
            LineKind::NoNewline => "hunk",
        },
        old: number(line.old_number),
        new: number(line.new_number),
        html: Html::text(line.text.trim_end_matches(['\n', '\r'])),
    }
}
