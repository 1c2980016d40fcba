//! What the address of the files tab asks for.

use axum_extra::extract::CookieJar;
use hearth_app::line_comment::LineComment;
use hearth_core::LineSide;
use serde::Deserialize;

use crate::diff::DiffQuery;

/// What to show of a pull request's changes. Unreadable values are as if they were not there.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct FilesQuery {
    #[serde(flatten)]
    pub(crate) diff: DiffQuery,
    /// The version to show; empty: the newest.
    version: String,
    /// What changed since this version; `0`: everything; empty: since the reader's last look, or everything.
    since: String,
    /// `files` for one difference instead of one for each commit.
    by: String,
    /// The only commit to show, by its id.
    commit: String,
    /// The line under which the form to comment stands: `R12` after, `L12` before, or `12` on the `side`.
    comment: String,
    /// `old` where a bare number names a line before; empty: after.
    side: String,
    /// The first of several lines to comment on, where `comment` is the last.
    first: String,
    /// `1` to begin the comment with the lines as they are, to be changed.
    suggest: String,
}

/// Which difference is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    Everything,
    /// What changed since a version, in one difference of its files or for each commit.
    Since {
        version: i64,
        by_commit: bool,
    },
    /// One commit of the pull request.
    Commit(String),
}

/// Lines that a comment is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lines {
    pub(super) path: String,
    pub(super) side: LineSide,
    pub(super) first: u32,
    pub(super) last: u32,
}

impl FilesQuery {
    /// The same, with the reader's layout, and links that keep what the address asks for.
    pub(super) fn prepared(mut self, jar: &CookieJar) -> Self {
        let kept = vec![
            ("version", self.version.clone()),
            ("since", self.since.clone()),
            ("by", self.by.clone()),
            ("commit", self.commit.clone()),
        ];
        self.diff = self.diff.or_preferred(jar).keeping(kept);
        self
    }

    /// The page of one file alone.
    pub(super) fn of_file(path: &str) -> Self {
        Self { diff: DiffQuery::of_file(path), ..Self::default() }
    }

    /// The page of one version with the form to comment open: `last` is the mark of the last line.
    pub(crate) fn commenting(path: &str, version: &str, first: &str, last: &str) -> Self {
        Self {
            version: version.to_owned(),
            comment: last.to_owned(),
            first: first.to_owned(),
            ..Self::of_file(path)
        }
    }

    /// The page with the form open where a comment stands.
    pub(crate) fn replying(to: &LineComment) -> Self {
        let (version, first) = (to.version.to_string(), to.first_line.to_string());
        let side = if to.side == LineSide::Old { 'L' } else { 'R' };
        Self::commenting(&to.path, &version, &first, &format!("{side}{}", to.last_line))
    }

    /// The page in the reader's layout, with this said and nothing else kept.
    pub(super) fn only(&self, page: &str, said: &[(&str, &str)]) -> String {
        self.diff.clone().keeping(Vec::new()).address_with(page, said)
    }

    pub(super) fn shown(&self) -> Shown {
        if !self.commit.is_empty() {
            return Shown::Commit(self.commit.clone());
        }
        match self.since.parse() {
            Ok(version) if version > 0 => Shown::Since { version, by_commit: self.by != "files" },
            _ => Shown::Everything,
        }
    }

    pub(super) fn is_of_commit(&self) -> bool {
        !self.commit.is_empty()
    }

    /// The version on the new side; none: the newest.
    pub(super) fn version(&self) -> Option<i64> {
        self.version.parse().ok().filter(|version| *version > 0)
    }

    /// Whether the address leaves to the page what to show.
    pub(super) fn leaves_choice(&self) -> bool {
        [&self.version, &self.since, &self.commit, &self.comment].into_iter().all(String::is_empty)
            && !self.diff.is_of_one_file()
    }

    /// The lines under which the form to comment is asked for.
    pub(super) fn commented(&self) -> Option<Lines> {
        let (side, number) = match self.comment.split_at_checked(1) {
            Some(("L", number)) => (LineSide::Old, number),
            Some(("R", number)) => (LineSide::New, number),
            _ => (self.side.parse().unwrap_or(LineSide::New), self.comment.as_str()),
        };
        let last = number.parse().ok().filter(|line| *line > 0)?;
        let first = self.first.parse().ok().filter(|first| (1..=last).contains(first)).unwrap_or(last);
        let path = Some(self.diff.file().to_owned()).filter(|path| !path.is_empty())?;
        Some(Lines { path, side, first, last })
    }

    pub(super) fn suggests(&self) -> bool {
        self.suggest == "1"
    }
}

impl Lines {
    /// The name of the last one in addresses and beside the line.
    pub(super) fn mark(&self) -> String {
        mark(self.side, self.last)
    }
}

/// The name of a line in addresses: `R12` after, `L12` before.
pub(super) fn mark(side: LineSide, line: u32) -> String {
    match side {
        LineSide::Old => format!("L{line}"),
        LineSide::New => format!("R{line}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(comment: &str, first: &str) -> FilesQuery {
        FilesQuery { comment: comment.into(), first: first.into(), ..FilesQuery::of_file("a.rs") }
    }

    #[test]
    fn a_line_is_named_by_its_side_and_number() {
        let lines = query("R12", "10").commented().expect("lines");
        assert_eq!((lines.side, lines.first, lines.last), (LineSide::New, 10, 12));
        assert_eq!(lines.mark(), "R12");
        let one = query("L3", "9").commented().expect("a line");
        assert_eq!((one.side, one.first, one.last), (LineSide::Old, 3, 3));
        assert_eq!(query("12", "").commented(), query("R12", "").commented());
        let before = FilesQuery { side: "old".into(), ..query("12", "") };
        assert_eq!(before.commented(), query("L12", "").commented());
        for bad in ["", "0", "R", "R0", "X3", "数", "R-1", "R99999999999"] {
            assert_eq!(query(bad, "").commented(), None, "{bad}");
        }
    }

    #[test]
    fn the_reader_chooses_between_everything_and_what_changed_since() {
        let shown = |since: &str, by: &str| {
            FilesQuery { since: since.into(), by: by.into(), ..FilesQuery::default() }.shown()
        };
        assert_eq!(shown("", ""), Shown::Everything);
        assert_eq!(shown("0", ""), Shown::Everything);
        assert_eq!(shown("2", ""), Shown::Since { version: 2, by_commit: true });
        assert_eq!(shown("2", "files"), Shown::Since { version: 2, by_commit: false });
        assert!(FilesQuery::default().leaves_choice());
        assert!(!FilesQuery { since: "0".into(), ..FilesQuery::default() }.leaves_choice());
    }
}
