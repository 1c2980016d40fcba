//! Blocks of Mermaid and Graphviz. A page only says where its drawings are, and so never waits for one; the source
//! stands beneath, for those who cannot see the drawing or want to copy it.

use std::time::Duration;

use comrak::nodes::{AstNode, NodeValue};
use hearth_core::urls;
use hearth_diagram::{MOST_SOURCE_BYTES, Notation};

use super::{Rules, attribute, coloured, insertion::Insertions, word};
use crate::{Signer, diagram};

const MOST_DIAGRAMS: usize = 50;
/// The longest description, in characters; the whole source stands beneath.
const MOST_DESCRIPTION: usize = 1_000;

/// Replaces blocks that are diagrams with marks for their pictures.
pub(super) fn draw<'a>(
    root: &'a AstNode<'a>,
    rules: &Rules,
    insertions: &mut Insertions,
    time: &mut Duration,
) {
    let Some(signer) = &rules.diagrams else { return };
    let mut room = MOST_DIAGRAMS;
    for node in root.descendants() {
        let mut data = node.data.borrow_mut();
        let NodeValue::CodeBlock(block) = &data.value else { continue };
        let Some(notation) = Notation::of_word(word(block)) else { continue };
        let code = coloured(block, time);
        let piece = match address(signer, notation, block.literal.trim_end()).filter(|_| room > 0) {
            Some(address) => figure(&address, &block.literal, &code),
            None => format!("<div class=\"diagram\">{code}<small class=\"diagram-note\"></small></div>"),
        };
        room = room.saturating_sub(1);
        data.value = NodeValue::Raw(insertions.add(piece));
    }
}

fn figure(address: &str, source: &str, code: &str) -> String {
    let description: String = source.trim().chars().take(MOST_DESCRIPTION).collect();
    format!(
        "<div class=\"diagram\"><img class=\"diagram-drawing\" src=\"{}\" alt=\"{}\" loading=\"lazy\">\
         <details><summary class=\"diagram-source\"></summary>{code}</details></div>",
        attribute(address),
        attribute(&description)
    )
}

/// Where a diagram is drawn; none if it is too large.
fn address(signer: &Signer, notation: Notation, source: &str) -> Option<String> {
    let encoded = diagram::encode(source).filter(|_| source.len() <= MOST_SOURCE_BYTES)?;
    let signature = signer.sign(diagram::purpose(notation), &encoded);
    Some(urls::diagram(notation.as_str(), &signature, &encoded))
}
