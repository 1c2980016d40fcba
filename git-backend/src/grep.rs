//! Searching the files of one commit, as `git grep` does.

use std::{
    ops::{
        ControlFlow::{Break, Continue},
        Range,
    },
    sync::Arc,
};

use regex::bytes::{Regex, RegexBuilder};

use crate::{Bound, EntryKind, Invalid, ObjectId, OpenRepository, Result, budget::Budget};

/// A longer pattern is refused.
const MOST_PATTERN_BYTES: usize = 1_000;
/// The most memory that a compiled pattern takes, and each of its working tables.
const MOST_REGEX_BYTES: usize = 1 << 20;
/// A larger file is passed over.
const MOST_FILE_BYTES: u64 = 2 << 20;
/// Of a longer line, only the beginning is searched for a regular expression: one look for a hostile one may cost the
/// length of the line times that of the compiled pattern.
const MOST_LINE_BYTES_OF_REGEX: usize = 128 << 10;
/// A longer line is cut.
const MOST_LINE_BYTES: usize = 500;
/// The most places marked in one line.
const MOST_MARKS: usize = 20;
/// More paths in one request are refused.
const MOST_PATHS: usize = 20;

/// What is looked for.
#[derive(Debug, Clone)]
pub struct GrepPattern {
    regex: Arc<Regex>,
    manner: GrepManner,
}

/// How a pattern is meant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct GrepManner {
    /// The pattern is a regular expression, in the syntax of the crate `regex`; otherwise every character stands
    /// for itself.
    pub is_regex: bool,
    /// Upper and lower case are the same.
    pub ignores_case: bool,
    /// Only whole words match: nothing that letters, digits or `_` adjoin.
    pub is_word: bool,
}

impl GrepPattern {
    /// Checks a pattern: not empty, one line, not too long, and as a regular expression well-formed and small.
    pub fn new(pattern: &str, manner: GrepManner) -> Result<Self, Invalid> {
        if pattern.is_empty() || pattern.len() > MOST_PATTERN_BYTES || pattern.contains(['\n', '\0']) {
            return Err(Invalid::Pattern);
        }
        let text = if manner.is_regex { pattern.to_owned() } else { regex::escape(pattern) };
        let compiled = |text: &str| {
            RegexBuilder::new(text)
                .case_insensitive(manner.ignores_case)
                .size_limit(MOST_REGEX_BYTES)
                .dfa_size_limit(MOST_REGEX_BYTES)
                .build()
                .map_err(|_| Invalid::Pattern)
        };
        let mut regex = compiled(&text)?;
        if manner.is_word {
            // On its own it is well-formed, so it cannot close this group and begin another.
            regex = compiled(&format!(r"(?-u:\b{{start-half}})(?:{text})(?-u:\b{{end-half}})"))?;
        }
        Ok(Self { regex: Arc::new(regex), manner })
    }

    /// The part of a line that is searched.
    fn searched<'line>(&self, line: &'line [u8]) -> &'line [u8] {
        if self.manner.is_regex { &line[..line.len().min(MOST_LINE_BYTES_OF_REGEX)] } else { line }
    }

    /// The first match in a line that starts at or after a byte. No word is empty.
    fn find(&self, line: &[u8], mut from: usize, budget: &Budget) -> Result<Option<Range<usize>>> {
        loop {
            let Some(found) = self.regex.find_at(line, from) else { return Ok(None) };
            if !(self.manner.is_word && found.is_empty()) {
                return Ok(Some(found.range()));
            }
            // Each look may go to the end of the line.
            budget.look()?;
            from = found.end() + 1;
            if from > line.len() {
                return Ok(None);
            }
        }
    }
}

/// A search.
#[derive(Debug, Clone)]
pub struct GrepRequest {
    /// What is looked for.
    pub pattern: GrepPattern,
    /// Only below these paths: a file, a folder, or a pattern with `*`, `?` and `[…]`, where `*` stands for slashes
    /// too. None for everywhere.
    pub paths: Vec<String>,
    /// The most lines that are returned.
    pub most_lines: usize,
    /// The most of them from one file.
    pub most_lines_of_file: usize,
}

/// What a search found, in path order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grep {
    /// The files with matching lines.
    pub files: Vec<GrepFile>,
    /// How many files were searched.
    pub searched: usize,
    /// How many were passed over because they are not text.
    pub binary: usize,
    /// How many were passed over because they are too large.
    pub too_large: usize,
    /// Why the rest of the files was not searched; `None` when all were.
    pub left_out: Option<Bound>,
    /// Whether there are more matching lines than were asked for.
    pub has_more: bool,
}

/// A file with matching lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrepFile {
    /// Where it is; bytes that are not UTF-8 are replaced.
    pub path: String,
    /// Its content.
    pub id: ObjectId,
    /// The lines.
    pub lines: Vec<GrepLine>,
    /// Whether it has more of them.
    pub has_more: bool,
}

/// A matching line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrepLine {
    /// Its number, from 1.
    pub number: u32,
    /// Its text without the line break; bytes that are not UTF-8 are replaced.
    pub text: String,
    /// Where the pattern is in the text, in bytes, at whole characters; none if the text is not UTF-8.
    pub marks: Vec<Range<usize>>,
    /// Whether the end of a long line is missing.
    pub is_cut: bool,
}

impl OpenRepository {
    /// Searches the files of a commit. Links and submodules are not searched; files that are not text or larger than
    /// 2 MiB are counted. A search that costs more than the budget says what it left out.
    pub fn grep(&self, commit: ObjectId, request: &GrepRequest) -> Result<Grep> {
        let is_long = |path: &String| path.len() > MOST_PATTERN_BYTES;
        if request.paths.len() > MOST_PATHS || request.paths.iter().any(is_long) {
            return Err(Invalid::Pattern.into());
        }
        let mut grep = Grep::default();
        let mut lines = 0;
        let walked = self.walk_tree(commit, |file| {
            let is_file = matches!(file.kind, EntryKind::File | EntryKind::Executable);
            if !is_file || !is_wanted(file.path_bytes(), &request.paths) {
                return Ok(Continue(()));
            }
            let blob = self.blob(file.id, MOST_FILE_BYTES)?;
            let is_binary = blob.is_binary();
            let Some(data) = blob.data else {
                grep.too_large += 1;
                return Ok(Continue(()));
            };
            if is_binary {
                grep.binary += 1;
                return Ok(Continue(()));
            }
            grep.searched += 1;
            let (found, has_more) = self.matching(&data, request, request.most_lines - lines)?;
            lines += found.len();
            let is_full = has_more && lines >= request.most_lines;
            if !found.is_empty() {
                grep.files.push(GrepFile { path: file.path, id: file.id, lines: found, has_more });
            }
            grep.has_more |= has_more;
            Ok(if is_full { Break(()) } else { Continue(()) })
        })?;
        grep.left_out = walked.left_out;
        Ok(grep)
    }

    /// The matching lines of a file, at most as many as are asked for, and whether there are more.
    fn matching(&self, data: &[u8], request: &GrepRequest, most: usize) -> Result<(Vec<GrepLine>, bool)> {
        let most = most.min(request.most_lines_of_file);
        let pattern = &request.pattern;
        let mut found = Vec::new();
        let mut unlooked_bytes = 0;
        for (index, line) in data.split_inclusive(|byte| *byte == b'\n').enumerate() {
            unlooked_bytes += line.len();
            if unlooked_bytes >= BYTES_PER_LOOK {
                self.budget.look()?;
                unlooked_bytes = 0;
            }
            let line = line.strip_suffix(b"\n").unwrap_or(line);
            let Some(first) = pattern.find(pattern.searched(line), 0, &self.budget)? else { continue };
            if found.len() == most {
                return Ok((found, true));
            }
            found.push(GrepLine::new(index, line, first, pattern, &self.budget)?);
        }
        Ok((found, false))
    }
}

/// The clock is read once for so many bytes.
const BYTES_PER_LOOK: usize = 64 << 10;

impl GrepLine {
    fn new(
        index: usize,
        line: &[u8],
        first: Range<usize>,
        pattern: &GrepPattern,
        budget: &Budget,
    ) -> Result<Self> {
        let searched = pattern.searched(line);
        let shown = line.strip_suffix(b"\r").unwrap_or(line);
        // Not in the middle of a character.
        let most = shown.len().min(MOST_LINE_BYTES);
        let end = (0..=most).rev().find(|end| shown.get(*end).is_none_or(|byte| byte & 0xC0 != 0x80));
        let shown = &shown[..end.unwrap_or(most)];
        let mut marks = Vec::new();
        let mut next = Some(first);
        while let Some(mark) = next.filter(|mark| marks.len() < MOST_MARKS && mark.end <= shown.len()) {
            budget.look()?;
            next = pattern.find(searched, mark.end.max(mark.start + 1).min(searched.len()), budget)?;
            let is_last = mark.end >= searched.len();
            if !mark.is_empty() {
                marks.push(mark);
            }
            if is_last {
                break;
            }
        }
        // An expression may match single bytes of a character.
        match std::str::from_utf8(shown) {
            Ok(text) => {
                marks.retain(|mark| text.is_char_boundary(mark.start) && text.is_char_boundary(mark.end));
            }
            Err(_) => marks.clear(),
        }
        Ok(Self {
            number: u32::try_from(index + 1).unwrap_or(u32::MAX),
            text: String::from_utf8_lossy(shown).into_owned(),
            marks,
            is_cut: shown.len() + 1 < line.len(),
        })
    }
}

/// Whether a path is one of those asked for, or below one.
fn is_wanted(path: &[u8], wanted: &[String]) -> bool {
    let fits = |wanted: &String| {
        let wanted = wanted.trim_end_matches('/').as_bytes();
        let is_pattern = wanted.iter().any(|byte| b"*?[\\".contains(byte));
        let is_below = path.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest[0] == b'/');
        let mode = gix::glob::wildmatch::Mode::empty();
        is_below
            || wanted.is_empty()
            || (is_pattern && gix::glob::wildmatch(wanted.into(), path.into(), mode))
    };
    wanted.is_empty() || wanted.iter().any(fits)
}
