//! Searching a whole log, and finding its first error.

use std::{
    borrow::Cow,
    io,
    ops::ControlFlow,
    path::Path,
    sync::{Arc, LazyLock},
    time::Duration,
};

use aho_corasick::{AhoCorasick, MatchKind};
use hearth_core::Result;
use hearth_git::{Permit, Shares};
use memchr::memmem::Finder;

use super::{
    errors::{ErrorScanner, Reach, TRIGGERS},
    open,
    scan::{ScanBudget, Scanned, scan},
    terminal::Terminal,
};
use crate::{App, record, task::TaskAccess, turn};

/// Characters of a text that is searched for.
pub const LONGEST_QUERY: usize = 200;
/// How long a search waits for others before its reader is told to come back.
const PATIENCE: Duration = Duration::from_secs(5);

/// Where a text is in a log. Lines are counted, each once, whatever they have of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogSearch {
    /// Lines with the text, in what was searched.
    pub count: u64,
    /// The first of them at or after the line from which it was asked for.
    pub current: Option<u64>,
    /// Which one that is, counted from 1.
    pub rank: u64,
    pub previous: Option<u64>,
    pub next: Option<u64>,
    pub scanned: Scanned,
}

/// The permits for going through whole logs.
#[derive(Debug)]
pub(crate) struct LogScans(Shares);

impl Default for LogScans {
    /// Half of them for one reader.
    fn default() -> Self {
        Self(Shares::new(4, 2))
    }
}

impl LogScans {
    async fn enter(&self) -> Result<Permit> {
        turn(&self.0, PATIENCE).await
    }
}

/// Searches a node's log for a text; capital and small Latin letters are the same. The search ends early at
/// `limits.log_search_bytes` or `limits.log_search_seconds`, and says so.
pub async fn search(
    app: &App,
    task: &TaskAccess,
    (attempt, node): (i64, u32),
    text: &str,
    from_line: u64,
) -> Result<LogSearch> {
    let text: String = text.chars().take(LONGEST_QUERY).collect();
    scanning(app, task, (attempt, node), move |path, budget| find(path, budget, &text, from_line)).await
}

/// The line at which the first error of a log begins, and how far it was looked for.
pub async fn first_error(
    app: &App,
    task: &TaskAccess,
    (attempt, node): (i64, u32),
) -> Result<(Option<u64>, Scanned)> {
    scanning(app, task, (attempt, node), find_error).await
}

async fn scanning<T: Send + 'static>(
    app: &App,
    task: &TaskAccess,
    (attempt, node): (i64, u32),
    work: impl FnOnce(&Path, &ScanBudget) -> io::Result<T> + Send + 'static,
) -> Result<T> {
    let path = open(app, task, attempt)?.log_path(node);
    let permit = app.log_scans().enter().await?;
    // Dropped with this future.
    let waiting = Arc::new(());
    let budget = ScanBudget {
        bytes: app.limits().log_search_bytes,
        time: Duration::from_secs(app.limits().log_search_seconds),
        waiting: Arc::downgrade(&waiting),
    };
    record::blocking(move || {
        let _permit = permit;
        work(&path, &budget)
    })
    .await
}

fn find(path: &Path, budget: &ScanBudget, text: &str, from_line: u64) -> io::Result<LogSearch> {
    let mut found = LogSearch::default();
    if text.is_empty() {
        return Ok(found);
    }
    let wanted = text.to_ascii_lowercase();
    let finder = Finder::new(wanted.as_bytes());
    found.scanned = scan(path, budget, |lines, first| {
        let mut take = |line| found.take(line, from_line);
        if let Some(mut plain) = without_colours(lines) {
            plain.make_ascii_lowercase();
            in_plain_lines(&finder, &plain, first, take);
            return ControlFlow::Continue(());
        }
        for (line, raw) in (first..).zip(lines.split_inclusive(|byte| *byte == b'\n')) {
            if finder.find(&visible(raw).to_ascii_lowercase()).is_some() {
                take(line);
            }
        }
        ControlFlow::Continue(())
    })?;
    Ok(found)
}

/// The lines with the text, among lines without control characters.
fn in_plain_lines(finder: &Finder<'_>, lines: &[u8], first: u64, mut take: impl FnMut(u64)) {
    let (mut at, mut line) = (0, first);
    while let Some(place) = finder.find(&lines[at..]) {
        line += memchr::memchr_iter(b'\n', &lines[at..at + place]).count() as u64;
        take(line);
        let Some(end) = memchr::memchr(b'\n', &lines[at + place..]) else { return };
        at += place + end + 1;
        line += 1;
    }
}

fn find_error(path: &Path, budget: &ScanBudget) -> io::Result<(Option<u64>, Scanned)> {
    static FINDER: LazyLock<AhoCorasick> = LazyLock::new(|| {
        let mut builder = AhoCorasick::builder();
        builder.match_kind(MatchKind::LeftmostFirst);
        builder.build(TRIGGERS).expect("a few dozen short texts make a small automaton")
    });
    let mut found = None;
    let scanned = scan(path, budget, |lines, first| {
        let (mut at, mut line) = (0, first);
        while let Some(hit) = FINDER.find(&lines[at..]) {
            let begin = memchr::memrchr(b'\n', &lines[at..at + hit.start()]).map_or(at, |end| at + end + 1);
            line += memchr::memchr_iter(b'\n', &lines[at..begin]).count() as u64;
            let end = memchr::memchr(b'\n', &lines[begin..]).map_or(lines.len(), |end| begin + end + 1);
            let text = visible(&lines[begin..end]);
            if ErrorScanner::default().take(&String::from_utf8_lossy(&text)) == Reach::First {
                found = Some(line);
                return ControlFlow::Break(());
            }
            at = end;
            line += 1;
        }
        ControlFlow::Continue(())
    })?;
    Ok((found, scanned))
}

/// What a terminal shows of one line.
fn visible(line: &[u8]) -> Cow<'_, [u8]> {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    if memchr::memchr3(0x1b, b'\r', 0x08, line).is_none() {
        return Cow::Borrowed(line);
    }
    if let Some(text) = without_colours(line) {
        return Cow::Owned(text);
    }
    let mut terminal = Terminal::new(1);
    terminal.feed(line);
    Cow::Owned(terminal.rows().iter().map(super::LogRow::text).collect::<String>().into_bytes())
}

/// Lines in which nothing but colours is told to the terminal; `None` if it is to move or to erase.
fn without_colours(lines: &[u8]) -> Option<Vec<u8>> {
    let mut text = Vec::with_capacity(lines.len());
    let mut rest = lines;
    while let Some(place) = memchr::memchr3(0x1b, b'\r', 0x08, rest) {
        text.extend_from_slice(&rest[..place]);
        if rest[place..].starts_with(b"\r\n") {
            rest = &rest[place + 1..];
            continue;
        }
        let sequence = rest[place..].strip_prefix(b"\x1b[")?;
        let end = sequence.iter().position(|byte| !matches!(byte, b'0'..=b'9' | b';' | b':'))?;
        if sequence[end] != b'm' {
            return None;
        }
        rest = &sequence[end + 1..];
    }
    text.extend_from_slice(rest);
    Some(text)
}

impl LogSearch {
    fn take(&mut self, line: u64, from_line: u64) {
        self.count += 1;
        if line < from_line {
            self.previous = Some(line);
        } else if self.current.is_none() {
            self.current = Some(line);
            self.rank = self.count;
        } else if self.next.is_none() {
            self.next = Some(line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::tests::log;

    fn ample(waiting: &Arc<()>) -> ScanBudget {
        ScanBudget { bytes: u64::MAX, time: Duration::MAX, waiting: Arc::downgrade(waiting) }
    }

    fn found(content: &[u8], text: &str, from_line: u64) -> LogSearch {
        let (_folder, path) = log(content);
        let waiting = Arc::new(());
        find(&path, &ample(&waiting), text, from_line).expect("readable")
    }

    #[test]
    fn lines_with_a_text_are_counted_and_one_goes_from_each_to_the_next() {
        let content = b"Loss 1\nx\nloss loss\nLOSS 3\n\x1b[31mlo\x1b[0mss 4\nloss 4\rdone";
        let first = found(content, "loss", 0);
        assert_eq!((first.count, first.rank), (4, 1), "what a bar was drawn over with is not there");
        assert_eq!((first.previous, first.current, first.next), (None, Some(1), Some(3)));
        let third = found(content, "loss", 4);
        assert_eq!((third.rank, third.previous, third.next), (3, Some(3), Some(5)));
        let beyond = found(content, "LOSS", 6);
        assert_eq!((beyond.count, beyond.current, beyond.previous), (4, None, Some(5)));
        assert_eq!(found(content, "", 0).count, 0);
        assert!(!first.scanned.is_partial());
    }

    #[test]
    fn numbers_are_right_across_blocks_and_after_long_lines() {
        let mut content = Vec::new();
        for line in 1..=200_000 {
            content.extend(format!("line {line} of a log\n").into_bytes());
        }
        content.extend(vec![b'x'; 3 << 20]);
        content.extend(b" hidden\nneedle");
        let search = found(&content, "needle", 0);
        assert_eq!((search.count, search.current), (1, Some(200_002)));
        assert_eq!(found(&content, "line 150000 of", 0).current, Some(150_000));
        assert_eq!(found(&content, "of a log", 199_999).next, Some(200_000));
        assert_eq!(found(&content, "hidden", 0).count, 0, "of a long line only the beginning is searched");
    }

    #[test]
    fn a_search_ends_with_its_budget_and_with_its_reader() {
        let (_folder, path) = log("a line of a log\n".repeat(400_000).as_bytes());
        let waiting = Arc::new(());
        let poor = ScanBudget { bytes: 2 << 20, ..ample(&waiting) };
        let part = find(&path, &poor, "line", 0).expect("readable");
        assert!(part.scanned.is_partial() && part.count > 100_000 && part.count < 200_000, "{part:?}");
        let hasty = ScanBudget { time: Duration::ZERO, ..ample(&waiting) };
        assert!(find(&path, &hasty, "line", 0).expect("readable").scanned.is_partial());
        let alone = ample(&waiting);
        drop(waiting);
        assert!(find(&path, &alone, "line", 0).expect("readable").scanned.is_partial());
    }

    #[test]
    fn the_first_error_is_found_however_far_away_it_is() {
        let mut content = "step=1 error=0.5\n".repeat(100_000).into_bytes();
        content.extend(
            b"\x1b[31mTraceback (most recent call last):\x1b[0m\n  File \"a.py\", line 1\nKeyError: 1\n",
        );
        let (_folder, path) = log(&content);
        let waiting = Arc::new(());
        let (line, scanned) = find_error(&path, &ample(&waiting)).expect("readable");
        assert_eq!((line, scanned.is_partial()), (Some(100_001), false));
        let (_folder, path) = log(b"all is well\n");
        assert_eq!(find_error(&path, &ample(&waiting)).expect("readable").0, None);
    }
}
