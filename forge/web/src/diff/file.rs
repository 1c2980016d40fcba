//! One changed file, as `components/diff.html` draws it.

use hearth_app::code::DrawnFile;
use hearth_core::urls::{RepositoryUrls, Revision};
use hearth_git::{FileDiff, FileStatus};
use sha2::{Digest as _, Sha256};

use super::{Body, DiffQuery, content, lines};
use crate::{Page, words::Html};

/// The two commits that changes lie between.
pub struct Sides<'a> {
    pub urls: &'a RepositoryUrls,
    /// None: nothing was there before.
    pub old: Option<String>,
    pub new: String,
    /// The page of the changes, without a query.
    pub page: &'a str,
}

/// A changed file.
pub struct DiffFile {
    /// The same for the same path, so that a link to a file of a commit stays true.
    pub id: String,
    pub path: String,
    pub old_path: Option<String>,
    /// Where the file is shown whole.
    pub address: String,
    pub change: String,
    pub status: FileStatus,
    pub additions: usize,
    pub deletions: usize,
    /// What changed besides lines, in words: mode, sizes, similarity.
    pub facts: Vec<String>,
    /// Why no lines, or not all, are shown.
    pub note: Option<String>,
    /// What is shown instead of lines, or above them: pictures, cells, another repository.
    pub content: Option<Html>,
    pub body: Body,
    /// What a reviewer can do here; none on pages without a review.
    pub review: Option<FileReview>,
}

/// What a reviewer can do with a file.
#[derive(Clone, Debug, Default)]
pub struct FileReview {
    pub commented: Commented,
    /// None: the reader is not signed in.
    pub viewed: Option<Viewed>,
    /// What was said about lines that are not shown.
    pub below: Html,
}

/// Which lines the reader may comment on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Commented {
    #[default]
    No,
    /// The lines before are those of another version.
    NewSide,
    BothSides,
}

/// Whether the reader has ticked a file as viewed.
#[derive(Clone, Debug)]
pub struct Viewed {
    pub is_viewed: bool,
    /// The identity of the changes that are ticked.
    pub identity: String,
}

impl DiffFile {
    /// How many lines were added.
    pub const fn added(&self) -> u64 {
        self.additions as u64
    }

    /// How many lines were removed.
    pub const fn removed(&self) -> u64 {
        self.deletions as u64
    }

    /// One sign for what happened to it, for the tree: the word stands beside the lines.
    pub const fn sign(&self) -> &'static str {
        sign(self.status)
    }

    /// Whether the reader has ticked it; none where nobody can.
    pub fn viewed(&self) -> Option<&Viewed> {
        self.review.as_ref().and_then(|review| review.viewed.as_ref())
    }

    pub fn is_viewed(&self) -> bool {
        self.viewed().is_some_and(|viewed| viewed.is_viewed)
    }

    /// The first letters of the marks of those lines on which the reader may comment.
    pub fn commented_sides(&self) -> Option<&'static str> {
        match self.review.as_ref()?.commented {
            Commented::No => None,
            Commented::NewSide => Some("R"),
            Commented::BothSides => Some("LR"),
        }
    }

    /// What was said about lines that are not shown.
    pub fn below(&self) -> Html {
        self.review.as_ref().map(|review| review.below.clone()).unwrap_or_default()
    }
}

/// One sign for what happened to a file.
pub const fn sign(status: FileStatus) -> &'static str {
    match status {
        FileStatus::Added => "+",
        FileStatus::Deleted => "−",
        FileStatus::Renamed => "→",
        FileStatus::Modified | FileStatus::TypeChanged => "•",
    }
}

/// A file of the changes between two commits.
pub fn draw(page: &Page, sides: &Sides<'_>, query: &DiffQuery, drawn: &DrawnFile) -> DiffFile {
    let file = &drawn.file;
    // A deleted file still exists before.
    let at = match (file.status, &sides.old) {
        (FileStatus::Deleted, Some(old)) => old.clone(),
        _ => sides.new.clone(),
    };
    let content = content::draw(page, sides, drawn);
    let id = id(file.path());
    DiffFile {
        address: sides.urls.source(&Revision::Commit(at), file.path()),
        path: file.path().to_owned(),
        old_path: file.old_path.clone().filter(|old| file.new_path.as_ref().is_some_and(|new| new != old)),
        change: change(page, file.status).to_owned(),
        status: file.status,
        additions: file.additions,
        deletions: file.deletions,
        facts: content::facts(page, drawn),
        note: if content.is_some() { None } else { note(page, query, file) },
        body: if content.as_ref().is_some_and(|content| content.replaces_lines) {
            Body::Unified(Vec::new())
        } else {
            lines::body(page, &lines::More { id: &id, page: sides.page, query }, drawn)
        },
        content: content.map(|content| content.html),
        review: None,
        id,
    }
}

/// The id of a file's element.
pub fn id(path: &str) -> String {
    let hash = Sha256::digest(path.as_bytes());
    hash[..6].iter().fold(String::from("diff-"), |id, byte| format!("{id}{byte:02x}"))
}

fn note(page: &Page, query: &DiffQuery, file: &FileDiff) -> Option<String> {
    let text = if file.is_binary {
        t!(page, "repo-commit-binary")
    } else if file.is_truncated {
        t!(page, "repo-commit-file-truncated")
    } else if file.hunks.is_empty() && query.ignores_whitespace() && file.old_id != file.new_id {
        t!(page, "repo-commit-only-whitespace")
    } else if file.hunks.is_empty() {
        t!(page, "repo-commit-no-lines")
    } else {
        return None;
    };
    Some(text.to_owned())
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
