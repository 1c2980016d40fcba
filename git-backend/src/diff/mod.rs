//! What changed between two commits, in a shape that a page can show.

mod change;
mod rename;
mod text;

use crate::{Answer, Bound, ObjectId, OpenRepository, Result};

/// Limits on reading a diff. Anything beyond them is only counted or named, and marked as truncated.
#[derive(Debug, Clone)]
pub struct DiffLimits {
    /// Files that are listed.
    pub files: usize,
    /// Changed files that are counted.
    pub counted_files: usize,
    /// Lines over all files.
    pub lines: usize,
    /// Lines of one file.
    pub file_lines: usize,
    /// Bytes of text over all files.
    pub bytes: usize,
    /// Bytes of one line; the rest of it is cut.
    pub line_bytes: usize,
    /// Bytes of a file up to which it is compared at all.
    pub file_bytes: u64,
    /// Lines of a file up to which it is compared at all: comparing takes memory for each.
    pub compared_lines: usize,
}

impl DiffLimits {
    /// What a page shows.
    pub const PAGE: Self = Self {
        files: 300,
        counted_files: 20_000,
        lines: 12_000,
        file_lines: 2_000,
        bytes: 2 << 20,
        line_bytes: 4_000,
        file_bytes: 2 << 20,
        compared_lines: 100_000,
    };
}

impl Default for DiffLimits {
    fn default() -> Self {
        Self::PAGE
    }
}

/// What to read of a difference, and how.
#[derive(Debug, Clone, Default)]
pub struct DiffRequest {
    /// The bounds.
    pub limits: DiffLimits,
    /// Whether lines that differ only in blanks count as equal.
    pub ignores_whitespace: bool,
    /// The path, before or after, of the only file to read.
    pub only: Option<String>,
}

/// The difference between two trees.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Diff {
    /// The files, as many as the limits allow.
    pub files: Vec<FileDiff>,
    /// All changed files, as far as they were counted.
    pub total_files: usize,
    /// Why there may be more; `None` when all were counted.
    pub left_out: Option<Bound>,
    /// Added lines in the listed files.
    pub additions: usize,
    /// Removed lines in the listed files.
    pub deletions: usize,
    /// Whether files were left out.
    pub is_truncated: bool,
}

/// What happened to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FileStatus {
    /// It is new.
    Added,
    /// It is gone.
    Deleted,
    /// Its content or mode changed.
    Modified,
    /// It has another path, perhaps with changes.
    Renamed,
    /// It became another kind of thing, such as a link.
    TypeChanged,
}

/// The difference of one file.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FileDiff {
    /// The path before; `None` for a new file.
    pub old_path: Option<String>,
    /// The path after; `None` for a deleted file.
    pub new_path: Option<String>,
    /// The blob before.
    pub old_id: Option<ObjectId>,
    /// The blob after.
    pub new_id: Option<ObjectId>,
    /// The mode before, as git writes it in octal.
    pub old_mode: u32,
    /// The mode after.
    pub new_mode: u32,
    /// What happened.
    pub status: FileStatus,
    /// Whether it is not shown as text.
    pub is_binary: bool,
    /// Added lines, counted also where they are not listed.
    pub additions: usize,
    /// Removed lines.
    pub deletions: usize,
    /// The changed parts.
    pub hunks: Vec<Hunk>,
    /// Whether lines were left out.
    pub is_truncated: bool,
}

impl FileDiff {
    /// The path to show: the new one, or the old one of a deleted file.
    pub fn path(&self) -> &str {
        self.new_path.as_deref().or(self.old_path.as_deref()).unwrap_or_default()
    }
}

/// One changed part of a file.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Hunk {
    /// The line `@@ -1,3 +1,4 @@ fn main()`.
    pub header: String,
    /// The lines, in order.
    pub lines: Vec<DiffLine>,
}

/// What a line of a hunk is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LineKind {
    /// On both sides.
    Context,
    /// Only after.
    Added,
    /// Only before.
    Deleted,
    /// Says that the line above has no line break at the end of the file.
    NoNewline,
}

/// One line of a hunk.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct DiffLine {
    /// What it is.
    pub kind: LineKind,
    /// Its number before.
    pub old_number: Option<u32>,
    /// Its number after.
    pub new_number: Option<u32>,
    /// The text without its line break; bytes that are not UTF-8 are replaced.
    pub text: String,
}

impl OpenRepository {
    /// What a commit changed against its first parent, or against nothing.
    pub fn diff_commit(&self, commit: ObjectId, request: &DiffRequest) -> Result<Diff> {
        let parent = self.commit(commit)?.parents.first().copied();
        self.diff(parent, commit, request)
    }

    /// What changed from one commit to another; `None` stands for the empty tree.
    pub fn diff(&self, from: Option<ObjectId>, to: ObjectId, request: &DiffRequest) -> Result<Diff> {
        let limits = &request.limits;
        let from = from.map(|commit| self.root_tree(commit)).transpose()?;
        let Answer { value: changes, left_out } =
            change::between(self, from, self.root_tree(to)?, limits.counted_files)?;
        let mut changes = rename::pair(self, changes, limits)?;
        if let Some(only) = &request.only {
            changes.retain(|change| change.sides().any(|side| side.path == *only));
        }
        text::Reader::new(self, request).read(changes, left_out)
    }
}
