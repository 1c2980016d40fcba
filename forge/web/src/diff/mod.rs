//! Changed files as `components/diff.html` draws them: one column or two, with a tree of the files.

mod split;
mod tree;

use hearth_app::code::{DrawnFile, Wanted};
use hearth_core::urls::{RepositoryUrls, Revision};
use hearth_git::{Commit, DiffLine, FileDiff, FileStatus, LineKind};
use sha2::{Digest as _, Sha256};

use crate::{Page, words::Html};
pub use split::Pair;
pub(crate) use tree::{TreeLine, tree};

/// How the reader wants to see changes, as the address says it.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct DiffQuery {
    /// `split` for two columns.
    view: String,
    /// `1` to ignore changes of blanks.
    w: String,
    /// The path of the only file to show.
    file: String,
}

impl DiffQuery {
    pub fn is_split(&self) -> bool {
        self.view == "split"
    }

    pub fn ignores_whitespace(&self) -> bool {
        self.w == "1"
    }

    pub(crate) fn wanted(&self) -> Wanted {
        Wanted {
            ignores_whitespace: self.ignores_whitespace(),
            only: Some(self.file.clone()).filter(|path| !path.is_empty()),
        }
    }

    pub(crate) fn is_of_one_file(&self) -> bool {
        !self.file.is_empty()
    }

    /// The address of a page of changes, seen in this way.
    pub(crate) fn address(page: &str, is_split: bool, ignores_whitespace: bool) -> String {
        let choices = [(is_split, "view=split"), (ignores_whitespace, "w=1")];
        let chosen: Vec<&str> =
            choices.into_iter().filter(|(is_on, _)| *is_on).map(|(_, text)| text).collect();
        if chosen.is_empty() { page.to_owned() } else { format!("{page}?{}", chosen.join("&")) }
    }
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
    /// Why no lines, or not all, are shown.
    pub note: Option<String>,
    pub body: Body,
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
        match self.status {
            FileStatus::Added => "+",
            FileStatus::Deleted => "−",
            FileStatus::Renamed => "→",
            FileStatus::Modified | FileStatus::TypeChanged => "•",
        }
    }
}

/// The changed lines of a file.
pub enum Body {
    Unified(Vec<DiffHunk>),
    Split(Vec<SplitHunk>),
    /// To be asked for: the page has enough lines already.
    Deferred,
}

/// A changed part of a file in one column.
pub struct DiffHunk {
    pub head: String,
    pub lines: Vec<Line>,
}

/// A changed part of a file in two columns.
pub struct SplitHunk {
    pub head: String,
    pub pairs: Vec<Pair>,
}

/// A line of a changed part.
#[derive(Clone)]
pub struct Line {
    /// `add`, `del`, `same`, or `hunk` for a remark.
    pub kind: &'static str,
    /// Its number before, as text; empty for an added line.
    pub old: String,
    pub new: String,
    pub html: Html,
}

/// A file of a commit's changes.
pub(crate) fn draw(
    page: &Page,
    urls: &RepositoryUrls,
    commit: &Commit,
    query: &DiffQuery,
    drawn: &DrawnFile,
) -> DiffFile {
    let file = &drawn.file;
    // A deleted file still exists in the parent commit.
    let at = match (file.status, commit.parents.first()) {
        (FileStatus::Deleted, Some(parent)) => parent.to_string(),
        _ => commit.id.to_string(),
    };
    DiffFile {
        id: id(file.path()),
        address: urls.source(&Revision::Commit(at), file.path()),
        path: file.path().to_owned(),
        old_path: file.old_path.clone().filter(|old| file.new_path.as_ref().is_some_and(|new| new != old)),
        change: change(page, file.status).to_owned(),
        status: file.status,
        additions: file.additions,
        deletions: file.deletions,
        note: note(page, query, file),
        body: body(query, drawn),
    }
}

/// The id of a file's element.
fn id(path: &str) -> String {
    let hash = Sha256::digest(path.as_bytes());
    hash[..6].iter().fold(String::from("diff-"), |id, byte| format!("{id}{byte:02x}"))
}

fn body(query: &DiffQuery, drawn: &DrawnFile) -> Body {
    let Some(html) = &drawn.html else { return Body::Deferred };
    let hunks = drawn.file.hunks.iter().zip(html).map(|(hunk, html)| DiffHunk {
        head: hunk.header.clone(),
        lines: hunk.lines.iter().zip(html).map(|(line, html)| row(line, html)).collect(),
    });
    if query.is_split() {
        let split = |hunk: DiffHunk| SplitHunk { head: hunk.head, pairs: split::pairs(hunk.lines) };
        Body::Split(hunks.map(split).collect())
    } else {
        Body::Unified(hunks.collect())
    }
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

pub(crate) fn change(page: &Page, status: FileStatus) -> &'static str {
    match status {
        FileStatus::Added => t!(page, "repo-commit-added"),
        FileStatus::Deleted => t!(page, "repo-commit-deleted"),
        FileStatus::Modified => t!(page, "repo-commit-modified"),
        FileStatus::Renamed => t!(page, "repo-commit-renamed"),
        FileStatus::TypeChanged => t!(page, "repo-commit-type-changed"),
    }
}

fn row(line: &DiffLine, html: &str) -> Line {
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
        html: Html::trusted(html),
    }
}
