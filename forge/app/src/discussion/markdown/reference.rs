//! `@mei`, `#12`, `mei/llm#12` and commit ids in running text.

use std::collections::{BTreeMap, BTreeSet};

use comrak::{
    Arena,
    nodes::{AstNode, NodeValue},
};
use hearth_core::{
    RepositoryKind, RepositoryName, ThreadNumber, UserName,
    urls::{self, RepositoryUrls},
};

use super::{Links, attribute};

/// How many references of each kind one text may have looked up.
const MOST_OF_TEXT: usize = 100;
/// The same for all texts of one page.
const MOST_OF_PAGE: usize = 2_000;
/// The same for issues of other repositories, each of which has to be entered.
const MOST_FOREIGN_OF_TEXT: usize = 20;
const MOST_FOREIGN_OF_PAGE: usize = 100;
/// The most links in one text; further references stay text.
const MOST_LINKS: usize = 2_000;

/// The references in a text, before it is known whether they exist.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct References {
    /// Lowercase.
    pub people: BTreeSet<String>,
    pub issues: BTreeSet<i64>,
    /// Issues of other repositories, given with the repository.
    pub foreign: BTreeSet<ForeignIssue>,
    /// 7 to 40 lowercase hex characters.
    pub commits: BTreeSet<String>,
}

/// An issue given with its repository: `mei/llm#12`, or its full address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ForeignIssue {
    pub kind: RepositoryKind,
    /// Lowercase, as is `name`.
    pub owner: String,
    pub name: String,
    pub number: i64,
}

impl ForeignIssue {
    fn new(kind: RepositoryKind, owner: &str, name: &str, number: i64) -> Self {
        Self { kind, owner: owner.to_ascii_lowercase(), name: name.to_ascii_lowercase(), number }
    }

    /// The issue that an address of this site points to; `root` is the site's own address.
    pub fn of_address(root: &str, address: &str) -> Option<Self> {
        let path = address.strip_prefix(root)?.strip_prefix('/')?;
        let path = path.split(['#', '?']).next()?;
        let mut parts: Vec<&str> = path.split('/').collect();
        let kind = match *parts.first()? {
            "models" => RepositoryKind::Model,
            "datasets" => RepositoryKind::Dataset,
            _ => RepositoryKind::Code,
        };
        if kind != RepositoryKind::Code {
            parts.remove(0);
        }
        let [owner, name, "issues", number] = parts[..] else { return None };
        let number = number.parse().ok().filter(|&number| number > 0)?;
        Some(Self::new(kind, owner, name, number))
    }
}

impl References {
    /// Everything in the text that looks like a reference, even in code: a few too many do no harm.
    pub fn of(text: &str) -> Self {
        let mut found = Self::default();
        found.look_through(text);
        found
    }

    /// Adds the references in a piece of text, up to the limits.
    pub(super) fn look_through(&mut self, text: &str) {
        for (_, reference) in scan(text) {
            match reference {
                Reference::Person(name) if self.people.len() < MOST_OF_TEXT => {
                    self.people.insert(name.to_ascii_lowercase());
                }
                Reference::Issue(number) if self.issues.len() < MOST_OF_TEXT => {
                    self.issues.insert(number);
                }
                Reference::ForeignIssue(issue) => self.take_foreign(issue),
                Reference::Commit(id) if self.commits.len() < MOST_OF_TEXT => {
                    self.commits.insert(id.to_owned());
                }
                _ => {}
            }
        }
    }

    pub(super) fn take_foreign(&mut self, issue: ForeignIssue) {
        if self.foreign.len() < MOST_FOREIGN_OF_TEXT {
            self.foreign.insert(issue);
        }
    }

    /// Adds those of another text of the same page, up to the limits.
    pub fn add(&mut self, other: &Self) {
        let room = |held: usize| MOST_OF_PAGE.saturating_sub(held);
        self.people.extend(other.people.iter().take(room(self.people.len())).cloned());
        self.issues.extend(other.issues.iter().take(room(self.issues.len())));
        self.commits.extend(other.commits.iter().take(room(self.commits.len())).cloned());
        let room = MOST_FOREIGN_OF_PAGE.saturating_sub(self.foreign.len());
        self.foreign.extend(other.foreign.iter().take(room).cloned());
    }

    pub fn is_empty(&self) -> bool {
        self.people.is_empty() && self.issues.is_empty() && self.foreign.is_empty() && self.commits.is_empty()
    }
}

/// Those of a text's [`References`] that exist.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Maps the lowercase name to the name as written.
    pub people: BTreeMap<String, UserName>,
    pub issues: BTreeSet<i64>,
    /// Those that the reader may see.
    pub foreign: BTreeSet<ForeignIssue>,
    /// Maps the abbreviated id in the text to the full id.
    pub commits: BTreeMap<String, String>,
}

impl Known {
    /// Narrows this to the references of one text.
    #[must_use]
    pub fn only(&self, references: &References) -> Self {
        let person = |name: &String| Some((name.clone(), self.people.get(name)?.clone()));
        let commit = |id: &String| Some((id.clone(), self.commits.get(id)?.clone()));
        Self {
            people: references.people.iter().filter_map(person).collect(),
            issues: references.issues.intersection(&self.issues).copied().collect(),
            foreign: references.foreign.intersection(&self.foreign).cloned().collect(),
            commits: references.commits.iter().filter_map(commit).collect(),
        }
    }
}

#[derive(Debug)]
pub(super) enum Reference<'t> {
    Person(&'t str),
    Issue(i64),
    ForeignIssue(ForeignIssue),
    Commit(&'t str),
}

/// The references in a text, each with its byte range.
pub(super) fn scan(text: &str) -> Vec<(std::ops::Range<usize>, Reference<'_>)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let is_start =
            at == 0 || !(is_word(bytes[at - 1]) || matches!(bytes[at - 1], b'@' | b'#' | b'/' | b'&'));
        let (length, reference) = match bytes[at] {
            _ if !is_start => (0, None),
            b'@' => person(&text[at + 1..]),
            b'#' => issue(&text[at + 1..]),
            byte if byte.is_ascii_alphanumeric() => match foreign(&text[at..]) {
                (_, None) if byte.is_ascii_hexdigit() => commit(&text[at..]),
                found => found,
            },
            _ => (0, None),
        };
        if let Some(reference) = reference {
            found.push((at..at + length, reference));
        }
        at += length.max(1);
        while !text.is_char_boundary(at) {
            at += 1;
        }
    }
    found
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// The length of a leading run, and whether it ends at a word boundary.
fn run(text: &str, is_part: impl Fn(u8) -> bool) -> (usize, bool) {
    let length = text.bytes().position(|byte| !is_part(byte)).unwrap_or(text.len());
    (length, !text.as_bytes().get(length).copied().is_some_and(is_word))
}

fn person(rest: &str) -> (usize, Option<Reference<'_>>) {
    let (length, _) = run(rest, |byte| is_word(byte) || byte == b'-' || byte == b'.');
    let name = rest[..length].trim_end_matches(['-', '_', '.']);
    let is_name = !name.is_empty() && name.len() <= UserName::LONGEST;
    (name.len() + 1, is_name.then_some(Reference::Person(name)))
}

fn issue(rest: &str) -> (usize, Option<Reference<'_>>) {
    let (length, is_whole) = run(rest, |byte| byte.is_ascii_digit());
    let number = rest[..length].parse().ok().filter(|&number| is_whole && number > 0);
    (length + 1, number.map(Reference::Issue))
}

/// `mei/llm#12`. Never looks further than a name can be long.
fn foreign(rest: &str) -> (usize, Option<Reference<'_>>) {
    let name = |text: &str, longest: usize| {
        let length =
            text.bytes().take(longest + 1).position(|byte| !(is_word(byte) || byte == b'-' || byte == b'.'));
        length.filter(|length| (1..=longest).contains(length))
    };
    let found = || {
        let owner = name(rest, UserName::LONGEST)?;
        let behind = rest[owner..].strip_prefix('/')?;
        let length = name(behind, RepositoryName::LONGEST)?;
        let (digits, Some(Reference::Issue(number))) = issue(behind[length..].strip_prefix('#')?) else {
            return None;
        };
        let issue = ForeignIssue::new(RepositoryKind::Code, &rest[..owner], &behind[..length], number);
        Some((owner + 1 + length + digits, issue))
    };
    found().map_or((0, None), |(length, issue)| (length, Some(Reference::ForeignIssue(issue))))
}

fn commit(rest: &str) -> (usize, Option<Reference<'_>>) {
    let (length, is_whole) = run(rest, |byte| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f'));
    let is_id = is_whole && (7..=40).contains(&length);
    (length, is_id.then(|| Reference::Commit(&rest[..length])))
}

/// Turns known references in running text into links; code and existing links are left alone.
pub(super) fn link<'a>(arena: &'a Arena<'a>, root: &'a AstNode<'a>, links: &Links) {
    let nodes: Vec<&AstNode<'_>> = root.descendants().collect();
    let mut room = MOST_LINKS;
    for node in nodes {
        let shorter = cut_address(node);
        if let Some(rest) = shorter {
            node.insert_after(arena.alloc(NodeValue::Text(rest.into()).into()));
        }
        let text = match &node.data.borrow().value {
            NodeValue::Text(text) => text.to_string(),
            _ => continue,
        };
        if node.ancestors().skip(1).any(|above| matches!(above.data.borrow().value, NodeValue::Link(_))) {
            continue;
        }
        let mut last = node;
        let mut from = 0;
        for (place, reference) in scan(&text) {
            let Some(html) = anchor(&reference, &text[place.clone()], links).filter(|_| room > 0) else {
                continue;
            };
            room -= 1;
            let before = text[from..place.start].to_owned();
            from = place.end;
            if std::ptr::eq(last, node) {
                node.data.borrow_mut().value = NodeValue::Text(before.into());
            } else if !before.is_empty() {
                last = after(arena, last, NodeValue::Text(before.into()));
            }
            last = after(arena, last, NodeValue::Raw(html));
        }
        if !std::ptr::eq(last, node) && from < text.len() {
            after(arena, last, NodeValue::Text(text[from..].to_owned().into()));
        }
    }
}

fn after<'a>(arena: &'a Arena<'a>, node: &'a AstNode<'a>, value: NodeValue) -> &'a AstNode<'a> {
    let new = arena.alloc(value.into());
    node.insert_after(new);
    new
}

fn anchor(reference: &Reference<'_>, text: &str, links: &Links) -> Option<String> {
    let (class, address) = match reference {
        Reference::Person(name) => {
            let name = links.known.people.get(&name.to_ascii_lowercase())?;
            ("mention", urls::user(name.as_str()))
        }
        Reference::Issue(number) => {
            let repository = links.repository.as_ref()?;
            links.known.issues.get(number)?;
            ("reference", repository.issue(ThreadNumber(*number)))
        }
        Reference::ForeignIssue(issue) => {
            let issue = links.known.foreign.get(issue)?;
            let repository = RepositoryUrls::new(issue.kind, &issue.owner, &issue.name);
            ("reference", repository.issue(ThreadNumber(issue.number)))
        }
        Reference::Commit(id) => {
            let repository = links.repository.as_ref()?;
            ("commit", repository.commit(links.known.commits.get(*id)?))
        }
    };
    let shown = if class == "commit" { &text[..text.len().min(10)] } else { text };
    Some(format!("<a class=\"{class}\" href=\"{}\">{}</a>", attribute(&address), attribute(shown)))
}

/// An address in running Chinese ends at a Chinese comma or full stop, which the parser includes in it.
/// Returns what was cut off.
fn cut_address<'a>(node: &'a AstNode<'a>) -> Option<String> {
    let child = node.first_child()?;
    let mut data = node.data.borrow_mut();
    let NodeValue::Link(link) = &mut data.value else { return None };
    let mut inner = child.data.borrow_mut();
    let NodeValue::Text(text) = &mut inner.value else { return None };
    if !link.url.ends_with(text.as_ref()) || !text.contains("://") {
        return None;
    }
    let end = text.find(|letter: char| "，。；：！？、（）【】《》「」“”".contains(letter))?;
    let rest = text[end..].to_owned();
    link.url.truncate(link.url.len() - rest.len());
    *text = text[..end].to_owned().into();
    Some(rest)
}
