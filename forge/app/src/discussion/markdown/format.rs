//! Where our HTML differs from the parser's own: headings have links to themselves, and boxes of task lists names.

use std::fmt::{self, Write as _};

use comrak::{
    Options,
    html::{ChildRendering, Context, format_document_with_formatter, format_node_default},
    nodes::{AstNode, NodeHeading, NodeTaskItem, NodeValue},
    options::Plugins,
};

/// The longest name of a box, in characters.
const MOST_NAME: usize = 200;

pub(super) fn format<'a>(root: &'a AstNode<'a>, options: &Options<'_>, html: &mut String) -> fmt::Result {
    format_document_with_formatter(root, options, html, &Plugins::default(), node, ())
}

fn node<'a>(
    context: &mut Context<'_, '_, ()>,
    node: &'a AstNode<'a>,
    is_start: bool,
) -> Result<ChildRendering, fmt::Error> {
    match &node.data.borrow().value {
        NodeValue::Heading(heading) => self::heading(context, node, *heading, is_start),
        NodeValue::TaskItem(item) if is_start => task_item(context, node, item),
        NodeValue::TaskItem(_) => {
            context.write_str("</li>\n")?;
            Ok(ChildRendering::HTML)
        }
        _ => format_node_default(context, node, is_start),
    }
}

/// A heading, with an id made of its words as GitHub makes it, and a link to it.
fn heading<'a>(
    context: &mut Context<'_, '_, ()>,
    node: &'a AstNode<'a>,
    heading: NodeHeading,
    is_start: bool,
) -> Result<ChildRendering, fmt::Error> {
    if is_start {
        let id = context.anchorizer.anchorize(&words(node));
        context.cr()?;
        write!(context, "<h{} id=\"{id}\">", heading.level)?;
        context.current_anchorized_id = Some(id);
    } else {
        let id = context.current_anchorized_id.take().unwrap_or_default();
        write!(context, "<a class=\"anchor\" href=\"#{id}\" aria-label=\"")?;
        context.escape(&words(node))?;
        writeln!(context, "\"></a></h{}>", heading.level)?;
    }
    Ok(ChildRendering::HTML)
}

/// The box of a task, named by the task for those who cannot see that they stand beside each other.
fn task_item<'a>(
    context: &mut Context<'_, '_, ()>,
    node: &'a AstNode<'a>,
    item: &NodeTaskItem,
) -> Result<ChildRendering, fmt::Error> {
    let name: String = node.first_child().map(words).unwrap_or_default().chars().take(MOST_NAME).collect();
    let checked = if item.symbol.is_some() { " checked=\"\"" } else { "" };
    context.cr()?;
    write!(
        context,
        "<li class=\"task-list-item\"><input type=\"checkbox\" class=\"task-list-item-checkbox\"{checked} aria-label=\""
    )?;
    context.escape(name.trim())?;
    context.write_str("\"> ")?;
    Ok(ChildRendering::HTML)
}

/// The text of a node without markup; an emoji counts by its name, as in the ids of headings elsewhere.
fn words<'a>(node: &'a AstNode<'a>) -> String {
    let mut words = String::new();
    for part in node.descendants() {
        match &part.data.borrow().value {
            NodeValue::Text(text) => words.push_str(text),
            NodeValue::Code(code) => words.push_str(&code.literal),
            NodeValue::ShortCode(emoji) => words.push_str(&emoji.code),
            NodeValue::SoftBreak | NodeValue::LineBreak => words.push(' '),
            _ => {}
        }
    }
    words
}
