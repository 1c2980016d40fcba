//! Formulas in TeX notation, as MathML.
//!
//! What a formula costs is bounded: by its length, since nothing is expanded (definitions of commands are refused);
//! by the stack of the thread that draws, which is large enough for a command in a command for every byte; by the
//! number of elements and their depth; and by the time for all formulas of a text. What is over a bound, or cannot be
//! understood, is shown as it was written.

mod amount;
mod clean;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    thread,
    time::{Duration, Instant},
};

use comrak::nodes::{AstNode, NodeValue};
use pulldown_latex::{Event, Parser, RenderConfig, Storage, config::DisplayMode, mathml::push_mathml};

pub(super) use self::amount::escape;
use super::{attribute, insertion::Insertions};

const MOST_SOURCE_BYTES: usize = 4 << 10;
const MOST_EVENTS: usize = 8_000;
const MOST_BYTES: usize = 128 << 10;
const MOST_BYTES_OF_TEXT: usize = 2 << 20;
const MOST_FORMULAS: usize = 1_000;
const DEEPEST: usize = 100;
const BUDGET: Duration = Duration::from_millis(500);
/// The parser calls itself at most once for each byte of a formula, and needs some kilobytes each time.
const STACK_BYTES: usize = 64 << 20;

/// Commands that define others, and so could make a short formula a long one.
const DEFINITIONS: &[&str] = &[
    "def",
    "edef",
    "gdef",
    "xdef",
    "let",
    "futurelet",
    "newcommand",
    "renewcommand",
    "providecommand",
    "newenvironment",
];

/// Replaces the formulas of a text with marks for their MathML.
pub(super) fn draw<'a>(root: &'a AstNode<'a>, insertions: &mut Insertions) {
    let found: Vec<Found<'a>> = root.descendants().filter_map(Found::at).collect();
    if found.is_empty() {
        return;
    }
    let formulas: Vec<Formula> = found.iter().map(|found| found.formula.clone()).collect();
    let drawing = thread::scope(|scope| {
        let started = thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, || all(&formulas));
        started.ok().and_then(|drawing| drawing.join().ok())
    });
    let drawn = drawing.unwrap_or_default();
    for (number, Found { node, formula }) in found.into_iter().enumerate() {
        let piece = match drawn.get(number) {
            Some(Some(mathml)) if formula.is_block => format!("<span class=\"formula\">{mathml}</span>"),
            Some(Some(mathml)) => mathml.clone(),
            _ => formula.as_written(),
        };
        node.data.borrow_mut().value = NodeValue::Raw(insertions.add(piece));
    }
}

struct Found<'a> {
    node: &'a AstNode<'a>,
    formula: Formula,
}

#[derive(Clone, Debug)]
struct Formula {
    source: String,
    is_block: bool,
}

impl<'a> Found<'a> {
    fn at(node: &'a AstNode<'a>) -> Option<Self> {
        if unmake(node) {
            return None;
        }
        let formula = match &node.data.borrow().value {
            NodeValue::Math(math) => Formula { source: math.literal.clone(), is_block: math.display_math },
            NodeValue::CodeBlock(block) if block.info.trim() == "math" => {
                Formula { source: block.literal.clone(), is_block: true }
            }
            _ => return None,
        };
        Some(Self { node, formula })
    }
}

/// What is no formula although the parser took it for one becomes text again.
fn unmake<'a>(node: &'a AstNode<'a>) -> bool {
    if !amount::is_amount(node) {
        return false;
    }
    let mut data = node.data.borrow_mut();
    let NodeValue::Math(math) = &data.value else { return false };
    let dollars = if math.display_math { "$$" } else { "$" };
    let text = format!("{dollars}{}{dollars}", math.literal);
    data.value = NodeValue::Text(text.into());
    true
}

impl Formula {
    /// The source, for a formula that is not drawn. The page adds a sentence in its reader's language.
    fn as_written(&self) -> String {
        let source = attribute(self.source.trim());
        format!("<code class=\"formula-source\">{source}</code><small class=\"formula-note\"></small>")
    }
}

fn all(formulas: &[Formula]) -> Vec<Option<String>> {
    let deadline = Instant::now() + BUDGET;
    let mut bytes = 0;
    let draw = |formula: &Formula| {
        if Instant::now() > deadline || bytes > MOST_BYTES_OF_TEXT {
            return None;
        }
        let mathml = catch_unwind(AssertUnwindSafe(|| one(formula))).ok().flatten()?;
        bytes += mathml.len();
        Some(mathml)
    };
    formulas.iter().take(MOST_FORMULAS).map(draw).collect()
}

fn one(formula: &Formula) -> Option<String> {
    let source = formula.source.trim();
    if source.is_empty() || source.len() > MOST_SOURCE_BYTES || defines_commands(source) {
        return None;
    }
    let storage = Storage::new();
    let events: Result<Vec<Event<'_>>, _> = Parser::new(source, &storage).take(MOST_EVENTS + 1).collect();
    let events = events.ok().filter(|events| events.len() <= MOST_EVENTS)?;
    let display_mode = if formula.is_block { DisplayMode::Block } else { DisplayMode::Inline };
    // Without the library's annotation, which is not escaped.
    let config = RenderConfig { display_mode, ..RenderConfig::default() };
    let mut mathml = String::new();
    push_mathml(&mut mathml, events.into_iter().map(Ok::<_, std::fmt::Error>), config).ok()?;
    if mathml.len() > MOST_BYTES || depth(&mathml) > DEEPEST {
        return None;
    }
    let named = format!("<math alttext=\"{}\"{}", attribute(source), mathml.strip_prefix("<math")?);
    Some(clean::clean(&named))
}

fn defines_commands(source: &str) -> bool {
    source.split('\\').skip(1).any(|command| {
        let end = command.find(|letter: char| !letter.is_ascii_alphabetic()).unwrap_or(command.len());
        DEFINITIONS.contains(&&command[..end])
    })
}

/// How deep elements are inside each other.
fn depth(mathml: &str) -> usize {
    let (mut open, mut deepest) = (0_usize, 0);
    for (at, _) in mathml.match_indices('<') {
        if mathml[at..].starts_with("</") {
            open = open.saturating_sub(1);
        } else if !mathml[at..].split('>').next().is_some_and(|tag| tag.ends_with('/')) {
            open += 1;
            deepest = deepest.max(open);
        }
    }
    deepest
}

#[cfg(test)]
mod tests;
