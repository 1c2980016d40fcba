//! What changed from one version to another, commit by commit: each with what became of it.

use hearth_core::urls::RepositoryUrls;
use hearth_git::{Commit, CommitPair, DiffOfDiffLine, LineKind, PairStatus, PatchLine, RangeDiff};

use crate::{Page, words::Html};

/// Lines of all commits together that are shown at once; the differences of later commits fold.
const MOST_OPEN_LINES: usize = 1_000;

/// A commit before, after, or both.
pub(super) struct Pair {
    pub(super) status: &'static str,
    /// What became of it, in a word.
    pub(super) word: &'static str,
    pub(super) title: String,
    /// The short ids, with links.
    pub(super) old: Option<Html>,
    pub(super) new: Option<Html>,
    pub(super) lines: Vec<Line>,
    pub(super) is_open: bool,
}

/// A line of the difference of two differences.
pub(super) struct Line {
    /// What happened to it from one version to the other: `add`, `del` or `same`.
    pub(super) outer: &'static str,
    /// What it is in the commit: `inner-add`, `inner-del`, `inner-head`, `inner-message`, or empty.
    pub(super) inner: &'static str,
    pub(super) text: String,
}

/// The commits of both versions, in the order of the newer one.
pub(super) fn draw(page: &Page, urls: &RepositoryUrls, found: RangeDiff) -> Vec<Pair> {
    let mut room = MOST_OPEN_LINES;
    let pair = |pair: CommitPair| {
        let lines: Vec<Line> = pair.diff.unwrap_or_default().into_iter().map(line).collect();
        let is_open = lines.len() <= room;
        room = room.saturating_sub(lines.len());
        let link = |commit: &Commit| Html::link(&urls.commit(&commit.id.to_string()), &commit.id.short());
        let (status, word) = status(page, pair.status);
        Pair {
            status,
            word,
            title: pair
                .new
                .as_ref()
                .or(pair.old.as_ref())
                .map(|commit| commit.title.clone())
                .unwrap_or_default(),
            old: pair.old.as_ref().map(link),
            new: pair.new.as_ref().map(link),
            lines,
            is_open,
        }
    };
    found.pairs.into_iter().map(pair).collect()
}

/// A line with the sign that it has in its commit.
fn line(line: DiffOfDiffLine) -> Line {
    let outer = match line.kind {
        LineKind::Added => "add",
        LineKind::Deleted => "del",
        LineKind::Context | LineKind::NoNewline => "same",
    };
    let (inner, text) = match line.inner {
        PatchLine::Message => ("inner-message", line.text),
        PatchLine::File => ("inner-head", line.text),
        PatchLine::Part => ("inner-head", "⋯".to_owned()),
        PatchLine::Context => ("", format!(" {}", line.text)),
        PatchLine::Added => ("inner-add", format!("+{}", line.text)),
        PatchLine::Deleted => ("inner-del", format!("-{}", line.text)),
    };
    Line { outer, inner, text }
}

/// The class and the word of what became of a commit.
fn status(page: &Page, status: PairStatus) -> (&'static str, &'static str) {
    match status {
        PairStatus::Same => ("same", t!(page, "repo-pulls-files-pair-same")),
        PairStatus::Changed => ("changed", t!(page, "repo-pulls-files-pair-changed")),
        PairStatus::MessageOnly => ("changed", t!(page, "repo-pulls-files-pair-message")),
        PairStatus::Removed => ("removed", t!(page, "repo-pulls-files-pair-removed")),
        PairStatus::Added => ("added", t!(page, "repo-pulls-files-pair-added")),
    }
}
