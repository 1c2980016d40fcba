//! Turns known references in running text into links that show what they lead to.

use comrak::{
    Arena,
    nodes::{AstNode, NodeValue},
};
use hearth_core::{
    RepositoryKind, TaskState, ThreadNumber,
    urls::{self, OrganizationUrls, RepositoryUrls},
};
use hearth_words::{Words, t};

use super::{ForeignThread, KnownTask, KnownThread, Reference, scan};
use crate::markdown::{Links, attribute};

/// The most links in one text; further references stay text.
const MOST_LINKS: usize = 2_000;

/// Links the references in running text; code and existing links are left alone, except that the bare address of
/// a thread becomes a reference.
pub(in crate::discussion::markdown) fn link<'a>(arena: &'a Arena<'a>, root: &'a AstNode<'a>, links: &Links) {
    let nodes: Vec<&AstNode<'_>> = root.descendants().collect();
    let mut room = MOST_LINKS;
    for node in nodes {
        if let Some(rest) = cut_address(node) {
            node.insert_after(arena.alloc(NodeValue::Text(rest.into()).into()));
        }
        if room > 0 && shorten(node, links) {
            room -= 1;
            continue;
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
    let known = &links.known;
    match reference {
        Reference::Person(name) => person(name, links),
        Reference::Team(team) if known.teams.contains(team) => {
            let address = OrganizationUrls::new(&team.organization).team(&team.team);
            Some(tag("mention", &address, "", text))
        }
        Reference::Team(team) => {
            let name = text.strip_prefix('@')?.get(..team.organization.len())?;
            let rest = &text[1 + name.len()..];
            Some(person(name, links)? + &attribute(rest))
        }
        Reference::Thread(number) => {
            let repository = links.repository.as_ref()?;
            Some(thread(known.threads.get(number)?, repository, *number, text, links))
        }
        Reference::ForeignThread(foreign) => {
            Some(thread(known.foreign.get(foreign)?, &urls_of(foreign), foreign.number, text, links))
        }
        Reference::Task(id) => {
            let task = known.tasks.get(id)?;
            let class = format!("reference {}", task_class(task.state));
            Some(tag(&class, &urls::task(*id), &task_title(task, links), text))
        }
        Reference::Model(model) => Some(tag("reference", known.models.get(model)?, "", text)),
        Reference::Commit(id) => {
            let address = links.repository.as_ref()?.commit(known.commits.get(*id)?);
            Some(tag("commit", &address, "", &text[..text.len().min(10)]))
        }
    }
}

fn person(name: &str, links: &Links) -> Option<String> {
    let known = links.known.people.get(&name.to_ascii_lowercase())?;
    Some(tag("mention", &urls::user(known.as_str()), "", &format!("@{name}")))
}

fn urls_of(foreign: &ForeignThread) -> RepositoryUrls {
    RepositoryUrls::new(foreign.kind, &foreign.owner, &foreign.name)
}

fn thread(
    thread: &KnownThread,
    repository: &RepositoryUrls,
    number: i64,
    text: &str,
    links: &Links,
) -> String {
    let words = Words::of(links.language);
    let (class, title) = if thread.is_open {
        ("reference is-open", t!(words, "reference-open", title = thread.title.as_str()))
    } else {
        ("reference is-closed", t!(words, "reference-closed", title = thread.title.as_str()))
    };
    tag(class, &repository.thread(thread.kind, ThreadNumber(number)), &title, text)
}

fn task_title(task: &KnownTask, links: &Links) -> String {
    let words = Words::of(links.language);
    let key = format!("common-state-{}", task.state.as_str().to_ascii_lowercase().replace('_', "-"));
    let state = words.find(&key).unwrap_or_default();
    t!(words, "reference-task", name = task.name.as_str(), state = state)
}

const fn task_class(state: TaskState) -> &'static str {
    match state {
        TaskState::Succeeded => "is-good",
        TaskState::Failed | TaskState::CreatedFailed => "is-bad",
        TaskState::Stopped => "is-stopped",
        TaskState::Running | TaskState::Stopping => "is-running",
        TaskState::Preparing | TaskState::Waiting | TaskState::Creating | TaskState::Unknown => "is-waiting",
    }
}

fn tag(class: &str, address: &str, title: &str, text: &str) -> String {
    let title = if title.is_empty() { String::new() } else { format!(" title=\"{}\"", attribute(title)) };
    format!("<a class=\"{class}\" href=\"{}\"{title}>{}</a>", attribute(address), attribute(text))
}

/// Shows the bare address of a known thread as `owner/name#12`. Returns whether it was one.
fn shorten<'a>(node: &'a AstNode<'a>, links: &Links) -> bool {
    let Some(child) = node.first_child() else { return false };
    let url = match (&node.data.borrow().value, &child.data.borrow().value) {
        (NodeValue::Link(link), NodeValue::Text(text)) if *link.url == **text => link.url.clone(),
        _ => return false,
    };
    // An address with a fragment leads to a comment, which the short form would not say.
    if url.contains(['#', '?']) {
        return false;
    }
    let Some(foreign) = ForeignThread::of_address(&links.root, &url) else { return false };
    let Some(known) = links.known.foreign.get(&foreign) else { return false };
    let folder = match foreign.kind {
        RepositoryKind::Code => "",
        RepositoryKind::Model => "models/",
        RepositoryKind::Dataset => "datasets/",
    };
    let text = format!("{folder}{}/{}#{}", foreign.owner, foreign.name, foreign.number);
    let html = thread(known, &urls_of(&foreign), foreign.number, &text, links);
    child.detach();
    node.data.borrow_mut().value = NodeValue::Raw(html);
    true
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
