//! Dollars that are no formula although the parser takes them for one: `US$5 or 6$`, `$HOME/$USER`, or a price before a
//! code span with a dollar in it.

use std::{borrow::Cow, iter};

use comrak::{
    Arena, Options,
    nodes::{AstNode, NodeValue},
    parse_document,
};

/// An escaped dollar may leave another one that now begins a formula; what is still wrong then is shown as text.
const MOST_PASSES: usize = 3;

/// The text with a backslash before such dollars, so that the parser understands what stands between them.
pub(in super::super) fn escape<'t>(text: &'t str, options: &Options<'_>) -> Cow<'t, str> {
    let mut escaped = Cow::Borrowed(text);
    for _ in 0..MOST_PASSES {
        if !escaped.contains('$') {
            break;
        }
        let arena = Arena::new();
        let places = places(&escaped, parse_document(&arena, &escaped, options));
        if places.is_empty() {
            break;
        }
        escaped = Cow::Owned(with_backslashes(&escaped, &places));
    }
    escaped
}

/// Whether a formula is none: letters or digits touch its dollars, or a code span begins inside it.
pub(super) fn is_amount<'a>(node: &'a AstNode<'a>) -> bool {
    let is_display = match &node.data.borrow().value {
        NodeValue::Math(math) if math.dollar_math && math.literal.contains('`') => return true,
        NodeValue::Math(math) if math.dollar_math => math.display_math,
        _ => return false,
    };
    let touches = |beside: Option<&'a AstNode<'a>>, letter: fn(&str) -> Option<char>| {
        beside.is_some_and(|beside| match &beside.data.borrow().value {
            NodeValue::Text(text) => letter(text).is_some_and(|letter| letter.is_ascii_alphanumeric()),
            _ => false,
        })
    };
    !is_display
        && (touches(node.next_sibling(), |text| text.chars().next())
            || touches(node.previous_sibling(), |text| text.chars().next_back()))
}

/// Where such formulas begin, in order.
fn places<'a>(text: &str, root: &'a AstNode<'a>) -> Vec<usize> {
    let lines: Vec<usize> = iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let place = |node: &'a AstNode<'a>| {
        let data = node.data.borrow();
        let NodeValue::Math(math) = &data.value else { return None };
        let start = data.sourcepos.start;
        let place = lines.get(start.line.checked_sub(1)?)? + start.column.checked_sub(1)?;
        let begins = text.get(place..)?.strip_prefix('$')?.trim_start_matches('$');
        let word = math.literal.split_whitespace().next().unwrap_or_default();
        begins.trim_start().starts_with(word).then_some(place)
    };
    let mut places: Vec<usize> =
        root.descendants().filter(|node| is_amount(node)).filter_map(place).collect();
    places.sort_unstable();
    places.dedup();
    places
}

fn with_backslashes(text: &str, places: &[usize]) -> String {
    let mut escaped = String::with_capacity(text.len() + places.len());
    let mut from = 0;
    for place in places {
        escaped.push_str(&text[from..*place]);
        escaped.push('\\');
        from = *place;
    }
    escaped.push_str(&text[from..]);
    escaped
}
