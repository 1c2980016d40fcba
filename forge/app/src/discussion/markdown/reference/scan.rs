//! Finds references in running text, in one pass that never looks further than a name can be long.

use std::ops::Range;

use hearth_core::{RepositoryKind, RepositoryName, TaskId, UserName};

use super::{ForeignThread, ModelMention, TeamMention};

/// Something in a text that looks like a reference.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::discussion::markdown) enum Reference<'t> {
    Person(&'t str),
    Team(TeamMention),
    Thread(i64),
    ForeignThread(ForeignThread),
    Task(TaskId),
    Model(ModelMention),
    Commit(&'t str),
}

/// The longest name of a version that is looked up.
const LONGEST_VERSION: usize = 64;
/// The longest name of a team in a reference.
const LONGEST_TEAM: usize = 64;

/// The references in a text, each with its byte range.
pub(in crate::discussion::markdown) fn scan(text: &str) -> Vec<(Range<usize>, Reference<'_>)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let is_start =
            at == 0 || !(is_word(bytes[at - 1]) || matches!(bytes[at - 1], b'@' | b'#' | b'/' | b'&' | b'!'));
        let (length, reference) = match bytes[at] {
            _ if !is_start => (0, None),
            b'@' => person_or_team(&text[at + 1..]),
            b'#' | b'!' => thread(&text[at + 1..]),
            byte if byte.is_ascii_alphanumeric() => match named(&text[at..]) {
                Some((length, reference)) => (length, Some(reference)),
                None if byte.is_ascii_hexdigit() => commit(&text[at..]),
                None => (0, None),
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

fn is_name_part(byte: u8) -> bool {
    is_word(byte) || byte == b'-' || byte == b'.'
}

/// The length of a leading run, and whether it ends at a word boundary.
fn run(text: &str, is_part: impl Fn(u8) -> bool) -> (usize, bool) {
    let length = text.bytes().position(|byte| !is_part(byte)).unwrap_or(text.len());
    (length, !text.as_bytes().get(length).copied().is_some_and(is_word))
}

/// A name that may end a sentence: trailing punctuation does not belong to it.
fn last_name(text: &str, longest: usize) -> Option<&str> {
    let length = text.bytes().take(longest + 1).position(|byte| !is_name_part(byte));
    let name = text[..length.unwrap_or(text.len().min(longest + 1))].trim_end_matches(['-', '_', '.']);
    (1..=longest).contains(&name.len()).then_some(name)
}

/// The length of a name that something must follow.
fn inner_name(text: &str, longest: usize) -> Option<usize> {
    let length = text.bytes().take(longest + 1).position(|byte| !is_name_part(byte));
    length.filter(|length| (1..=longest).contains(length))
}

/// What follows an `@`.
fn person_or_team(rest: &str) -> (usize, Option<Reference<'_>>) {
    let Some(name) = last_name(rest, UserName::LONGEST) else { return (1, None) };
    let team = rest[name.len()..].strip_prefix('/').and_then(|behind| last_name(behind, LONGEST_TEAM));
    if let Some(team) = team {
        let length = 1 + name.len() + 1 + team.len();
        let (organization, team) = (name.to_ascii_lowercase(), team.to_ascii_lowercase());
        return (length, Some(Reference::Team(TeamMention { organization, team })));
    }
    (name.len() + 1, Some(Reference::Person(name)))
}

/// What follows a `#` or a `!`: issues and pull requests are numbered together.
fn thread(rest: &str) -> (usize, Option<Reference<'_>>) {
    let (length, number) = number(rest);
    (length, number.map(Reference::Thread))
}

/// The length of a sign and the digits after it, and their number.
fn number(rest: &str) -> (usize, Option<i64>) {
    let (length, is_whole) = run(rest, |byte| byte.is_ascii_digit());
    (length + 1, rest[..length].parse().ok().filter(|&number| is_whole && number > 0))
}

/// What begins with a name: `task#7`, `bert@v1`, `mei/llm#12`, `mei/llm!12`, `mei/bert@v1`.
fn named(rest: &str) -> Option<(usize, Reference<'_>)> {
    let first = inner_name(rest, RepositoryName::LONGEST)?;
    let behind = &rest[first..];
    let name = &rest[..first];
    if let Some(digits) = behind.strip_prefix('#') {
        let (length, Some(id)) = number(digits) else { return None };
        return name.eq_ignore_ascii_case("task").then_some((first + length, Reference::Task(TaskId(id))));
    }
    if let Some((length, version)) = version(behind) {
        return Some((first + length, Reference::Model(model(None, name, version))));
    }
    let behind = behind.strip_prefix('/').filter(|_| first <= UserName::LONGEST)?;
    let second = inner_name(behind, RepositoryName::LONGEST)?;
    let (owner, name, behind) = (name, &behind[..second], &behind[second..]);
    let length = first + 1 + second;
    if let Some((more, version)) = version(behind) {
        return Some((length + more, Reference::Model(model(Some(owner), name, version))));
    }
    let (more, Some(number)) = number(behind.strip_prefix(['#', '!'])?) else { return None };
    let thread = ForeignThread::new(RepositoryKind::Code, owner, name, number);
    Some((length + more, Reference::ForeignThread(thread)))
}

/// The length of an `@` and the version after it, and the version.
fn version(behind: &str) -> Option<(usize, &str)> {
    let version = last_name(behind.strip_prefix('@')?, LONGEST_VERSION)?;
    Some((1 + version.len(), version))
}

fn model(owner: Option<&str>, name: &str, version: &str) -> ModelMention {
    ModelMention {
        owner: owner.map(str::to_ascii_lowercase),
        name: name.to_ascii_lowercase(),
        version: version.to_owned(),
    }
}

fn commit(rest: &str) -> (usize, Option<Reference<'_>>) {
    let (length, is_whole) = run(rest, |byte| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f'));
    let is_id = is_whole && (7..=40).contains(&length);
    (length, is_id.then(|| Reference::Commit(&rest[..length])))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(text: &str) -> Reference<'_> {
        let mut found = scan(text);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        found.remove(0).1
    }

    #[test]
    fn every_kind_of_reference_is_found() {
        let foreign = |owner: &str, name: &str, number| {
            Reference::ForeignThread(ForeignThread::new(RepositoryKind::Code, owner, name, number))
        };
        let team = TeamMention { organization: "lab".to_owned(), team: "core".to_owned() };
        for (text, expected) in [
            ("ask @mei.", Reference::Person("mei")),
            ("ask @Lab/Core.", Reference::Team(team)),
            ("see #12,", Reference::Thread(12)),
            ("see !12", Reference::Thread(12)),
            ("(Lin/Digits#1)", foreign("lin", "digits", 1)),
            ("lin/digits!3", foreign("lin", "digits", 3)),
            ("as task#7 shows", Reference::Task(TaskId(7))),
            ("better than bert@v1.", Reference::Model(model(None, "bert", "v1"))),
            ("lin/bert@v2-rc.1", Reference::Model(model(Some("lin"), "bert", "v2-rc.1"))),
            ("in deadbee now", Reference::Commit("deadbee")),
        ] {
            assert_eq!(only(text), expected, "{text}");
        }
    }

    #[test]
    fn what_only_resembles_a_reference_is_not_one() {
        for text in
            ["a!12", "![12](x)", "x#12", "task#", "task#7a", "/lin/digits#1", "wow!!12", "##12", "lin/@v1"]
        {
            let found = scan(text);
            assert!(!found.iter().any(|(_, it)| !matches!(it, Reference::Person(_))), "{text}: {found:?}");
        }
    }

    #[test]
    fn a_reference_covers_exactly_its_text() {
        let text = "数据 lin/bert@v1。@lab/core：#3";
        let pieces: Vec<&str> = scan(text).into_iter().map(|(place, _)| &text[place]).collect();
        assert_eq!(pieces, ["lin/bert@v1", "@lab/core", "#3"]);
    }
}
