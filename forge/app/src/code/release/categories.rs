//! The categories of release notes, as a repository defines them in `.github/release.yml`: a small part of YAML, read with bounds.
//! What is not understood is left out, never an error: notes can always be written.

/// Where the file may be.
pub(super) const PATHS: &[&str] =
    &[".github/release.yml", ".github/release.yaml", ".gitea/release.yml", ".gitea/release.yaml"];
/// A larger file is ignored, as are further lines and deeper nesting.
pub(super) const MOST_BYTES: u64 = 64 << 10;
const MOST_LINES: usize = 1_000;
const MOST_DEPTH: usize = 8;

/// What notes leave out, and under which headings they list the rest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Categories {
    pub(super) excluded: Selection,
    pub(super) headings: Vec<Heading>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Heading {
    pub(super) title: String,
    /// `*` stands for any label, and for none.
    pub(super) labels: Vec<String>,
    pub(super) excluded: Selection,
}

/// Some pull requests, by their labels and authors.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Selection {
    pub(super) labels: Vec<String>,
    pub(super) authors: Vec<String>,
}

impl Selection {
    /// Whether this pull request is among them.
    pub(super) fn has(&self, labels: &[String], author: &str) -> bool {
        let is_named = |name: &String| self.labels.iter().any(|label| label.eq_ignore_ascii_case(name));
        labels.iter().any(is_named) || self.authors.iter().any(|name| name.eq_ignore_ascii_case(author))
    }
}

impl Heading {
    /// Whether this pull request is listed here.
    pub(super) fn takes(&self, labels: &[String], author: &str) -> bool {
        let is_taken = self
            .labels
            .iter()
            .any(|wanted| wanted == "*" || labels.iter().any(|label| label.eq_ignore_ascii_case(wanted)));
        is_taken && !self.excluded.has(labels, author)
    }
}

impl Categories {
    /// Reads the file; none if it defines nothing.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let lines: Vec<Line<'_>> = text.lines().take(MOST_LINES).filter_map(Line::of).collect();
        let whole = block(&lines, MOST_DEPTH);
        let changelog = whole.get("changelog")?;
        let headings = changelog.get("categories").map(Node::items).unwrap_or_default();
        let headings = headings.iter().filter_map(heading).collect();
        let found = Self { excluded: selection(changelog.get("exclude")), headings };
        (found != Self::default()).then_some(found)
    }
}

fn heading(node: &Node) -> Option<Heading> {
    let title = node.get("title")?.text()?.to_owned();
    let labels = node.get("labels").map(Node::texts).unwrap_or_default();
    Some(Heading { title, labels, excluded: selection(node.get("exclude")) })
}

fn selection(node: Option<&Node>) -> Selection {
    let texts = |key| node.and_then(|node| node.get(key)).map(Node::texts).unwrap_or_default();
    Selection { labels: texts("labels"), authors: texts("authors") }
}

/// A line that says something.
#[derive(Clone, Copy)]
struct Line<'a> {
    indent: usize,
    text: &'a str,
}

impl<'a> Line<'a> {
    /// None for an empty line and a comment.
    fn of(line: &'a str) -> Option<Self> {
        let text = without_comment(line).trim_end();
        let inner = text.trim_start_matches(' ');
        let says = !inner.is_empty() && inner != "---" && !inner.starts_with('\t');
        says.then_some(Self { indent: text.len() - inner.len(), text: inner })
    }

    /// What stands behind the hyphen of an item, as a line of its own; none: it is no item.
    fn item(self) -> Option<Self> {
        if self.text == "-" {
            return Some(Self { indent: self.indent + 1, text: "" });
        }
        let rest = self.text.strip_prefix("- ")?;
        let text = rest.trim_start();
        Some(Self { indent: self.indent + 2 + rest.len() - text.len(), text })
    }
}

/// Cuts a comment off: a `#` at the beginning or behind a space, outside quotes.
fn without_comment(line: &str) -> &str {
    let (mut quote, mut before) = (None, ' ');
    for (place, letter) in line.char_indices() {
        match (quote, letter) {
            (None, '#') if before.is_whitespace() => return &line[..place],
            (None, '"' | '\'') if before.is_whitespace() || "[,:-".contains(before) => quote = Some(letter),
            (Some(open), letter) if open == letter => quote = None,
            _ => {}
        }
        before = letter;
    }
    line
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Node {
    Text(String),
    List(Vec<Self>),
    Map(Vec<(String, Self)>),
}

impl Node {
    fn get(&self, key: &str) -> Option<&Self> {
        let Self::Map(entries) = self else { return None };
        entries.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::List(_) | Self::Map(_) => None,
        }
    }

    fn items(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            Self::Text(_) | Self::Map(_) => &[],
        }
    }

    /// The texts of a list; a text alone is a list of one.
    fn texts(&self) -> Vec<String> {
        match self {
            Self::Text(text) => vec![text.clone()],
            Self::List(items) => items.iter().filter_map(Self::text).map(str::to_owned).collect(),
            Self::Map(_) => Vec::new(),
        }
    }
}

/// The lines of one block: a list where the first is an item, a map where it has a key, else a text.
fn block(lines: &[Line<'_>], depth: usize) -> Node {
    let Some(first) = lines.first().filter(|_| depth > 0) else { return Node::Text(String::new()) };
    if first.item().is_some() {
        return Node::List(parts(lines, first.indent).map(|part| item(part, depth - 1)).collect());
    }
    if entry(first.text).is_none() {
        return scalar(first.text);
    }
    let entries = parts(lines, first.indent).filter_map(|part| {
        let (key, value) = entry(part[0].text)?;
        let value = if value.is_empty() { block(&part[1..], depth - 1) } else { scalar(value) };
        Some((key, value))
    });
    Node::Map(entries.collect())
}

fn item(part: &[Line<'_>], depth: usize) -> Node {
    let mut lines = Vec::with_capacity(part.len());
    lines.extend(part[0].item().filter(|first| !first.text.is_empty()));
    lines.extend_from_slice(&part[1..]);
    block(&lines, depth)
}

/// The lines cut before each line of this indent. Items belong to the key above them, even if they stand at its indent.
fn parts<'a, 'b>(lines: &'a [Line<'b>], indent: usize) -> impl Iterator<Item = &'a [Line<'b>]> {
    let is_list = lines.first().is_some_and(|line| line.item().is_some());
    let mut rest = lines;
    std::iter::from_fn(move || {
        let (_, more) = rest.split_first()?;
        let begins = |line: &Line<'_>| line.indent <= indent && (is_list || line.item().is_none());
        let length = 1 + more.iter().position(begins).unwrap_or(more.len());
        let (part, after) = rest.split_at(length);
        rest = after;
        Some(part)
    })
}

/// `key: value`, with the value perhaps empty.
fn entry(text: &str) -> Option<(String, &str)> {
    let (key, value) = match text.split_once(": ") {
        Some(split) => split,
        None => (text.strip_suffix(':')?, ""),
    };
    let key = unquoted(key.trim());
    (!key.is_empty() && !key.starts_with(['[', '{'])).then(|| (key, value.trim()))
}

/// A text, perhaps in quotes, or a list in brackets.
fn scalar(text: &str) -> Node {
    match text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(inner) => {
            let items = inner.split(',').map(|item| unquoted(item.trim())).filter(|item| !item.is_empty());
            Node::List(items.map(Node::Text).collect())
        }
        None => Node::Text(unquoted(text)),
    }
}

fn unquoted(text: &str) -> String {
    let inner = |quote| text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    inner('"').or_else(|| inner('\'')).unwrap_or(text).to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FILE: &str = r#"
# .github/release.yml
changelog:
  exclude:
    labels:
      - ignore-for-release   # not for readers
    authors: [octobot, "dependabot"]
  categories:
    - title: "Breaking: read this"
      labels:
        - Semver-Major
        - 'breaking-change'
    - title: Fixes
      labels: [bug]
      exclude:
        authors:
        - mei
    - title: Other changes
      labels:
      - "*"
"#;

    #[test]
    fn a_file_as_people_write_it_is_understood() {
        let found = Categories::parse(FILE).expect("categories");
        assert_eq!(found.excluded.labels, ["ignore-for-release"]);
        assert_eq!(found.excluded.authors, ["octobot", "dependabot"]);
        let titles: Vec<_> = found.headings.iter().map(|heading| heading.title.as_str()).collect();
        assert_eq!(titles, ["Breaking: read this", "Fixes", "Other changes"]);
        let [breaking, fixes, other] = &found.headings[..] else { panic!("three") };
        let labels = |words: &[&str]| words.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert!(breaking.takes(&labels(&["semver-major"]), "bo"));
        assert!(breaking.takes(&labels(&["breaking-change"]), "bo"));
        assert!(fixes.takes(&labels(&["bug"]), "bo") && !fixes.takes(&labels(&["bug"]), "mei"));
        assert!(other.takes(&[], "mei"));
        assert!(found.excluded.has(&[], "Octobot") && !found.excluded.has(&labels(&["bug"]), "bo"));
    }

    #[test]
    fn what_is_no_such_file_defines_nothing() {
        let mut deep = String::new();
        for depth in 0..200 {
            deep.push_str(&" ".repeat(depth));
            deep.push_str("a:\n");
        }
        for text in ["", "changelog:", "- a\n- b", "x: y", "\t\t-", "[[[[", "'", &deep, &"- ".repeat(10_000)]
        {
            assert_eq!(Categories::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_file_cut_anywhere_is_read_without_a_panic() {
        for end in (0..FILE.len()).filter(|end| FILE.is_char_boundary(*end)) {
            Categories::parse(&FILE[..end]);
        }
    }

    proptest! {
        #[test]
        fn any_file_gives_headings_with_titles_or_nothing(text in "(changelog:\n|categories:\n|exclude:|title: |labels:|- |  |\n|[a-z*#\"'\\[\\],:]){0,60}") {
            let found = Categories::parse(&text);
            prop_assert!(found != Some(Categories::default()));
        }
    }
}
