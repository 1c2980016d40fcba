//! What changed between two commits, in a shape that a page can show.

mod binary;
mod change;
mod content;
mod counts;
mod identity;
mod lines;
mod paths;
mod quote;
mod rename;
mod stat;
mod text;
mod texts;
mod write;

pub(crate) use change::{Change, Side};
pub(crate) use content::{Content, is_binary};
pub use identity::PatchId;
pub(crate) use identity::of_file as identity_of_file;
pub(crate) use lines::{CONTEXT_LINES, LineDiff, Replaced, Sign, count, lines_of};
pub(crate) use text::Reader;
pub use texts::diff_texts;
pub(crate) use write::MOST;

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

    /// A list of all files with their counts and without their lines, each of which is read when it is opened.
    pub const LIST: Self = Self { files: 5_000, lines: 0, ..Self::PAGE };
}

impl Default for DiffLimits {
    fn default() -> Self {
        Self::PAGE
    }
}

/// Which blanks make a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Whitespace {
    /// All of them.
    #[default]
    Counts,
    /// None: lines that differ only in blanks are equal, as with `git diff -w`.
    Ignored,
    /// Whether there are any, but not how many, as with `git diff -b`.
    AmountIgnored,
    /// All but those at the end of a line.
    IgnoredAtEnd,
}

/// Decodes a file's bytes to text; `None` when they are no text.
pub type Decode = fn(Vec<u8>) -> Option<String>;

/// What to read of a difference, and how.
#[derive(Debug, Clone)]
pub struct DiffRequest {
    /// The bounds.
    pub limits: DiffLimits,
    /// Which blanks make a difference.
    pub whitespace: Whitespace,
    /// Unchanged lines that are shown around each change.
    pub context_lines: u32,
    /// The path, before or after, of the only file to read.
    pub only: Option<String>,
    /// How many files to leave out at the start; they are still counted in the total.
    pub skip: usize,
    /// How contents are decoded. Without it, a file with a NUL is binary and all others are UTF-8.
    pub decode: Option<Decode>,
}

impl Default for DiffRequest {
    fn default() -> Self {
        Self {
            limits: DiffLimits::PAGE,
            whitespace: Whitespace::Counts,
            context_lines: CONTEXT_LINES,
            only: None,
            skip: 0,
            decode: None,
        }
    }
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
    /// Only of [`OpenRepository::interdiff`]: files whose difference also shows what the base brought, because
    /// it cannot be told apart.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mixed_with_base: Vec<String>,
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
    /// The identity of what happened to it, however it is shown.
    pub patch_id: PatchId,
}

impl FileDiff {
    /// The path to show: the new one, or the old one of a deleted file.
    pub fn path(&self) -> &str {
        self.new_path.as_deref().or(self.old_path.as_deref()).unwrap_or_default()
    }

    /// What happened to the file, in hexadecimal digits: stays the same as long as the same lines are changed in
    /// the same surroundings, and is independent of how the difference is shown.
    pub fn identity(&self) -> String {
        self.patch_id.to_string()
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
        Reader::new(self, request).read(changes, left_out)
    }
}
