//! Templates and forms from the bytes of their files.

use super::{
    Config, ContactLink, Content, IssueTemplate, ProblemKind, TemplateProblem,
    form::{fields, one_line},
    yaml::{self, Node, Value},
};

/// Links on the page on which one chooses.
const MOST_LINKS: usize = 20;
/// Labels and people of one template.
const MOST_NAMES: usize = 50;

/// Reads a template: Markdown with a head of settings between lines of dashes, or a form in YAML.
pub(super) fn template(path: &str, text: &str) -> Result<IssueTemplate, TemplateProblem> {
    let file = path.rsplit('/').next().unwrap_or(path);
    if let Some(stem) = file.strip_suffix(".md") {
        let (head, body) = split_head(text);
        let Some(head) = head else {
            let name = stem.replace(['_', '-'], " ");
            return Ok(IssueTemplate::plain(path, name, text.trim()));
        };
        let root = map(yaml::read(head)).map_err(|problem| problem.below(1))?;
        let template = named(path, &root, Content::Text(body.trim().to_owned()));
        return template.map_err(|problem| problem.below(1));
    }
    let root = map(yaml::read(text))?;
    let fields = fields(&root)?;
    named(path, &root, Content::Form(fields))
}

fn map(node: Result<Node, TemplateProblem>) -> Result<Node, TemplateProblem> {
    let node = node?;
    if matches!(node.value, Value::Map(_)) { Ok(node) } else { Err(node.problem(ProblemKind::NotMap, "")) }
}

fn named(path: &str, root: &Node, content: Content) -> Result<IssueTemplate, TemplateProblem> {
    let about = root.text("about")?;
    let about = if about.is_empty() { root.text("description")? } else { about };
    let mut labels = root.words("labels")?;
    let mut assignees = root.words("assignees")?;
    labels.truncate(MOST_NAMES);
    assignees.truncate(MOST_NAMES);
    Ok(IssueTemplate {
        path: path.to_owned(),
        name: one_line(&root.required_text("name")?),
        about: one_line(&about),
        title: one_line(&root.text("title")?),
        labels,
        assignees,
        content,
    })
}

/// The head of settings, if there is one, and what follows it.
fn split_head(text: &str) -> (Option<&str>, &str) {
    let Some(rest) = text.strip_prefix("---\n").or_else(|| text.strip_prefix("---\r\n")) else {
        return (None, text);
    };
    for (at, _) in rest.match_indices("---") {
        let begins_line = at == 0 || rest[..at].ends_with('\n');
        let end = rest[at + 3..].trim_start_matches('\r');
        if begins_line && (end.is_empty() || end.starts_with('\n')) {
            return (Some(&rest[..at]), end);
        }
    }
    (None, text)
}

/// Reads what the page on which one chooses also shows.
pub(super) fn config(text: &str) -> Result<Config, TemplateProblem> {
    let root = map(yaml::read(text))?;
    let takes_blank = root.get("blank_issues_enabled").is_none() || root.is_on("blank_issues_enabled")?;
    let links = root.list("contact_links")?;
    if links.len() > MOST_LINKS {
        return Err(root.problem(ProblemKind::TooLong, "contact_links"));
    }
    let links = links.iter().map(link).collect::<Result<_, _>>()?;
    Ok(Config { takes_blank, links })
}

fn link(node: &Node) -> Result<ContactLink, TemplateProblem> {
    let address = node.required_text("url")?;
    let address = address.trim();
    let is_web = address.starts_with("https://") || address.starts_with("http://");
    if !is_web || address.contains(char::is_whitespace) {
        return Err(node.problem(ProblemKind::Address, "url"));
    }
    Ok(ContactLink {
        name: one_line(&node.required_text("name")?),
        address: address.to_owned(),
        about: one_line(&node.text("about")?),
    })
}
