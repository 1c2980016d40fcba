//! What changed between two commits, in a shape that a page can show.

use std::time::Duration;

use crate::{Error, ObjectId, OpenRepository, Repository, Result, TreePath, child::ChildOutput};

/// How much of a difference is read. What lies beyond is counted or named, and marked as truncated.
#[derive(Debug, Clone)]
pub struct DiffLimits {
    /// Files that are listed.
    pub files: usize,
    /// Lines over all files.
    pub lines: usize,
    /// Lines of one file.
    pub file_lines: usize,
    /// Bytes of text over all files.
    pub bytes: usize,
    /// Bytes of one line; the rest of it is cut.
    pub line_bytes: usize,
    /// Bytes of a file that is compared at all; larger ones count as binary.
    pub file_bytes: i64,
}

impl DiffLimits {
    /// What a page shows.
    pub const PAGE: Self = Self {
        files: 300,
        lines: 12_000,
        file_lines: 2_000,
        bytes: 2 << 20,
        line_bytes: 4_000,
        file_bytes: 2 << 20,
    };
}

impl Default for DiffLimits {
    fn default() -> Self {
        Self::PAGE
    }
}

/// How to compare.
#[derive(Debug, Clone, Default)]
pub struct DiffOptions {
    /// Bounds.
    pub limits: DiffLimits,
    /// Only what lies at or under this path.
    pub path: Option<TreePath>,
    /// Take lines that differ only in white space for the same.
    pub is_ignoring_whitespace: bool,
}

/// The difference between two trees.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Diff {
    /// The files, as many as the limits allow.
    pub files: Vec<FileDiff>,
    /// All changed files.
    pub total_files: usize,
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
    /// It was copied from another path.
    Copied,
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

/// Files above which libgit2 looks only for renames without changes.
const RENAME_LIMIT: usize = 400;
const TEXT_TIMEOUT: Duration = Duration::from_mins(2);

impl OpenRepository {
    /// What a commit changed against its first parent, or against nothing.
    pub fn diff_commit(&self, commit: ObjectId, options: &DiffOptions) -> Result<Diff> {
        let parent = self.commit(commit)?.parents.first().copied();
        self.diff(parent, commit, options)
    }

    /// What changed from one commit to another; `None` stands for the empty tree.
    pub fn diff(&self, from: Option<ObjectId>, to: ObjectId, options: &DiffOptions) -> Result<Diff> {
        let tree = |commit: ObjectId| -> Result<git2::Tree<'_>> {
            Ok(self.git2.find_tree(ObjectId::from(self.root_tree(commit)?).git2())?)
        };
        let (from, to) = (from.map(tree).transpose()?, tree(to)?);
        let mut asked = git2::DiffOptions::new();
        asked
            .context_lines(3)
            .indent_heuristic(true)
            .include_typechange(true)
            .ignore_whitespace(options.is_ignoring_whitespace)
            .max_size(options.limits.file_bytes);
        if let Some(path) = options.path.as_ref().filter(|path| !path.is_root()) {
            asked.disable_pathspec_match(true).pathspec(path.as_str());
        }
        let mut diff = self.git2.diff_tree_to_tree(from.as_ref(), Some(&to), Some(&mut asked))?;
        diff.find_similar(Some(git2::DiffFindOptions::new().renames(true).rename_limit(RENAME_LIMIT)))?;
        Reader { limits: &options.limits, lines: 0, bytes: 0 }.read(&diff)
    }
}

struct Reader<'limits> {
    limits: &'limits DiffLimits,
    lines: usize,
    bytes: usize,
}

impl Reader<'_> {
    fn read(mut self, diff: &git2::Diff<'_>) -> Result<Diff> {
        let total_files = diff.deltas().len();
        let mut files = Vec::new();
        for index in 0..total_files.min(self.limits.files) {
            files.push(self.file(diff, index)?);
        }
        Ok(Diff {
            additions: files.iter().map(|file| file.additions).sum(),
            deletions: files.iter().map(|file| file.deletions).sum(),
            is_truncated: total_files > files.len(),
            total_files,
            files,
        })
    }

    fn file(&mut self, diff: &git2::Diff<'_>, index: usize) -> Result<FileDiff> {
        let delta = diff.get_delta(index).ok_or_else(|| Error::Damaged("a change is missing".to_owned()))?;
        let status = match delta.status() {
            git2::Delta::Added => FileStatus::Added,
            git2::Delta::Deleted => FileStatus::Deleted,
            git2::Delta::Renamed => FileStatus::Renamed,
            git2::Delta::Copied => FileStatus::Copied,
            git2::Delta::Typechange => FileStatus::TypeChanged,
            _ => FileStatus::Modified,
        };
        let path = |side: &git2::DiffFile<'_>| {
            side.path_bytes().map(|path| String::from_utf8_lossy(path).into_owned())
        };
        let id = |side: &git2::DiffFile<'_>| Some(ObjectId::from(side.id())).filter(|id| !id.is_zero());
        let (old, new) = (delta.old_file(), delta.new_file());
        let mut file = FileDiff {
            old_path: path(&old).filter(|_| status != FileStatus::Added),
            new_path: path(&new).filter(|_| status != FileStatus::Deleted),
            old_id: id(&old),
            new_id: id(&new),
            old_mode: u32::from(old.mode()),
            new_mode: u32::from(new.mode()),
            status,
            is_binary: false,
            additions: 0,
            deletions: 0,
            hunks: Vec::new(),
            is_truncated: false,
        };
        let text = git2::Patch::from_diff(diff, index)?;
        let delta = diff.get_delta(index).ok_or_else(|| Error::Damaged("a change is missing".to_owned()))?;
        file.is_binary = delta.flags().is_binary();
        if let Some(text) = text
            && !file.is_binary
        {
            let (_, additions, deletions) = text.line_stats()?;
            (file.additions, file.deletions) = (additions, deletions);
            self.hunks(&text, &mut file)?;
        }
        Ok(file)
    }

    fn hunks(&mut self, patch: &git2::Patch<'_>, file: &mut FileDiff) -> Result<()> {
        let mut file_lines = 0;
        for index in 0..patch.num_hunks() {
            let (hunk, count) = patch.hunk(index)?;
            let header = String::from_utf8_lossy(hunk.header()).trim_end().to_owned();
            let mut lines = Vec::new();
            for line in 0..count {
                if self.lines >= self.limits.lines
                    || self.bytes >= self.limits.bytes
                    || file_lines >= self.limits.file_lines
                {
                    file.is_truncated = true;
                    break;
                }
                let line = self.line(&patch.line_in_hunk(index, line)?);
                file_lines += 1;
                self.lines += 1;
                self.bytes += line.text.len();
                lines.push(line);
            }
            if !lines.is_empty() {
                file.hunks.push(Hunk { header, lines });
            }
            if file.is_truncated {
                break;
            }
        }
        Ok(())
    }

    fn line(&self, line: &git2::DiffLine<'_>) -> DiffLine {
        let kind = match line.origin() {
            '+' => LineKind::Added,
            '-' => LineKind::Deleted,
            '=' | '>' | '<' => LineKind::NoNewline,
            _ => LineKind::Context,
        };
        let content = line.content();
        let content = content.strip_suffix(b"\n").unwrap_or(content);
        let content = &content[..content.len().min(self.limits.line_bytes)];
        let text = if kind == LineKind::NoNewline { "".into() } else { String::from_utf8_lossy(content) };
        DiffLine {
            kind,
            old_number: line.old_lineno().filter(|_| kind != LineKind::NoNewline),
            new_number: line.new_lineno().filter(|_| kind != LineKind::NoNewline),
            text: text.into_owned(),
        }
    }
}

impl Repository {
    /// The difference as plain text, as `git diff` prints it.
    pub async fn diff_text(&self, from: Option<ObjectId>, to: ObjectId) -> Result<ChildOutput> {
        let permit = self.store.wire_permit().await?;
        let mut command = self.store.program.command(self.path(), "diff-tree");
        let from = from.unwrap_or(ObjectId::EMPTY_TREE);
        command.args(["-p", "-r", "-M", "--full-index", "--binary", &from.to_string(), &to.to_string()]);
        ChildOutput::spawn(command, "diff-tree", permit, TEXT_TIMEOUT)
    }

    /// A commit as a mail that `git am` accepts.
    pub async fn patch_text(&self, commit: ObjectId) -> Result<ChildOutput> {
        let permit = self.store.wire_permit().await?;
        let mut command = self.store.program.command(self.path(), "format-patch");
        command.args(["--stdout", "--full-index", "--binary", "-1", &commit.to_string()]);
        ChildOutput::spawn(command, "format-patch", permit, TEXT_TIMEOUT)
    }
}
