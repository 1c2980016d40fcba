//! References in a text that have effects: people to notify, and issues that record the reference. Those in
//! code and in link texts do not count.

use comrak::{Arena, nodes::NodeValue, parse_document};

use super::{
    ForeignThread, Links, References, cost, options,
    reference::{Reference, addresses, scan},
};
use crate::App;

/// All references in a text outside code. A text that is too large or too expensive to render has none.
pub(crate) async fn named(app: &App, text: &str) -> References {
    if text.is_empty() {
        return References::default();
    }
    if text.len() as u64 > app.limits().markdown_bytes {
        return References::default();
    }
    let (root, text) = (app.urls().root().to_owned(), text.to_owned());
    tokio::task::spawn_blocking(move || of_text(&root, &text)).await.unwrap_or_default()
}

fn of_text(root: &str, text: &str) -> References {
    let disabled = cost::disabled_features(text);
    let mut found = References::default();
    if disabled.everything {
        return found;
    }
    let arena = Arena::new();
    let mut options = options(&Links::default());
    disabled.apply(&mut options);
    let document = parse_document(&arena, text, &options);
    if cost::is_too_large(document) {
        return found;
    }
    for node in document.descendants() {
        match &node.data.borrow().value {
            NodeValue::Text(piece) => {
                let is_link = |value: &NodeValue| matches!(value, NodeValue::Link(_));
                if !node.ancestors().skip(1).any(|above| is_link(&above.data.borrow().value)) {
                    found.look_through(piece);
                }
            }
            NodeValue::Link(link) => {
                if let Some(thread) = ForeignThread::of_address(root, &link.url) {
                    found.take_foreign(thread);
                }
            }
            _ => {}
        }
    }
    found
}

/// An issue referenced in a commit message.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct NamedIssue {
    /// None: in the commit's own repository.
    pub(crate) foreign: Option<ForeignThread>,
    pub(crate) number: i64,
    /// The message says that the commit closes it: `fixes #12`.
    pub(crate) is_closed: bool,
}

/// The words that close the issue they precede.
const CLOSING: [&str; 9] =
    ["close", "closes", "closed", "fix", "fixes", "fixed", "resolve", "resolves", "resolved"];

/// The first `most` distinct issues referenced in a commit message.
pub(crate) fn of_message(root: &str, message: &str, most: usize) -> Vec<NamedIssue> {
    let mut found: Vec<NamedIssue> = Vec::new();
    let mut take = |foreign: Option<ForeignThread>, number, is_closed| {
        let known = found.iter().position(|named| named.foreign == foreign && named.number == number);
        match known {
            Some(place) => found[place].is_closed |= is_closed,
            None if found.len() < most => found.push(NamedIssue { foreign, number, is_closed }),
            None => {}
        }
    };
    for (place, reference) in scan(message) {
        let is_closed = closes(&message[..place.start]);
        match reference {
            Reference::Thread(number) => take(None, number, is_closed),
            Reference::ForeignThread(thread) => {
                let number = thread.number;
                take(Some(thread), number, is_closed);
            }
            Reference::Person(_)
            | Reference::Team(_)
            | Reference::Task(_)
            | Reference::Model(_)
            | Reference::Commit(_) => {}
        }
    }
    for (start, address) in addresses(root, message) {
        if let Some(thread) = ForeignThread::of_address(root, address) {
            let number = thread.number;
            take(Some(thread), number, closes(&message[..start]));
        }
    }
    found
}

fn closes(before: &str) -> bool {
    let before = before.trim_end();
    let before = before.strip_suffix(':').unwrap_or(before);
    let word = before.rsplit(|letter: char| !letter.is_ascii_alphabetic()).next().unwrap_or_default();
    CLOSING.contains(&word.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use hearth_core::RepositoryKind;

    use super::*;

    const ROOT: &str = "http://hearth.test";

    #[test]
    fn code_and_links_name_nobody() {
        let text = "@mei and #1, `@bo #2`, mei/llm#3 <http://hearth.test/models/mei/bert/issues/4#issuecomment-1>\n\n    #5\n\n\
            [#6](https://example.org/mei/llm/issues/7) http://hearth.test/mei/llm/issues/8";
        let found = of_text(ROOT, text);
        assert_eq!(found.people.iter().collect::<Vec<_>>(), ["mei"]);
        assert_eq!(found.threads.iter().copied().collect::<Vec<_>>(), [1]);
        let foreign: Vec<_> =
            found.foreign.iter().map(|issue| (issue.kind, issue.name.as_str(), issue.number)).collect();
        let code = RepositoryKind::Code;
        assert_eq!(foreign, [(code, "llm", 3), (code, "llm", 8), (RepositoryKind::Model, "bert", 4)]);
    }

    #[test]
    fn a_message_says_what_it_settles() {
        let message = "Hold the rate\n\nFixes #1, see #2 and closes: Mei/LLM#3; resolves http://hearth.test/mei/llm/issues/4. \
            prefixes #5 fixed #2";
        let found = of_message(ROOT, message, 20);
        let short: Vec<_> =
            found.iter().map(|named| (named.foreign.is_some(), named.number, named.is_closed)).collect();
        assert_eq!(
            short,
            [(false, 1, true), (false, 2, true), (true, 3, true), (false, 5, false), (true, 4, true)]
        );
        assert_eq!(of_message(ROOT, message, 1).len(), 1);
    }
}
