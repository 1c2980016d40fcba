//! Syntax highlighting: classes such as `hl-keyword` around tokens, as one complete piece of HTML per line.
//!
//! All output is escaped. Large files, very long lines and texts that take too long are shown plain rather
//! than late: a page with grey code is better than no page.

mod class;
mod name;
mod part;

use std::{
    collections::HashSet,
    fmt::Write as _,
    sync::LazyLock,
    time::{Duration, Instant},
};

use syntect::parsing::{ParseState, SyntaxReference, SyntaxSet};

pub use class::ALL as CLASSES;
use class::Classes;
pub use part::{FileColours, Line, Part, Plain, Wanted, colours};

/// Larger texts are shown plain.
pub const MOST_BYTES: usize = 512 * 1024;
/// Longer lines (such as in minified files) are shown plain.
const LONGEST_LINE: usize = 2_000;
/// What says the language of a file is at its beginning: a whole file may be one line, and dozens of patterns are tried on it.
const LONGEST_FIRST_LINE: usize = 250;

static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(two_face::syntax::extra_newlines);

/// Endings and whole names of files that a grammar names.
static KNOWN_NAMES: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let all = SYNTAXES.syntaxes().iter().flat_map(|syntax| &syntax.file_extensions);
    all.map(String::as_str).collect()
});

/// A programming language, or another kind of text with a grammar.
#[derive(Clone, Copy, Debug)]
pub struct Language(&'static SyntaxReference);

impl Language {
    /// Every language that is known.
    pub fn all() -> impl Iterator<Item = Self> {
        SYNTAXES.syntaxes().iter().filter(|syntax| !syntax.hidden).map(Self)
    }

    /// Detects the language by the file's name, else by its first line (`#!/bin/sh`, `<?xml`).
    pub fn of_file(name: &str, text: &str) -> Option<Self> {
        let name = name.rsplit('/').next().unwrap_or_default();
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        let line = text.lines().next().unwrap_or_default();
        let beginning = &line[..line.floor_char_boundary(LONGEST_FIRST_LINE)];
        let first_line = || SYNTAXES.find_syntax_by_first_line(beginning);
        [name, also_known_as(name), ending]
            .into_iter()
            .filter(|word| !word.is_empty())
            .find_map(by_extension)
            .or_else(first_line)
            .filter(|syntax| syntax.name != "Plain Text")
            .map(Self)
    }

    /// Whether a file's whole name, and not its ending, says its language: `CMakeLists.txt`, `requirements.txt`.
    pub fn is_in_name(name: &str) -> bool {
        KNOWN_NAMES.contains(name) || !also_known_as(name).is_empty()
    }

    /// Finds a language by the word after a Markdown fence: `rust`, `py`, `c++`.
    pub fn of_word(word: &str) -> Option<Self> {
        let word = match word.to_ascii_lowercase().as_str() {
            "shell" | "console" | "zsh" | "shell-session" => "bash".to_owned(),
            "jsonc" | "json5" => "json".to_owned(),
            "docker" => "dockerfile".to_owned(),
            "golang" => "go".to_owned(),
            other => other.to_owned(),
        };
        let plain = matches!(word.as_str(), "" | "text" | "txt" | "plain" | "plaintext");
        if plain { None } else { SYNTAXES.find_syntax_by_token(&word).map(Self) }
    }

    /// As people call it: dialects of a language have its name.
    pub fn name(self) -> &'static str {
        name::known_name(&self.0.name)
    }

    /// Whether programs are written in it, and not data, prose or configuration.
    pub fn is_program(self) -> bool {
        name::is_program(self.name())
    }

    fn grammar(self) -> &'static str {
        &self.0.name
    }
}

fn by_extension(extension: &str) -> Option<&'static SyntaxReference> {
    let is_it = |known: &String| known.eq_ignore_ascii_case(extension);
    SYNTAXES
        .find_syntax_by_extension(extension)
        .or_else(|| SYNTAXES.syntaxes().iter().rev().find(|syntax| syntax.file_extensions.iter().any(is_it)))
}

/// Files whose name implies their language, where the syntaxes do not know the name.
fn also_known_as(name: &str) -> &'static str {
    match name {
        "Containerfile" => "Dockerfile",
        "Cargo.lock" | "poetry.lock" | "uv.lock" | "Pipfile" => "toml",
        "package-lock.json" | ".prettierrc" | ".eslintrc" | "composer.lock" => "json",
        "BUILD.bazel" | "WORKSPACE" => "py",
        ".bashrc" | ".profile" | ".zshrc" | "PKGBUILD" => "sh",
        _ => "",
    }
}

/// A text as lines of complete HTML, without line endings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Highlighted {
    /// The language's name; `None` for plain text.
    pub language: Option<&'static str>,
    pub lines: Vec<Box<str>>,
}

/// Highlights a text on the current thread. What is not done within the budget is shown plain.
pub fn highlight(text: &str, language: Option<Language>, budget: Duration) -> Highlighted {
    let language = language.filter(|_| text.len() <= MOST_BYTES);
    let mut lines = Vec::with_capacity(text.len() / 32);
    let mut colours = language.map(Colours::new);
    let deadline = Instant::now() + budget;
    for line in text.split_inclusive('\n') {
        let in_time = colours.as_mut().filter(|_| Instant::now() <= deadline);
        let html = in_time.and_then(|colours| colours.line(line));
        if html.is_none() {
            colours = None;
        }
        lines.push(html.unwrap_or_else(|| plain(line)).into_boxed_str());
    }
    Highlighted { language: language.map(Language::name), lines }
}

fn plain(line: &str) -> String {
    let mut html = String::with_capacity(line.len() + 8);
    escape_into(&mut html, without_end(line));
    html
}

fn without_end(line: &str) -> &str {
    let line = line.strip_suffix('\n').unwrap_or(line);
    line.strip_suffix('\r').unwrap_or(line)
}

struct Colours {
    state: ParseState,
    classes: Classes,
}

impl Colours {
    fn new(language: Language) -> Self {
        Self { state: ParseState::new(language.0), classes: Classes::new() }
    }

    /// `None` when highlighting has to stop.
    fn line(&mut self, line: &str) -> Option<String> {
        if line.len() > LONGEST_LINE || self.classes.is_too_deep() {
            return None;
        }
        let operations = self.state.parse_line(line, &SYNTAXES).ok()?;
        let end = without_end(line).len();
        let mut words = Words { html: String::with_capacity(line.len() * 2), open: None };
        let mut from = 0;
        for (at, operation) in &operations {
            let at = (*at).min(end);
            if at > from {
                words.push(&line[from..at], self.classes.current());
                from = at;
            }
            if !self.classes.apply(operation) {
                return None;
            }
        }
        if from < end {
            words.push(&line[from..end], self.classes.current());
        }
        Some(words.finish())
    }
}

/// Adjacent tokens of the same class share one element; blanks never open one.
struct Words {
    html: String,
    open: Option<&'static str>,
}

impl Words {
    fn push(&mut self, text: &str, class: Option<&'static str>) {
        let is_blank = text.bytes().all(|byte| matches!(byte, b' ' | b'\t'));
        if !is_blank && class != self.open {
            self.close();
            if let Some(class) = class {
                write!(self.html, "<span class=\"{class}\">").expect("writing to a String cannot fail");
            }
            self.open = class;
        }
        escape_into(&mut self.html, text);
    }

    fn close(&mut self) {
        if self.open.take().is_some() {
            self.html.push_str("</span>");
        }
    }

    fn finish(mut self) -> String {
        self.close();
        self.html
    }
}

/// Escapes text for HTML, and makes bidirectional control characters visible: code must not look different
/// from what it is.
fn escape_into(html: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' => {
                write!(html, "<span class=\"hl-hidden\">U+{:04X}</span>", u32::from(letter))
                    .expect("writing to a String cannot fail");
            }
            _ => html.push(letter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUDGET: Duration = Duration::from_secs(2);

    fn of(word: &str, text: &str) -> Vec<String> {
        let highlighted = highlight(text, Language::of_word(word), BUDGET);
        highlighted.lines.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn at_least_150_languages_are_known() {
        assert!(Language::all().count() >= 150, "{}", Language::all().count());
    }

    #[test]
    fn words_get_classes_and_neighbours_share_them() {
        assert_eq!(
            of("rust", "fn main() { // hi\n    let x = \"a\\n\";\n}\n"),
            [
                "<span class=\"hl-keyword\">fn </span><span class=\"hl-function\">main</span>() { <span class=\"hl-comment\">// hi</span>",
                "    <span class=\"hl-keyword\">let</span> x <span class=\"hl-operator\">= </span><span class=\"hl-string\">&quot;a</span><span class=\"hl-escape\">\\n</span><span class=\"hl-string\">&quot;</span>;",
                "}",
            ]
        );
    }

    #[test]
    fn a_state_reaches_over_lines() {
        let lines = of("python", "x = \"\"\"a\nb\n\"\"\"\n");
        assert_eq!(lines[1], "<span class=\"hl-string\">b</span>");
    }

    #[test]
    fn every_language_leaves_the_text_as_it_is() {
        let text = "#include <a.h>\n\"use\" 'x' && `y` <b c=\"d\">é 数</b>\r\n\tdef f(x): return {x}\n# end";
        let plain_lines: Vec<&str> = text.split('\n').map(|line| line.trim_end_matches('\r')).collect();
        for language in Language::all() {
            let lines = highlight(text, Some(language), Duration::from_secs(30)).lines;
            let shown: Vec<String> = lines.iter().map(|line| without_tags(line)).collect();
            assert_eq!(shown, plain_lines, "{}", language.name());
        }
    }

    fn without_tags(html: &str) -> String {
        let mut text = String::new();
        let mut inside = false;
        for letter in html.chars() {
            match letter {
                '<' => inside = true,
                '>' => inside = false,
                _ if !inside => text.push(letter),
                _ => {}
            }
        }
        text.replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&#39;", "'")
            .replace("&amp;", "&")
    }

    #[test]
    fn files_are_known_by_name_ending_and_first_line() {
        let name = |file: &str, text: &str| Language::of_file(file, text).map(Language::name);
        assert_eq!(name("src/main.rs", ""), Some("Rust"));
        assert_eq!(name("train.py", ""), Some("Python"));
        assert_eq!(name("Dockerfile", ""), Some("Dockerfile"));
        assert_eq!(name("Makefile", ""), Some("Makefile"));
        assert_eq!(name("a.TSX", ""), Some("TypeScript"));
        assert_eq!(name("run", "#!/usr/bin/env python3\n"), Some("Python"));
        assert_eq!(
            name("run", &format!("#!/{}/python3\n", "a".repeat(LONGEST_FIRST_LINE))),
            None,
            "too far away"
        );
        assert_eq!(name("notes.txt", "hello"), None);
        assert_eq!(name("LICENSE", "Apache License"), None);
    }

    #[test]
    fn markup_in_code_is_text() {
        for word in ["html", "", "rust"] {
            for line in of(word, "<script>alert(1)</script>") {
                assert!(!line.contains("<script"), "{line}");
            }
        }
    }

    #[test]
    fn signs_that_turn_text_around_are_shown() {
        assert_eq!(of("", "a\u{202e}b"), ["a<span class=\"hl-hidden\">U+202E</span>b"]);
    }

    #[test]
    fn large_and_long_texts_come_out_plain_and_whole() {
        let long = format!("let x = \"{}\";\nlet y = 1;\n", "a".repeat(LONGEST_LINE));
        assert_eq!(of("rust", &long)[1], "let y = 1;");
        let large = "let x = 1;\n".repeat(MOST_BYTES / 10);
        let lines = of("rust", &large);
        assert_eq!((lines.len(), lines[0].as_str()), (MOST_BYTES / 10, "let x = 1;"));
    }

    #[test]
    fn spent_time_leaves_the_rest_plain() {
        let lines = highlight("let x = 1;\n", Language::of_word("rust"), Duration::ZERO).lines;
        assert_eq!(&*lines[0], "let x = 1;");
    }
}
