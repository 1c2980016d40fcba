//! A row of a log as markup: its number, which is a link to it, and its text in the colours of the theme.

use std::ops::Range;

use hearth_app::log::{Emphasis, ErrorMark, Hue, LogRow, Span, Style};

use crate::words::{self, Html, Words};

/// How rows are drawn.
pub(crate) struct RowView<'a> {
    pub(crate) words: Words,
    /// The address of a line, up to its number.
    pub(crate) address: &'a str,
    /// Whether the rows are the log itself, so that links can lead to them.
    pub(crate) is_target: bool,
    /// The text that is searched for; empty: none.
    pub(crate) sought: &'a str,
}

const CLASSES: [(Emphasis, &str); 6] = [
    (Emphasis::BOLD, "t-bold"),
    (Emphasis::FAINT, "t-faint"),
    (Emphasis::ITALIC, "t-italic"),
    (Emphasis::UNDERLINED, "t-underlined"),
    (Emphasis::INVERSE, "t-inverse"),
    (Emphasis::STRUCK, "t-struck"),
];

impl RowView<'_> {
    /// One row. The text is a program's and is escaped.
    pub(crate) fn draw(&self, row: &LogRow) -> Html {
        let number = row.number;
        let id = if self.is_target { format!(" id=\"L{number}\"") } else { String::new() };
        let class = match row.error {
            ErrorMark::None => "",
            ErrorMark::First => " class=\"is-error is-first\"",
            ErrorMark::More => " class=\"is-error\"",
        };
        let address = Html::text(self.address);
        let mut markup =
            format!("<div{id}{class}><a href=\"{address}{number}#L{number}\">{number}</a><code>");
        let sought = self.places(&row.text());
        let mut at = 0;
        for span in &row.spans {
            draw_span(&mut markup, span, at, &sought);
            at += span.text.len();
        }
        if row.left_out > 0 {
            let note = t!(self.words, "tasks-log-cut", size = words::bytes(row.left_out));
            markup.extend([" <i>", Html::text(&note).as_str(), "</i>"]);
        }
        markup.push_str("</code></div>");
        Html::trusted(markup)
    }

    /// Where the text that is searched for is in a row.
    fn places(&self, text: &str) -> Vec<Range<usize>> {
        if self.sought.is_empty() {
            return Vec::new();
        }
        // Only Latin letters change, so that every place stays where it is.
        let (text, sought) = (text.to_ascii_lowercase(), self.sought.to_ascii_lowercase());
        text.match_indices(&sought).map(|(start, found)| start..start + found.len()).collect()
    }
}

/// A span that begins at `start` in its row, with the parts of it that are searched for marked.
fn draw_span(markup: &mut String, span: &Span, start: usize, sought: &[Range<usize>]) {
    let class = class(span.style);
    if !class.is_empty() {
        markup.extend(["<span class=\"", class.as_str(), "\">"]);
    }
    let end = start + span.text.len();
    let mut at = start;
    for place in sought.iter().filter(|place| place.start < end && place.end > start) {
        let (from, to) = (place.start.max(start), place.end.min(end));
        markup.push_str(Html::text(&span.text[at - start..from - start]).as_str());
        let found = Html::text(&span.text[from - start..to - start]);
        markup.extend(["<mark>", found.as_str(), "</mark>"]);
        at = to;
    }
    markup.push_str(Html::text(&span.text[at - start..]).as_str());
    if !class.is_empty() {
        markup.push_str("</span>");
    }
}

fn class(style: Style) -> String {
    let mut names = Vec::new();
    names.extend(style.hue.map(|hue| format!("t-{}", name(hue))));
    names.extend(style.ground.map(|hue| format!("t-on-{}", name(hue))));
    let emphasis = CLASSES.iter().filter(|(emphasis, _)| style.emphasis.has(*emphasis));
    names.extend(emphasis.map(|(_, name)| (*name).to_owned()));
    names.join(" ")
}

const fn name(hue: Hue) -> &'static str {
    match hue {
        Hue::Grey => "grey",
        Hue::Red => "red",
        Hue::Green => "green",
        Hue::Yellow => "yellow",
        Hue::Blue => "blue",
        Hue::Magenta => "magenta",
        Hue::Cyan => "cyan",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hearth_web::Language;

    fn drawn(spans: &[(Option<Hue>, &str)], sought: &str) -> String {
        let span = |(hue, text): &(Option<Hue>, &str)| Span {
            style: Style { hue: *hue, ..Style::default() },
            text: (*text).to_owned(),
        };
        let row = LogRow { number: 7, spans: spans.iter().map(span).collect(), ..LogRow::default() };
        let view = RowView { words: Words::of(Language::En), address: "?line=", is_target: true, sought };
        let drawn = view.draw(&row);
        let start = "<div id=\"L7\"><a href=\"?line=7#L7\">7</a><code>";
        let code = drawn.as_str().strip_prefix(start).and_then(|rest| rest.strip_suffix("</code></div>"));
        code.unwrap_or_else(|| panic!("{}", drawn.as_str())).to_owned()
    }

    #[test]
    fn what_a_program_writes_is_text() {
        let text = "</code><script>alert('\"1&2\"')</script>";
        let safe = "&lt;/code&gt;&lt;script&gt;alert(&#39;&quot;1&amp;2&quot;&#39;)&lt;/script&gt;";
        assert_eq!(drawn(&[(None, text)], ""), safe);
        assert_eq!(drawn(&[(Some(Hue::Red), text)], ""), format!("<span class=\"t-red\">{safe}</span>"));
    }

    #[test]
    fn what_is_searched_for_is_marked_across_colours() {
        assert_eq!(drawn(&[(None, "a LOSS b loss")], "loss"), "a <mark>LOSS</mark> b <mark>loss</mark>");
        assert_eq!(
            drawn(&[(Some(Hue::Red), "lo"), (None, "ss <1>")], "Loss <"),
            "<span class=\"t-red\"><mark>lo</mark></span><mark>ss &lt;</mark>1&gt;"
        );
        assert_eq!(drawn(&[(None, "训练损失")], "损失"), "训练<mark>损失</mark>");
    }
}
