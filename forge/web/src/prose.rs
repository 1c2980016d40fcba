//! Texts of people on pages.

use hearth_app::markdown;

use crate::words::{Html, Words};

/// A drawn text; where it is only shown as it was typed, a sentence says so.
pub(crate) fn prose(words: Words, drawn: &str) -> Html {
    if markdown::is_plain(drawn) {
        let sentence = t!(words, "common-prose-plain");
        Html::trusted(format!("<p class=\"muted\">{sentence}</p>{drawn}"))
    } else {
        Html::trusted(drawn)
    }
}
