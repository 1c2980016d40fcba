//! Estimates what a text would cost to render before doing so; `markup.rs` does it for what is sanitised.
//!
//! The parser takes linear time, but creates nodes of some hundred bytes for single characters: half a
//! megabyte of `[` took 150 MB. So such characters are counted first.

use comrak::{Options, arena_tree::NodeEdge, nodes::AstNode};

const MOST_NODES: usize = 150_000;
/// Characters at which the parser stops: each may become a node, and the text before it another.
const MOST_SIGNS: usize = 60_000;
const SIGNS: &[u8] = b"\n\r[]!*_~<&`\\\"$:w@|";
const DEEPEST: usize = 100;
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

/// Whether a parsed text has so many nodes, or so many inside each other, that it is not worth rendering.
pub(super) fn is_too_large<'a>(root: &'a AstNode<'a>) -> bool {
    let (mut nodes, mut depth, mut deepest) = (0_usize, 0_usize, 0_usize);
    for edge in root.traverse() {
        match edge {
            NodeEdge::Start(_) => {
                nodes += 1;
                depth += 1;
                deepest = deepest.max(depth);
            }
            NodeEdge::End(_) => depth -= 1,
        }
    }
    nodes > MOST_NODES || deepest > DEEPEST
}
