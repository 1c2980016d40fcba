//! What a commit changed, ready to be shown: highlighted lines, with the words that differ marked.

pub(crate) mod facts;
mod kept;
mod mark;
mod notebook;
mod patch;
mod words;

use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, Instant},
};

use hearth_core::{Error, Kind, Read, Result};
use hearth_git::{
    Commit, Diff, DiffLine, DiffRequest, FileDiff, Hunk, LineKind, ObjectId, OpenRepository, Whitespace,
};

use crate::{
    Access, App, GitResult as _,
    code::{Text, parse},
    highlight, repository,
};
pub use facts::{Facts, is_submodule};
pub use notebook::{CellChange, CellDiff};

pub use patch::{PatchForm, commit_patch, range_diff_counts, range_patch};

/// Time to highlight all files of one page and to compare their words; what is not done by then is shown plain.
const HIGHLIGHT_BUDGET: Duration = Duration::from_millis(600);
/// What a line takes in memory besides its texts.
const LINE_BYTES: usize = 96;
const FILE_BYTES: usize = 512;
/// Lines that are shown at first; files after them are shown when the reader asks for them.
pub const MOST_LINES_AT_FIRST: usize = 1_500;

/// A commit and what it changed against its first parent.
#[derive(Clone, Debug)]
pub struct CommitDiff {
    pub commit: Commit,
    pub files: Vec<DrawnFile>,
    /// All changed files, as far as they were counted.
    pub total_files: usize,
    /// Whether there may be more files than were counted.
    pub is_counted_in_part: bool,
    pub additions: usize,
    pub deletions: usize,
    /// Whether files are left out.
    pub is_truncated: bool,
}

/// A changed file.
#[derive(Clone, Debug)]
pub struct DrawnFile {
    pub file: FileDiff,
    /// The escaped, highlighted HTML of each line of each hunk. None: to be asked for.
    pub html: Option<Vec<Vec<String>>>,
    pub facts: Facts,
    /// The cells of a notebook; none for other files.
    pub cells: Option<Vec<CellDiff>>,
}

impl DrawnFile {
    /// What it takes in memory, roughly.
    pub(crate) fn size_bytes(&self) -> usize {
        let lines = self.file.hunks.iter().flat_map(|hunk| &hunk.lines);
        let texts: usize = lines.map(|line| line.text.len() + LINE_BYTES).sum();
        let html: usize = self.html.iter().flatten().flatten().map(|line| line.len() + LINE_BYTES).sum();
        FILE_BYTES + texts + html
    }
}

/// Which part of a commit's changes to show.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Wanted {
    pub ignores_whitespace: bool,
    /// The path of the only file to show.
    pub only: Option<String>,
    /// Unchanged lines around each change; `None`: as few as usual.
    pub context_lines: Option<u32>,
}

impl Wanted {
    /// The same as a request to the repository, with texts in other encodings decoded.
    pub(crate) fn request(&self) -> DiffRequest {
        let usual = DiffRequest::default();
        DiffRequest {
            whitespace: if self.ignores_whitespace { Whitespace::Ignored } else { Whitespace::Counts },
            only: self.only.clone(),
            context_lines: self.context_lines.unwrap_or(usual.context_lines),
            decode: Some(|bytes| Text::decode(bytes, true).map(|text| text.text.as_ref().to_owned())),
            ..usual
        }
    }
}

/// A difference as it was read, to be drawn outside the visit to the repository.
pub(crate) struct ReadDiff {
    pub(crate) diff: Diff,
    known: Vec<Known>,
}

/// What was read of a file besides its lines.
#[derive(Default)]
struct Known {
    facts: Facts,
    notebook: Option<notebook::Texts>,
}

impl ReadDiff {
    /// Adds to a difference what is known of its files; it leads to the commit `to`.
    pub(crate) fn new(git: &OpenRepository, diff: Diff, to: ObjectId) -> hearth_git::Result<Self> {
        let facts = facts::of(git, to, &diff.files)?;
        let notebooks = notebook::read(git, &diff.files)?;
        let known = facts.into_iter().zip(notebooks);
        let known = known.map(|(facts, notebook)| Known { facts, notebook }).collect();
        Ok(Self { diff, known })
    }

    /// Draws the files, off the async threads; the first ones in full, as long as there is room.
    pub(crate) async fn draw(self, app: &App) -> Result<Vec<DrawnFile>> {
        let Self { diff, known } = self;
        parse(app, move || draw_all(diff.files, known)).await
    }
}

/// A commit by its full or short id, and its changes, up to what a page shows.
pub async fn commit_diff(
    app: &App,
    access: &Access<Read>,
    id: &str,
    wanted: &Wanted,
) -> Result<Arc<CommitDiff>> {
    let git = repository::git(app, access.repository()).await?;
    let id = id.to_owned();
    let id = git.run(move |git| git.resolve_commit(&id)).await.map_git()?;
    if let Some(kept) = kept::find(id, wanted) {
        return Ok(kept);
    }
    let request = wanted.request();
    let found = git.run_expensive(move |git| {
        let commit = git.commit(id)?;
        let diff = git.diff_commit(commit.id, &request)?;
        let read = ReadDiff::new(git, diff, commit.id)?;
        Ok((commit, read))
    });
    let (commit, read) = found.await.map_git()?;
    let diff = &read.diff;
    if wanted.only.is_some() && diff.files.is_empty() {
        return Err(Error::NotFound(Kind::File));
    }
    let drawn = CommitDiff {
        commit,
        total_files: diff.total_files,
        is_counted_in_part: diff.left_out.is_some(),
        additions: diff.additions,
        deletions: diff.deletions,
        is_truncated: diff.is_truncated,
        files: read.draw(app).await?,
    };
    Ok(kept::keep(id, wanted, drawn))
}

fn draw_all(files: Vec<FileDiff>, known: Vec<Known>) -> Vec<DrawnFile> {
    let deadline = Instant::now() + HIGHLIGHT_BUDGET;
    let mut room = MOST_LINES_AT_FIRST;
    let mut is_first = true;
    files
        .into_iter()
        .zip(known)
        .map(|(file, Known { facts, notebook })| {
            let lines: usize = file.hunks.iter().map(|hunk| hunk.lines.len()).sum();
            // The first file is shown in any case: a page without any change tells nothing.
            let fits = lines <= room || is_first;
            is_first = false;
            room = if fits { room.saturating_sub(lines) } else { room };
            let html = fits.then(|| draw(&file, deadline));
            let cells = notebook.filter(|_| fits).and_then(|texts| notebook::compare(&texts, deadline));
            DrawnFile { file, html, facts, cells }
        })
        .collect()
}

fn draw(file: &FileDiff, deadline: Instant) -> Vec<Vec<String>> {
    let first = file.hunks.first().and_then(|hunk| hunk.lines.first()).map_or("", |line| &line.text);
    let language = highlight::Language::of_file(file.path(), first);
    file.hunks.iter().map(|hunk| draw_hunk(hunk, language, deadline)).collect()
}

fn draw_hunk(hunk: &Hunk, language: Option<highlight::Language>, deadline: Instant) -> Vec<String> {
    // Of the old side only removed lines are shown, and how they look depends on no line after them.
    let removed = hunk.lines.iter().rposition(|line| line.kind == LineKind::Deleted);
    let until_removed = &hunk.lines[..removed.map_or(0, |last| last + 1)];
    let mut old = side(until_removed, LineKind::Added, language, deadline);
    let mut new = side(&hunk.lines, LineKind::Deleted, language, deadline);
    let marks = words::of_hunk(&hunk.lines, deadline);
    let next = |lines: &mut VecDeque<Box<str>>| lines.pop_front().unwrap_or_default();
    let html = |line: &DiffLine| match line.kind {
        LineKind::Deleted => next(&mut old),
        LineKind::Added => next(&mut new),
        LineKind::Context => {
            next(&mut old);
            next(&mut new)
        }
        LineKind::NoNewline => Box::default(),
    };
    let drawn: Vec<Box<str>> = hunk.lines.iter().map(html).collect();
    drawn.into_iter().zip(marks).map(|(html, marks)| mark::mark(&html, &marks)).collect()
}

/// The highlighted lines of one side of these: all but those that only the other side has.
fn side(
    lines: &[DiffLine],
    left_out: LineKind,
    language: Option<highlight::Language>,
    deadline: Instant,
) -> VecDeque<Box<str>> {
    let mut text = String::new();
    for line in lines {
        if line.kind != left_out && line.kind != LineKind::NoNewline {
            text.push_str(&line.text);
            text.push('\n');
        }
    }
    let budget = deadline.saturating_duration_since(Instant::now());
    highlight::highlight(&text, language, budget).lines.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(kind: LineKind, text: &str) -> DiffLine {
        DiffLine { kind, old_number: None, new_number: None, text: text.to_owned() }
    }

    #[test]
    fn lines_keep_their_side_and_changed_words_are_marked() {
        let hunk = Hunk {
            header: String::new(),
            lines: vec![
                line(LineKind::Context, "\"\"\"one"),
                line(LineKind::Deleted, "rate = 0.1  # fast"),
                line(LineKind::Added, "rate = 0.01  # fast"),
                line(LineKind::NoNewline, ""),
            ],
        };
        let language = highlight::Language::of_word("python");
        let drawn = draw_hunk(&hunk, language, Instant::now() + Duration::from_secs(10));
        assert_eq!(drawn.len(), 4);
        assert!(drawn[1].contains("<mark>1</mark>"), "{}", drawn[1]);
        assert!(drawn[2].contains("<mark>01</mark>"), "{}", drawn[2]);
        assert_eq!(drawn[3], "");
    }

    #[test]
    fn lines_look_as_what_comes_before_them_on_their_side_makes_them() {
        let hunk = Hunk {
            header: String::new(),
            lines: vec![
                line(LineKind::Context, "/* one"),
                line(LineKind::Added, "two */"),
                line(LineKind::Context, "let three = 3;"),
                line(LineKind::Deleted, "let four = 4;"),
                line(LineKind::Context, "let five = 5;"),
            ],
        };
        let language = highlight::Language::of_word("rust");
        let drawn = draw_hunk(&hunk, language, Instant::now() + Duration::from_secs(10));
        let is_code: Vec<bool> = drawn.iter().map(|html| html.contains("hl-keyword")).collect();
        assert_eq!(is_code, [false, false, true, false, true], "{drawn:?}");
        assert!(drawn[3].contains("hl-comment"), "{drawn:?}");
    }

    #[test]
    fn files_after_the_first_lines_wait_until_they_are_asked_for() {
        let file = |lines: usize| FileDiff {
            old_path: None,
            new_path: Some("a.txt".to_owned()),
            old_id: None,
            new_id: None,
            old_mode: 0,
            new_mode: 0o100_644,
            status: hearth_git::FileStatus::Added,
            is_binary: false,
            additions: lines,
            deletions: 0,
            hunks: vec![Hunk { header: String::new(), lines: vec![line(LineKind::Added, "x"); lines] }],
            is_truncated: false,
            patch_id: hearth_git::PatchId::default(),
        };
        let drawn = draw_all(
            vec![file(MOST_LINES_AT_FIRST + 1), file(1), file(0)],
            vec![Known::default(), Known::default(), Known::default()],
        );
        let shown: Vec<bool> = drawn.iter().map(|file| file.html.is_some()).collect();
        assert_eq!(shown, [true, false, true]);
    }
}
