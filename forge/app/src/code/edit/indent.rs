//! What the Tab key writes: as `.editorconfig` says, else as the file does.

/// The indent of one level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Indent {
    /// A tab, drawn as wide as so many columns.
    Tab(usize),
    Spaces(usize),
}

/// Wider indents are a mistake.
const MOST_COLUMNS: usize = 16;
const USUAL_COLUMNS: usize = 4;
/// Lines from which the indent is guessed.
const MOST_LINES: usize = 500;
/// Further alternatives of a pattern are not understood, nor is a longer pattern.
const MOST_ALTERNATIVES: usize = 64;
const LONGEST_PATTERN_BYTES: usize = 256;
/// Letters of patterns and paths that are compared for one file. Only a crafted one needs more: its further sections fit
/// nothing.
const MOST_STEPS: usize = 20_000_000;

/// What a file says about a path below its folder, and whether files above it do not count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Settings {
    is_root: bool,
    style: Option<Style>,
    columns: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    Tab,
    Space,
}

impl Settings {
    /// Reads an `.editorconfig` for a path below its folder. Later sections win.
    pub(super) fn read(text: &str, path: &str) -> Self {
        let mut settings = Self::default();
        // Before the first section, only `root` counts.
        let (mut is_meant, mut is_preamble) = (false, true);
        let mut steps = MOST_STEPS;
        for line in text.lines().map(str::trim).filter(|line| !line.starts_with(['#', ';'])) {
            if let Some(pattern) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
                (is_meant, is_preamble) = (is_section_of(pattern, path, &mut steps), false);
                continue;
            }
            let Some((key, value)) = line.split_once('=') else { continue };
            let (key, value) = (key.trim().to_ascii_lowercase(), value.trim().to_ascii_lowercase());
            match key.as_str() {
                "root" if is_preamble => settings.is_root = value == "true",
                "indent_style" if is_meant => {
                    settings.style = if value == "tab" { Some(Style::Tab) } else { Some(Style::Space) };
                }
                "indent_size" | "tab_width" if is_meant => {
                    let columns = value.parse().ok().filter(|columns| (1..=MOST_COLUMNS).contains(columns));
                    settings.columns = columns.or(settings.columns);
                }
                _ => {}
            }
        }
        settings
    }

    /// Fills what this file leaves open with what a file in a folder above says, unless it is the topmost.
    pub(super) fn or_above(self, above: Self) -> Self {
        if self.is_root {
            return self;
        }
        Self {
            is_root: above.is_root,
            style: self.style.or(above.style),
            columns: self.columns.or(above.columns),
        }
    }

    pub(super) const fn is_root(self) -> bool {
        self.is_root
    }

    /// What is left open is as the text does it.
    pub(super) fn indent(self, text: &str) -> Indent {
        let columns = self.columns.unwrap_or(USUAL_COLUMNS);
        match self.style {
            Some(Style::Tab) => Indent::Tab(columns),
            Some(Style::Space) => Indent::Spaces(columns),
            None => guess(text).unwrap_or(Indent::Spaces(columns)),
        }
    }
}

/// The indent of the first line that is indented further than the one before it.
fn guess(text: &str) -> Option<Indent> {
    let mut before = 0;
    for line in text.lines().take(MOST_LINES).filter(|line| !line.trim().is_empty()) {
        if line.starts_with('\t') {
            return Some(Indent::Tab(USUAL_COLUMNS));
        }
        let spaces = line.len() - line.trim_start_matches(' ').len();
        if (2..=8).contains(&spaces.saturating_sub(before)) {
            return Some(Indent::Spaces(spaces - before));
        }
        before = spaces;
    }
    None
}

/// A pattern without a slash is about names in any folder.
fn is_section_of(pattern: &str, path: &str, steps: &mut usize) -> bool {
    if pattern.len() > LONGEST_PATTERN_BYTES {
        return false;
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    alternatives(pattern).iter().any(|pattern| {
        let (pattern, text) = match pattern.strip_prefix('/') {
            Some(pattern) => (pattern, path),
            None if pattern.contains('/') => (pattern.as_str(), path),
            None => (pattern.as_str(), name),
        };
        let Some(left) = steps.checked_sub(pattern.len() * (text.len() + 1)) else { return false };
        *steps = left;
        fits(pattern.as_bytes(), text.as_bytes())
    })
}

/// `*.{js,ts}` as `*.js` and `*.ts`; nested braces are not understood.
fn alternatives(pattern: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut rest = pattern;
    while let Some((before, inside, after)) = braces(rest) {
        let each = found.iter().flat_map(|start| inside.split(',').map(move |one| (start, one)));
        let each = each.map(|(start, one)| format!("{start}{before}{one}"));
        found = each.take(MOST_ALTERNATIVES).collect();
        rest = after;
    }
    for alternative in &mut found {
        alternative.push_str(rest);
    }
    found
}

/// What stands before, in and after the first braces.
fn braces(pattern: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = pattern.split_once('{')?;
    let (inside, after) = rest.split_once('}')?;
    Some((before, inside, after))
}

/// `*` stands for anything within a name, `**` for anything, `?` for one letter. Time grows with the product of the two
/// lengths, however many stars there are.
fn fits(pattern: &[u8], text: &[u8]) -> bool {
    // For each length of the pattern so far: which beginnings of the text it fits.
    let mut fitting = vec![false; text.len() + 1];
    fitting[0] = true;
    let mut rest = pattern;
    while let Some((first, after)) = rest.split_first() {
        let mut next = vec![false; text.len() + 1];
        if *first == b'*' {
            let is_deep = after.first() == Some(&b'*');
            rest = if is_deep { &after[1..] } else { after };
            let mut is_open = false;
            for end in 0..=text.len() {
                let crosses = end > 0 && text[end - 1] == b'/' && !is_deep;
                is_open = fitting[end] || (is_open && !crosses);
                next[end] = is_open;
            }
        } else {
            rest = after;
            for end in 1..=text.len() {
                let letter = text[end - 1];
                next[end] = fitting[end - 1] && (letter == *first || (*first == b'?' && letter != b'/'));
            }
        }
        fitting = next;
    }
    fitting[text.len()]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CONFIG: &str = "root = true\n\n[*]\nindent_style = space\nindent_size = 2\n\n# Go is written with tabs.\n[*.{go,mod}]\nindent_style = tab\ntab_width = 8\n\n[docs/**.md]\nindent_size = 3\n";

    #[test]
    fn the_section_that_fits_last_decides() {
        let indent = |path| Settings::read(CONFIG, path).indent("");
        assert_eq!(indent("src/a.py"), Indent::Spaces(2));
        assert_eq!(indent("cmd/main.go"), Indent::Tab(8));
        assert_eq!(indent("docs/a/b.md"), Indent::Spaces(3));
        assert_eq!(indent("a.md"), Indent::Spaces(2));
    }

    #[test]
    fn what_a_folder_leaves_open_the_one_above_decides_up_to_the_root() {
        let inner = Settings::read("[*]\nindent_size = 8\n", "a.py");
        let outer = Settings::read(CONFIG, "src/a.py");
        assert_eq!(inner.or_above(outer).indent(""), Indent::Spaces(8));
        assert_eq!(
            outer.or_above(Settings::read("[*]\nindent_style = tab", "x")).indent(""),
            Indent::Spaces(2)
        );
    }

    #[test]
    fn without_settings_the_text_decides() {
        let indent = |text| Settings::default().indent(text);
        assert_eq!(indent("def a():\n  pass\n"), Indent::Spaces(2));
        assert_eq!(indent("all:\n\techo\n"), Indent::Tab(4));
        assert_eq!(indent("plain\n"), Indent::Spaces(4));
    }

    #[test]
    fn braces_stand_for_each_of_their_alternatives() {
        assert_eq!(alternatives("{a,b}.{c,d}x"), ["a.cx", "a.dx", "b.cx", "b.dx"]);
        assert_eq!(alternatives("a{b"), ["a{b"]);
        assert_eq!(alternatives(&"{a,b}".repeat(50)).len(), MOST_ALTERNATIVES);
    }

    /// Files that once needed a stack as deep as they are long, or time that grows with the square of it.
    #[test]
    fn crafted_files_say_nothing_and_take_no_time() {
        let sections = |pattern: &str| format!("[{pattern}]\nindent_size = 2\n");
        let many = sections(&format!("**/{}{{a,b,c,d,e,f,g,h}}", "*a".repeat(100))).repeat(200);
        let deep = "a/".repeat(2_000);
        for text in [sections(&"{a}".repeat(20_000)), sections(&"{".repeat(60_000)), many] {
            assert_eq!(Settings::read(&text, &deep), Settings::default());
        }
    }

    proptest! {
        #[test]
        fn any_file_is_read(text in r"(\[?[a-z*?{},/]{0,12}\]?\n|[a-z_]{0,12} ?=? ?[a-z0-9]{0,6}\n){0,12}", path in "[a-z/.]{0,20}") {
            let indent = Settings::read(&text, &path).indent(&text);
            let columns = match indent {
                Indent::Tab(columns) | Indent::Spaces(columns) => columns,
            };
            prop_assert!((1..=MOST_COLUMNS).contains(&columns));
        }
    }

    #[test]
    fn a_pattern_of_many_stars_ends() {
        assert!(!fits("*a".repeat(200).as_bytes(), "a".repeat(199).as_bytes()));
        assert!(fits(b"**.md", b"a/b.md") && !fits(b"*.md", b"a/b.md"));
    }
}
