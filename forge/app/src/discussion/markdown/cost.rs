//! Estimates what a text would cost to render and to sanitise before doing so.
//!
//! The parser takes linear time, but creates nodes of some hundred bytes for single characters: half a
//! megabyte of `[` took 150 MB. So such characters are counted first. The sanitiser walks its stack of open
//! elements, and an unclosed `<b>` is repeated in every paragraph after it: both costs are products, so they
//! are bounded here.

use comrak::{
    Options,
    arena_tree::NodeEdge,
    nodes::{AstNode, NodeValue},
};

const MOST_NODES: usize = 150_000;
/// Characters at which the parser stops: each may become a node, and the text before it another.
const MOST_SIGNS: usize = 60_000;
const SIGNS: &[u8] = b"\n\r[]!*_~<&`\\\"$:w@|";
const DEEPEST: usize = 100;
/// The depth of open elements in users' HTML, times the number of nodes in which they may be repeated.
const MOST_WORK: usize = 2_000_000;
/// Elements that end with what is around them.
const OPTIONAL_ENDS: [&str; 11] =
    ["p", "li", "dd", "dt", "td", "th", "tr", "tbody", "thead", "tfoot", "colgroup"];
/// How many of them one end tag ends.
const MOST_OPTIONAL_ENDS: usize = 20;
const LONGEST_TAG_NAME: usize = 16;

/// Each is looked up in a long list of names.
const MOST_ENTITIES: usize = 10_000;
const MOST_FOOTNOTES: usize = 2_000;
/// Cells of a table with the widest row and as many rows as the text has lines, since the parser pads short
/// rows.
const MOST_CELLS: usize = 100_000;
/// Formulas that begin, times the length of the longest paragraph.
const MOST_FORMULA_STEPS: usize = 20_000_000;

/// The features disabled for a text before it is parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each feature is turned off for a reason of its own")]
pub(super) struct DisabledFeatures {
    pub(super) everything: bool,
    pub(super) footnotes: bool,
    /// Short rows under a wide header create a table out of all proportion to its text.
    pub(super) tables: bool,
    /// The parser looks for the end of every formula that begins.
    pub(super) formulas: bool,
}

impl DisabledFeatures {
    /// Turns the features off in the parser's options.
    pub(super) fn apply(self, options: &mut Options<'_>) {
        let extension = &mut options.extension;
        extension.footnotes &= !self.footnotes;
        extension.table &= !self.tables;
        extension.math_code &= !self.formulas;
        extension.math_dollars &= !self.formulas;
    }
}

pub(super) fn disabled_features(text: &str) -> DisabledFeatures {
    let count = |line: &str, sign: u8| line.bytes().filter(|&byte| byte == sign).count();
    let signs = text.bytes().filter(|byte| SIGNS.contains(byte)).count();
    let widest = text.lines().map(|line| count(line, b'|')).max().unwrap_or(0);
    let formulas = text.matches("$`").count() + text.matches("$$").count();
    let longest = text.split("\n\n").map(str::len).max().unwrap_or(0);
    DisabledFeatures {
        everything: signs > MOST_SIGNS
            || count(text, b'&') > MOST_ENTITIES
            || text.lines().any(|line| opened_blocks(line) > DEEPEST),
        footnotes: text.matches("[^").count() > MOST_FOOTNOTES,
        tables: widest.saturating_mul(text.lines().count()) > MOST_CELLS,
        formulas: formulas.saturating_mul(longest) > MOST_FORMULA_STEPS,
    }
}

/// How many quotes and lists a line may open inside each other: `> - 1. text` opens three.
fn opened_blocks(line: &str) -> usize {
    let is_part = |letter: char| letter.is_ascii_digit() || "> \t-+*.)".contains(letter);
    let start = &line[..line.find(|letter| !is_part(letter)).unwrap_or(line.len())];
    let bytes = start.as_bytes();
    let opens = |(place, &byte): (usize, &u8)| match byte {
        b'>' => true,
        b'-' | b'+' | b'*' | b'.' | b')' => matches!(bytes.get(place + 1), Some(b' ' | b'\t')),
        _ => false,
    };
    bytes.iter().enumerate().filter(|part| opens(*part)).count()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cost {
    Fair,
    /// The text can be rendered if its HTML is shown as text.
    ExpensiveHtml,
    TooExpensive,
}

pub(super) fn of<'a>(root: &'a AstNode<'a>) -> Cost {
    let (mut nodes, mut depth, mut deepest) = (0_usize, 0_usize, 0_usize);
    let mut markup = Markup::default();
    for edge in root.traverse() {
        match edge {
            NodeEdge::Start(node) => {
                nodes += 1;
                depth += 1;
                deepest = deepest.max(depth);
                match &node.data.borrow().value {
                    NodeValue::HtmlBlock(block) => markup.read(&block.literal),
                    NodeValue::HtmlInline(tag) => markup.read(tag),
                    _ => {}
                }
            }
            NodeEdge::End(_) => depth -= 1,
        }
    }
    if nodes > MOST_NODES || deepest > DEEPEST {
        Cost::TooExpensive
    } else if !markup.is_fair(nodes) {
        Cost::ExpensiveHtml
    } else {
        Cost::Fair
    }
}

/// Whether HTML can be sanitised in a reasonable time.
pub(super) fn is_fair(html: &str) -> bool {
    let mut markup = Markup::default();
    markup.read(html);
    markup.is_fair(0)
}

/// Counts tags roughly: the depth may be overestimated, but not underestimated by more than a small factor.
#[derive(Debug, Default)]
struct Markup {
    tags: usize,
    /// The names of open elements.
    open: Vec<String>,
    deepest: usize,
}

impl Markup {
    fn read(&mut self, html: &str) {
        for (at, _) in html.match_indices('<') {
            let tag = &html[at + 1..];
            if let Some(end) = tag.strip_prefix('/') {
                self.close(&name(end));
            } else if tag.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
                self.tags += 1;
                if !is_void(tag) {
                    self.open.push(name(tag));
                    self.deepest = self.deepest.max(self.open.len());
                }
            }
        }
    }

    /// An end tag ends the innermost element, or the next one around those that need no end tag. One that ends neither
    /// counts for nothing: a browser ignores many.
    fn close(&mut self, name: &str) {
        let is_last = |open: &String| open == name || !OPTIONAL_ENDS.contains(&open.as_str());
        let Some(inside) = self.open.iter().rev().take(MOST_OPTIONAL_ENDS).position(is_last) else { return };
        let place = self.open.len() - 1 - inside;
        if self.open[place] == name {
            self.open.truncate(place);
        }
    }

    const fn is_fair(&self, nodes: usize) -> bool {
        self.deepest.saturating_mul(nodes + self.tags) <= MOST_WORK
    }
}

/// The lower-case name of a tag, as far as it matters.
fn name(tag: &str) -> String {
    let letters = tag.chars().take_while(char::is_ascii_alphanumeric).take(LONGEST_TAG_NAME);
    letters.map(|letter| letter.to_ascii_lowercase()).collect()
}

fn is_void(tag: &str) -> bool {
    let end = tag.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(tag.len());
    matches!(
        tag[..end].to_ascii_lowercase().as_str(),
        "br" | "hr" | "img" | "input" | "wbr" | "col" | "source"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_that_is_deep_is_found_so_whatever_end_tags_it_has() {
        for part in ["<div>", "<div></x>", "<p><div></p>", "<b><div></b>", "<ul><li><div><li><section></div>"]
        {
            assert!(!is_fair(&part.repeat(10_000)), "{part}");
        }
    }

    #[test]
    fn large_tables_and_lists_are_fair_although_they_leave_out_end_tags() {
        let table = format!("<table>{}</table>", "<tr><td>1<td>2</tr>\n".repeat(10_000));
        assert!(is_fair(&table));
        assert!(is_fair(&"<ul><li>a<li>b</ul><p>c<br></p>\n<div><b>d</b></div>".repeat(500)));
    }
}
