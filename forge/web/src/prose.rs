//! Texts written by users.

use hearth_app::markdown;

use crate::words::{Html, Words};

/// A rendered text; where it is shown as plain text, a sentence says so.
pub(crate) fn prose(words: Words, drawn: &str) -> Html {
    if markdown::is_plain(drawn) {
        let sentence = t!(words, "common-prose-plain");
        Html::trusted(format!("<p class=\"muted\">{sentence}</p>{drawn}"))
    } else {
        Html::trusted(drawn)
    }
}
