//! The file `CODEOWNERS`: which people and teams own which files of a repository, as GitHub reads it.
//!
//! Each line is a pattern and the owners of what it matches. The last line that matches counts. A pattern is one of
//! `.gitignore`, without `!` and brackets.

use std::{fmt, str::Chars};

/// The lines that are read; further ones are ignored.
const MOST_LINES: usize = 10_000;
/// The owners of one line.
const MOST_OWNERS: usize = 100;
/// The longest pattern, in bytes.
const LONGEST_PATTERN: usize = 1_000;
/// Letters that are compared to find the owners of all files of a change: less than a second.
const MOST_STEPS: u64 = 250_000_000;

/// Who owns something.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owner {
    /// By the name of the account: `@mei`.
    Person(String),
    /// `@organisation/team`.
    Team { organization: String, team: String },
    /// By an address of the account.
    Email(String),
}

impl fmt::Display for Owner {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(name) => write!(formatter, "@{name}"),
            Self::Team { organization, team } => write!(formatter, "@{organization}/{team}"),
            Self::Email(address) => formatter.write_str(address),
        }
    }
}

impl Owner {
    fn read(word: &str) -> Option<Self> {
        let is_plain = |text: &str| !text.is_empty() && !text.contains('@');
        match word.strip_prefix('@') {
            Some(name) => match name.split_once('/') {
                Some((organization, team))
                    if is_plain(organization) && is_plain(team) && !team.contains('/') =>
                {
                    Some(Self::Team { organization: organization.to_owned(), team: team.to_owned() })
                }
                None if is_plain(name) => Some(Self::Person(name.to_owned())),
                Some(_) | None => None,
            },
            None => {
                let (name, host) = word.split_once('@')?;
                (is_plain(name) && is_plain(host)).then(|| Self::Email(word.to_owned()))
            }
        }
    }
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Counted from 1.
    pub line: usize,
    pub kind: ProblemKind,
}

text_enum! {
    /// Why a line, or a part of it, is ignored.
    pub enum ProblemKind {
        /// The pattern uses `!` or brackets, or is too long.
        Pattern = "pattern",
        /// Neither `@name`, `@organisation/team` nor an address.
        Owner = "owner",
        /// There are more owners or lines than are read.
        TooMany = "too-many",
    }
}

/// A file of code owners, ready to be asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CodeOwners(Vec<Line>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    pattern: Pattern,
    owners: Vec<Owner>,
}

impl CodeOwners {
    /// Reads any text. What cannot be read is left out, and named.
    pub fn parse(text: &str) -> (Self, Vec<Problem>) {
        let (mut lines, mut problems) = (Vec::new(), Vec::new());
        for (place, line) in text.lines().enumerate() {
            let mut note = |kind| problems.push(Problem { line: place + 1, kind });
            if place == MOST_LINES {
                note(ProblemKind::TooMany);
                break;
            }
            let words = words(line);
            let Some((pattern, owners)) = words.split_first() else { continue };
            let Some(pattern) = Pattern::read(pattern) else {
                note(ProblemKind::Pattern);
                continue;
            };
            if owners.len() > MOST_OWNERS {
                note(ProblemKind::TooMany);
            }
            let mut found = Vec::new();
            for word in owners.iter().take(MOST_OWNERS) {
                match Owner::read(word) {
                    Some(owner) => found.push(owner),
                    None => note(ProblemKind::Owner),
                }
            }
            lines.push(Line { pattern, owners: found });
        }
        (Self(lines), problems)
    }

    /// Those of these files that somebody owns, with their owners; by paths from the root without a leading slash. None:
    /// finding that out takes longer than files of owners are worth, as only crafted ones do.
    pub fn owned(&self, paths: Vec<String>) -> Option<Vec<(String, Vec<Owner>)>> {
        let mut steps = 0;
        let mut owned = Vec::new();
        for path in paths {
            let owners = self.owners_of(&path, &mut steps).to_vec();
            if steps > MOST_STEPS {
                return None;
            }
            if !owners.is_empty() {
                owned.push((path, owners));
            }
        }
        Some(owned)
    }

    /// None: nobody owns it.
    fn owners_of(&self, path: &str, steps: &mut u64) -> &[Owner] {
        let parts: Vec<&str> = path.split('/').collect();
        let line = self.0.iter().rev().find(|line| line.pattern.matches(&parts, steps));
        line.map_or(&[], |line| &line.owners)
    }
}

/// The words of a line up to its comment. A backslash takes the blank or `#` after it into the word.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => word.extend(letters.next()),
            '#' if word.is_empty() => break,
            letter if letter.is_whitespace() => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
            }
            letter => word.push(letter),
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// A pattern of paths, as its segments.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Pattern {
    /// None stands for any number of folders: `**`.
    segments: Vec<Option<String>>,
    /// Only what lies in such a folder, not a file of that name.
    is_folder: bool,
}

impl Pattern {
    fn read(text: &str) -> Option<Self> {
        if text.starts_with('!') || text.contains(['[', ']']) || text.len() > LONGEST_PATTERN {
            return None;
        }
        let is_folder = text.ends_with('/');
        let text = text.trim_end_matches('/');
        let is_anchored = text.contains('/');
        let text = text.trim_start_matches('/');
        let mut segments: Vec<Option<String>> = Vec::new();
        if !is_anchored {
            segments.push(None);
        }
        if !text.is_empty() {
            segments.extend(text.split('/').map(|segment| (segment != "**").then(|| segment.to_owned())));
        }
        segments.dedup_by(|next, before| next.is_none() && before.is_none());
        Some(Self { segments, is_folder })
    }

    /// Whether it matches the path, or a folder above it. A last `*` stands for what lies directly in the folder.
    fn matches(&self, parts: &[&str], steps: &mut u64) -> bool {
        // Whether the parts so far are matched by the segments before each place.
        let mut places = vec![false; self.segments.len() + 1];
        places[0] = true;
        self.pass_folders(&mut places);
        for (index, part) in parts.iter().enumerate() {
            let mut next = vec![false; places.len()];
            *steps += places.len() as u64;
            for (place, segment) in self.segments.iter().enumerate().filter(|(place, _)| places[*place]) {
                match segment {
                    None => next[place] = true,
                    Some(segment) => next[place + 1] |= matches_name(segment, part, steps),
                }
            }
            self.pass_folders(&mut next);
            places = next;
            let is_last = index + 1 == parts.len();
            if places[self.segments.len()] && self.is_end(is_last) {
                return true;
            }
        }
        false
    }

    /// Whether it may end at a part of a path: at the file, or at a folder above it.
    fn is_end(&self, is_file: bool) -> bool {
        let last = self.segments.last();
        if is_file {
            return !self.is_folder;
        }
        // `docs/*` owns the files of the folder, not those below its folders.
        self.is_folder || self.segments.len() == 1 || last.is_none_or(|last| last.as_deref() != Some("*"))
    }

    fn pass_folders(&self, places: &mut [bool]) {
        for (place, segment) in self.segments.iter().enumerate() {
            places[place + 1] |= places[place] && segment.is_none();
        }
    }
}

/// Whether a name matches a segment, in which `*` stands for any letters and `?` for one. Every comparison is a step.
fn matches_name(pattern: &str, name: &str, steps: &mut u64) -> bool {
    let (mut wanted, mut rest) = (pattern.chars(), name.chars());
    // What follows the last star, and the letters after those that it stands for so far.
    let mut star: Option<(Chars<'_>, Chars<'_>)> = None;
    loop {
        *steps += 1;
        match wanted.next() {
            Some('*') => {
                star = Some((wanted.clone(), rest.clone()));
                continue;
            }
            Some(letter) if rest.next().is_some_and(|found| letter == '?' || letter == found) => continue,
            None if rest.as_str().is_empty() => return true,
            Some(_) | None => {}
        }
        // The last star stands for one letter more.
        let Some((after, from)) = &mut star else { return false };
        if from.next().is_none() {
            return false;
        }
        (wanted, rest) = (after.clone(), from.clone());
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn owners(text: &str, path: &str) -> Vec<String> {
        CodeOwners::parse(text).0.owners_of(path, &mut 0).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_last_line_that_matches_counts() {
        let text = "* @lead\n*.rs @lab/rust mei@example.org # who else\n/docs/ @writer\n/docs/internal/\n";
        assert_eq!(owners(text, "README"), ["@lead"]);
        assert_eq!(owners(text, "src/deep/main.rs"), ["@lab/rust", "mei@example.org"]);
        assert_eq!(owners(text, "docs/a/b.md"), ["@writer"]);
        assert_eq!(owners(text, "docs/internal/b.md"), [""; 0], "nobody owns it");
    }

    #[test]
    fn patterns_match_as_in_gitignore() {
        for (pattern, path, is_match) in [
            ("apps/", "apps/a.rs", true),
            ("apps/", "lib/apps/a.rs", true),
            ("apps/", "apps", false),
            ("/apps/", "lib/apps/a.rs", false),
            ("docs/*", "docs/a.md", true),
            ("docs/*", "docs/deep/a.md", false),
            ("docs/**", "docs/deep/a.md", true),
            ("**/logs", "build/x/logs/a.txt", true),
            ("**/logs", "logs", true),
            ("a/**/z", "a/z", true),
            ("a/**/z", "a/b/c/z", true),
            ("/*.js", "a.js", true),
            ("/*.js", "src/a.js", false),
            ("*", "deep/er/file", true),
            ("/", "any/file", true),
            ("f?o", "x/foo", true),
            ("f?o", "x/fo", false),
            ("数据/", "数据/a", true),
        ] {
            assert_eq!(!owners(&format!("{pattern} @a"), path).is_empty(), is_match, "{pattern} {path}");
        }
        assert_eq!(owners("a\\ b/ @a", "a b/c"), ["@a"]);
        assert_eq!(owners("\\#a @a", "#a"), ["@a"]);
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let (_, problems) = CodeOwners::parse("# only a comment\n\n!a @b\n[ab] @b\nx @ @a/ @a/b/c me@ @ok\n");
        let found: Vec<_> = problems.iter().map(|problem| (problem.line, problem.kind)).collect();
        let owner = |line| (line, ProblemKind::Owner);
        let pattern = |line| (line, ProblemKind::Pattern);
        assert_eq!(found, [pattern(3), pattern(4), owner(5), owner(5), owner(5), owner(5)]);
        assert_eq!(owners("x @ @ok", "x"), ["@ok"]);
    }

    #[test]
    fn a_star_stands_for_as_much_as_is_needed() {
        for (pattern, name, is_match) in [
            ("a*", "abc", true),
            ("*a", "b", false),
            ("*a", "ba", true),
            ("a*b*c", "aXbYbZc", true),
            ("a*b*c", "aXbYbZ", false),
            ("*?", "", false),
            ("?*", "字", true),
            ("**", "", true),
        ] {
            assert_eq!(matches_name(pattern, name, &mut 0), is_match, "{pattern} {name}");
        }
    }

    #[test]
    fn patterns_and_paths_that_are_crafted_to_take_long_own_nothing_that_is_known() {
        let pattern = format!("{}b @mei\n", "*a".repeat(490));
        let rules = CodeOwners::parse(&pattern.repeat(250)).0;
        let paths = |count: usize| (0..count).map(|number| format!("{}{number}", "a".repeat(240))).collect();
        assert_eq!(rules.owned(paths(20_000)), None);
        assert_eq!(rules.owned(paths(1)), Some(Vec::new()));
    }

    /// What a segment means, letter by letter.
    fn means(pattern: &[char], name: &[char]) -> bool {
        match (pattern.split_first(), name.split_first()) {
            (None, None) => true,
            (Some(('*', after)), None) => means(after, name),
            (Some(('*', after)), Some((_, rest))) => means(after, name) || means(pattern, rest),
            (Some(('?', after)), Some((_, rest))) => means(after, rest),
            (Some((letter, after)), Some((found, rest))) => letter == found && means(after, rest),
            (None, Some(_)) | (Some(_), None) => false,
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_file_whose_lines_are_read_or_named(text in "(\\PC|[*@/# \\\\\n]){0,200}", path in "[a-z*/]{0,12}") {
            let (rules, problems) = CodeOwners::parse(&text);
            let lines = text.lines().count();
            prop_assert!(problems.iter().all(|problem| (1..=lines).contains(&problem.line)));
            prop_assert!(rules.owned(vec![path]).is_some());
        }

        #[test]
        fn segments_match_what_they_mean(pattern in "[ab字*?]{0,8}", name in "[ab字]{0,8}") {
            let letters = |text: &str| text.chars().collect::<Vec<_>>();
            let meant = means(&letters(&pattern), &letters(&name));
            prop_assert_eq!(matches_name(&pattern, &name, &mut 0), meant);
        }
    }
}
