//! Parts of a file. For the first part only its own lines are coloured; for any other one the whole file is,
//! once, because the colours of a line depend on all lines before it.

use std::{
    sync::{Arc, LazyLock, Mutex, PoisonError},
    time::{Duration, Instant},
};

use moka::future::Cache;

use super::{Colours, LONGEST_LINE, Language, escape_into, without_end};

/// How long one file may be coloured; the rest is shown plain.
const BUDGET: Duration = Duration::from_secs(1);
const CACHE_BYTES: u64 = 32 << 20;
/// What a coloured text takes in memory, compared with the text.
const GROWTH: usize = 5;
/// Markup around each line of a page.
const LINE_HTML_BYTES: usize = 64;

static FILES: LazyLock<Cache<(String, &'static str), Arc<Kept>>> = LazyLock::new(|| {
    Cache::builder()
        .max_capacity(CACHE_BYTES)
        .weigher(|_, kept: &Arc<Kept>| u32::try_from(kept.size_bytes).unwrap_or(u32::MAX))
        .build()
});

/// The lines that are wanted, by number, beginning at 1.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    pub first: usize,
    pub last: usize,
    /// The part ends earlier when its HTML gets longer than this.
    pub most_html_bytes: usize,
    /// Whether long lines are shown whole.
    pub is_uncut: bool,
}

/// Lines of a file as HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub language: Option<&'static str>,
    pub lines: Vec<Line>,
    /// Why some of the lines have no colours.
    pub plain: Option<Plain>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub html: Arc<str>,
    /// Bytes at the end of a long line that are not shown.
    pub left_out_bytes: usize,
}

/// Why text of a known language is shown without colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plain {
    /// The file is larger than the limit.
    Large,
    /// From a line on that is too long.
    LongLine,
    /// Colouring takes too long.
    Slow,
}

/// The colours of one file, as far as they are known.
pub struct FileColours {
    language: Option<Language>,
    kept: Option<Arc<Kept>>,
}

struct Kept {
    size_bytes: usize,
    coloured: Mutex<Coloured>,
}

/// The first lines of a file, coloured.
#[derive(Default)]
struct Coloured {
    lines: Vec<Arc<str>>,
    /// With the markup around each line.
    html_bytes: usize,
    /// Whether no line is left.
    is_whole: bool,
    /// Why the lines after these have no colours.
    stopped: Option<Plain>,
}

/// What is known of the colours of a file. `key` identifies its content.
pub async fn colours(key: &str, name: &str, text: &Arc<str>, most_bytes: u64) -> FileColours {
    let language = Language::of_file(name, text);
    let kept = match language {
        Some(language) if text.len() as u64 <= most_bytes => {
            let new = async { Arc::new(Kept::new(text.len())) };
            Some(FILES.get_with((key.to_owned(), language.grammar()), new).await)
        }
        _ => None,
    };
    FileColours { language, kept }
}

impl FileColours {
    /// The HTML of some lines, on the current thread.
    pub fn part(&self, text: &str, wanted: Wanted) -> Part {
        let mut coloured =
            self.kept.as_ref().map(|kept| kept.coloured.lock().unwrap_or_else(PoisonError::into_inner));
        if let (Some(language), Some(coloured)) = (self.language, &mut coloured) {
            coloured.reach(language, text, wanted);
        }
        let mut is_plain = false;
        let (mut lines, mut html_bytes) = (Vec::new(), 0);
        let start = start_of_line(text, wanted.first);
        for (number, line) in (wanted.first..=wanted.last).zip(text[start..].split_inclusive('\n')) {
            let known = coloured.as_ref().and_then(|coloured| coloured.lines.get(number - 1));
            let line = if let Some(html) = known {
                Line { html: Arc::clone(html), left_out_bytes: 0 }
            } else {
                is_plain = true;
                plain_line(line, wanted.is_uncut.then_some(wanted.most_html_bytes))
            };
            html_bytes += line.html.len() + LINE_HTML_BYTES;
            if html_bytes > wanted.most_html_bytes && !lines.is_empty() {
                break;
            }
            lines.push(line);
        }
        let reason = coloured.map_or(Some(Plain::Large), |coloured| coloured.stopped);
        let plain = reason.filter(|_| is_plain && self.language.is_some());
        Part { language: self.language.map(Language::name), lines, plain }
    }
}

impl Kept {
    fn new(text_bytes: usize) -> Self {
        Self { size_bytes: text_bytes * GROWTH + 1024, coloured: Mutex::default() }
    }
}

impl Coloured {
    /// Colours from the beginning what is not coloured yet.
    fn reach(&mut self, language: Language, text: &str, wanted: Wanted) {
        let is_first = wanted.first == 1;
        let is_cut = is_first && self.html_bytes > wanted.most_html_bytes;
        if self.stopped.is_some() || self.is_whole || is_cut || self.lines.len() >= wanted.last {
            return;
        }
        let (most_lines, most_html_bytes) =
            if is_first { (wanted.last, wanted.most_html_bytes) } else { (usize::MAX, usize::MAX) };
        let deadline = Instant::now() + BUDGET;
        let mut colours = Colours::new(language);
        let (mut lines, mut html_bytes, mut done_bytes) = (Vec::with_capacity(self.lines.len()), 0, 0);
        for line in text.split_inclusive('\n').take(most_lines) {
            let html = if Instant::now() > deadline { None } else { colours.line(line) };
            let Some(html) = html else {
                self.stopped = Some(if line.len() > LONGEST_LINE { Plain::LongLine } else { Plain::Slow });
                break;
            };
            html_bytes += html.len() + LINE_HTML_BYTES;
            done_bytes += line.len();
            lines.push(html.into());
            if html_bytes > most_html_bytes {
                break;
            }
        }
        if lines.len() > self.lines.len() {
            (self.lines, self.html_bytes) = (lines, html_bytes);
            self.is_whole = done_bytes == text.len();
        }
    }
}

fn start_of_line(text: &str, number: usize) -> usize {
    let Some(before) = number.checked_sub(2) else { return 0 };
    text.match_indices('\n').nth(before).map_or(text.len(), |(place, _)| place + 1)
}

/// A line without colours; of a long one its beginning, or up to `uncut_bytes` of it.
fn plain_line(line: &str, uncut_bytes: Option<usize>) -> Line {
    let line = without_end(line);
    let shown = &line[..line.floor_char_boundary(uncut_bytes.unwrap_or(LONGEST_LINE))];
    let mut html = String::with_capacity(shown.len() + 8);
    escape_into(&mut html, shown);
    Line { html: html.into(), left_out_bytes: line.len() - shown.len() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Wanted = Wanted { first: 1, last: 1_000, most_html_bytes: 1 << 20, is_uncut: false };

    async fn part(key: &str, text: &str, wanted: Wanted) -> Part {
        let text: Arc<str> = text.into();
        colours(key, "a.py", &text, 1 << 20).await.part(&text, wanted)
    }

    #[tokio::test]
    async fn a_part_has_the_colours_of_the_whole() {
        let text = "x = \"\"\"a\nb\n\"\"\"\ny = 1\n".repeat(50);
        let whole = part("whole", &text, ALL).await;
        assert_eq!((whole.lines.len(), whole.language, whole.plain), (200, Some("Python"), None));
        for (first, last) in [(90, 110), (2, 3), (199, 500)] {
            let wanted = Wanted { first, last, ..ALL };
            assert_eq!(part("parts", &text, wanted).await.lines, whole.lines[first - 1..last.min(200)]);
        }
    }

    #[tokio::test]
    async fn a_part_ends_when_its_html_is_long() {
        let text = "x = 1\n".repeat(100);
        let some = part("short", &text, Wanted { most_html_bytes: 1_000, ..ALL }).await;
        assert!((2..20).contains(&some.lines.len()), "{}", some.lines.len());
        assert_eq!(part("short", &text, Wanted { most_html_bytes: 0, ..ALL }).await.lines.len(), 1);
    }

    #[tokio::test]
    async fn a_part_is_coloured_once_whatever_ends_it() {
        let text = "x = 1\n".repeat(100);
        let by_length = Wanted { most_html_bytes: 1_000, ..ALL };
        for (key, wanted) in
            [("by length", by_length), ("by the file", ALL), ("by its line", Wanted { last: 9, ..ALL })]
        {
            let (once, again) = (part(key, &text, wanted).await, part(key, &text, wanted).await);
            assert!(Arc::ptr_eq(&once.lines[0].html, &again.lines[0].html), "{key}");
        }
    }

    #[tokio::test]
    async fn a_long_line_is_cut_and_can_be_seen_whole() {
        let text = format!("x = 1\ny = \"{}\"\nz = 1\n", "数".repeat(LONGEST_LINE));
        let cut = part("long", &text, ALL).await;
        assert_eq!(cut.plain, Some(Plain::LongLine));
        assert_eq!(cut.lines[1].html.len() + cut.lines[1].left_out_bytes, 6 + 3 * LONGEST_LINE + 5);
        assert_eq!((&*cut.lines[2].html, cut.lines[2].left_out_bytes), ("z = 1", 0));
        let whole = part("long", &text, Wanted { first: 2, last: 2, is_uncut: true, ..ALL }).await;
        assert_eq!(whole.lines[0].left_out_bytes, 0);
    }

    #[tokio::test]
    async fn a_large_file_has_no_colours_and_says_so() {
        let text: Arc<str> = "x = 1\n".into();
        let part = colours("large", "a.py", &text, 3).await.part(&text, ALL);
        assert_eq!((&*part.lines[0].html, part.plain), ("x = 1", Some(Plain::Large)));
        let part = colours("text", "a.txt", &text, 3).await.part(&text, ALL);
        assert_eq!(part.plain, None);
    }
}
