//! Texts written by users.

use hearth_app::markdown::{self, Plain};

use crate::words::{Html, Words};

/// A rendered text, with the words of the page's language where it has any of our own; where it is shown as plain
/// text, a sentence says so.
pub fn prose(words: Words, drawn: &str) -> Html {
    let sentence = match markdown::plainness(drawn) {
        Some(Plain::TooComplex) => t!(words, "common-prose-plain"),
        Some(Plain::TooLarge) => t!(words, "common-prose-large"),
        None => return Html::trusted(said(words, drawn)),
    };
    Html::trusted(format!("<p class=\"muted\">{sentence}</p>{drawn}"))
}

/// Puts words into the places that the renderer leaves for them: texts are rendered once for all languages. Users
/// can make such places as well, and would get the same words.
fn said(words: Words, drawn: &str) -> String {
    let mut html = drawn.to_owned();
    if html.contains("<p class=\"markdown-alert-title\">") {
        for (english, sentence) in [
            ("Note", t!(words, "common-prose-note")),
            ("Tip", t!(words, "common-prose-tip")),
            ("Important", t!(words, "common-prose-important")),
            ("Warning", t!(words, "common-prose-warning")),
            ("Caution", t!(words, "common-prose-caution")),
        ] {
            let title = |text: &str| format!("<p class=\"markdown-alert-title\">{text}</p>");
            html = html.replace(&title(english), &title(sentence));
        }
    }
    if html.contains("<small class=\"formula-note\">") {
        let note = |text: &str| format!("<small class=\"formula-note\">{text}</small>");
        html = html.replace(&note(""), &note(t!(words, "common-prose-formula")));
    }
    for (opening, closing, sentence) in [
        ("<summary class=\"diagram-source\">", "</summary>", t!(words, "common-prose-diagram")),
        ("<small class=\"diagram-note\">", "</small>", t!(words, "common-prose-diagram-large")),
    ] {
        if html.contains(opening) {
            html = html.replace(&format!("{opening}{closing}"), &format!("{opening}{sentence}{closing}"));
        }
    }
    html
}
