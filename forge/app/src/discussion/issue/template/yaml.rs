//! YAML as a tree of texts with their lines, for files that anybody may have written: bounded in depth and size, and without
//! aliases, with which a few lines stand for millions.

use granit_parser::{Event, Parser};

use super::{ProblemKind, TemplateProblem};

/// Collections within collections.
const MOST_DEPTH: usize = 12;
/// Texts, lists and maps of one file, keys included.
const MOST_NODES: usize = 5_000;

/// A part of a file, with the line on which it begins, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Node {
    pub(super) line: usize,
    pub(super) value: Value,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Text(String),
    List(Vec<Node>),
    /// In the order of the file; no key is there twice.
    Map(Vec<(String, Node)>),
}

impl Node {
    /// What a map has under a key; none where there is nothing, or an empty text.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        let Value::Map(entries) = &self.value else { return None };
        let found = entries.iter().find(|(known, _)| known == key).map(|(_, node)| node);
        found.filter(|node| !matches!(&node.value, Value::Text(text) if text.trim().is_empty()))
    }

    pub(super) fn problem(&self, kind: ProblemKind, key: &str) -> TemplateProblem {
        TemplateProblem { line: self.line, kind, key: key.to_owned() }
    }

    /// The text under a key; empty if there is none.
    pub(super) fn text(&self, key: &str) -> Result<String, TemplateProblem> {
        match self.get(key) {
            None => Ok(String::new()),
            Some(Self { value: Value::Text(text), .. }) => Ok(text.trim_end().to_owned()),
            Some(other) => Err(other.problem(ProblemKind::NotText, key)),
        }
    }

    pub(super) fn required_text(&self, key: &str) -> Result<String, TemplateProblem> {
        let text = self.text(key)?;
        if text.trim().is_empty() { Err(self.problem(ProblemKind::Missing, key)) } else { Ok(text) }
    }

    /// Whether the text under a key is a word for yes.
    pub(super) fn is_on(&self, key: &str) -> Result<bool, TemplateProblem> {
        Ok(matches!(self.text(key)?.to_ascii_lowercase().as_str(), "true" | "yes" | "on"))
    }

    /// The entries of the list under a key; none if there is nothing.
    pub(super) fn list(&self, key: &str) -> Result<&[Self], TemplateProblem> {
        match self.get(key) {
            None => Ok(&[]),
            Some(Self { value: Value::List(list), .. }) => Ok(list),
            Some(other) => Err(other.problem(ProblemKind::NotList, key)),
        }
    }

    /// The texts of a list, or of one text with commas.
    pub(super) fn words(&self, key: &str) -> Result<Vec<String>, TemplateProblem> {
        if let Some(Self { value: Value::Text(text), .. }) = self.get(key) {
            let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
            return Ok(words.map(str::to_owned).collect());
        }
        let word = |node: &Self| match &node.value {
            Value::Text(text) => Ok(text.trim().to_owned()),
            Value::List(_) | Value::Map(_) => Err(node.problem(ProblemKind::NotText, key)),
        };
        self.list(key)?.iter().map(word).collect()
    }
}

/// A list or a map that is still being read.
struct Open {
    node: Node,
    /// The key whose value comes next.
    key: Option<String>,
}

/// Reads the first document of a file.
pub(super) fn read(text: &str) -> Result<Node, TemplateProblem> {
    let mut open: Vec<Open> = Vec::new();
    let mut count = 0;
    for next in Parser::new_from_str(text) {
        let (event, span) =
            next.map_err(|error| TemplateProblem::new(error.marker().line(), ProblemKind::Syntax))?;
        let line = span.start.line();
        let at = |kind| Err(TemplateProblem::new(line, kind));
        let ended = match event {
            Event::Scalar(text, ..) => Some(Node { line, value: Value::Text(text.into_owned()) }),
            Event::SequenceStart(..) | Event::MappingStart(..) => {
                if open.len() >= MOST_DEPTH {
                    return at(ProblemKind::TooDeep);
                }
                let is_list = matches!(event, Event::SequenceStart(..));
                let value = if is_list { Value::List(Vec::new()) } else { Value::Map(Vec::new()) };
                open.push(Open { node: Node { line, value }, key: None });
                None
            }
            Event::SequenceEnd | Event::MappingEnd => open.pop().map(|ended| ended.node),
            Event::Alias(_) => return at(ProblemKind::Alias),
            _ => None,
        };
        count += 1;
        if count > MOST_NODES {
            return at(ProblemKind::TooLong);
        }
        let Some(node) = ended else { continue };
        let Some(outer) = open.last_mut() else { return Ok(node) };
        put(outer, node)?;
    }
    Err(TemplateProblem::new(1, ProblemKind::NotMap))
}

/// Adds a part that has been read to what it is in: to a list, as a key, or as the value of one.
fn put(outer: &mut Open, node: Node) -> Result<(), TemplateProblem> {
    let entries = match &mut outer.node.value {
        Value::List(list) => {
            list.push(node);
            return Ok(());
        }
        Value::Map(entries) => entries,
        Value::Text(_) => return Err(node.problem(ProblemKind::Syntax, "")),
    };
    match (outer.key.take(), node) {
        (Some(key), node) => entries.push((key, node)),
        (None, Node { line, value: Value::Text(key) }) => {
            if entries.iter().any(|(known, _)| *known == key) {
                return Err(TemplateProblem { line, kind: ProblemKind::Duplicate, key });
            }
            outer.key = Some(key);
        }
        (None, node) => return Err(node.problem(ProblemKind::NotText, "")),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn problem(text: &str) -> (usize, ProblemKind) {
        let problem = read(text).expect_err("it is refused");
        (problem.line, problem.kind)
    }

    #[test]
    fn a_file_becomes_a_tree_with_lines() {
        let root = read("name: Bug\nlabels: [a, \"b c\"]\nbody:\n  - type: input\n").expect("it is good");
        assert_eq!(root.text("name"), Ok("Bug".to_owned()));
        assert_eq!(root.words("labels"), Ok(vec!["a".to_owned(), "b c".to_owned()]));
        assert_eq!(root.list("body").expect("a list")[0].line, 4);
        assert_eq!(root.text("body").expect_err("a list").kind, ProblemKind::NotText);
    }

    #[test]
    fn what_could_grow_without_end_is_refused_with_its_line() {
        assert_eq!(problem("a: &x [1]\nb: *x\n"), (2, ProblemKind::Alias));
        assert_eq!(problem(&format!("{}{}", "[".repeat(20), "]".repeat(20))), (1, ProblemKind::TooDeep));
        assert_eq!(problem(&"- a\n".repeat(MOST_NODES + 1)).1, ProblemKind::TooLong);
        assert_eq!(problem("a: 1\na: 2\n"), (2, ProblemKind::Duplicate));
        assert_eq!(problem("a: \"b\n"), (problem("a: \"b\n").0, ProblemKind::Syntax));
        assert_eq!(problem(""), (1, ProblemKind::NotMap));
    }

    proptest! {
        #[test]
        fn any_text_gives_a_tree_or_a_problem(text in "[\\PC\n]{0,200}") {
            let _ = read(&text);
        }

        #[test]
        fn any_signs_of_yaml_give_a_tree_or_a_problem(text in "[-a: \n\\[\\]{}&*!|>'\"#?,%@]{0,120}") {
            let _ = read(&text);
        }
    }
}
