use std::fmt;

use hearth_words::{WordArgument, Words};

/// Safe markup: templates print it without escaping.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Html(String);

/// The first of the placeholder characters for markup while a sentence is put together. They are from a
/// private use area, are removed from user text, and never reach a page.
const FIRST_MARK: u32 = 0xF_F000;

impl Html {
    /// Markup that the caller has made and escaped.
    pub fn trusted(markup: impl Into<String>) -> Self {
        Self(markup.into())
    }

    /// Text, escaped.
    pub fn text(text: &str) -> Self {
        let mut markup = String::with_capacity(text.len());
        escape_into(&mut markup, text);
        Self(markup)
    }

    /// `<a href>` around escaped text.
    pub fn link(address: &str, text: &str) -> Self {
        let mut markup = String::from("<a href=\"");
        escape_into(&mut markup, address);
        markup.push_str("\">");
        escape_into(&mut markup, text);
        markup.push_str("</a>");
        Self(markup)
    }

    /// `<strong>` around escaped text.
    pub fn strong(text: &str) -> Self {
        Self::element("strong", text)
    }

    /// `<code>` around escaped text.
    pub fn code(text: &str) -> Self {
        Self::element("code", text)
    }

    fn element(name: &str, text: &str) -> Self {
        let mut markup = format!("<{name}>");
        escape_into(&mut markup, text);
        markup.push_str("</");
        markup.push_str(name);
        markup.push('>');
        Self(markup)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A message with markup among its arguments; called by `rich!`.
    pub fn filled(words: Words, place: usize, arguments: &[(&'static str, &dyn RichArgument)]) -> Self {
        let marks: Vec<String> = (0..arguments.len()).map(|index| mark(index).to_string()).collect();
        let values: Vec<_> = arguments
            .iter()
            .zip(&marks)
            .map(|((name, argument), mark)| match argument.piece() {
                Piece::Markup(_) => (*name, mark as &dyn WordArgument),
                Piece::Words(words) => (*name, words),
            })
            .collect();
        let sentence = words.with(place, &values);
        let mut markup = String::with_capacity(sentence.len() * 2);
        let mut plain = String::new();
        for letter in sentence.chars() {
            match index(letter).and_then(|index| arguments.get(index)).map(|(_, argument)| argument.piece()) {
                Some(Piece::Markup(piece)) => {
                    escape_into(&mut markup, &plain);
                    plain.clear();
                    markup.push_str(piece);
                }
                _ => plain.push(letter),
            }
        }
        escape_into(&mut markup, &plain);
        Self(markup)
    }
}

fn mark(index: usize) -> char {
    let offset = u32::try_from(index).unwrap_or_default();
    char::from_u32(FIRST_MARK + offset).expect("the private area has room for the arguments of a message")
}

fn index(letter: char) -> Option<usize> {
    usize::try_from(u32::from(letter).checked_sub(FIRST_MARK)?).ok()
}

fn escape_into(markup: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '&' => markup.push_str("&amp;"),
            '<' => markup.push_str("&lt;"),
            '>' => markup.push_str("&gt;"),
            '"' => markup.push_str("&quot;"),
            '\'' => markup.push_str("&#39;"),
            _ => markup.push(letter),
        }
    }
}

impl fmt::Display for Html {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl askama::filters::HtmlSafe for Html {}

impl askama::FastWritable for Html {
    fn write_into(&self, destination: &mut dyn fmt::Write, _: &dyn askama::Values) -> askama::Result<()> {
        Ok(destination.write_str(&self.0)?)
    }
}

/// What can be an argument of `rich!`.
pub trait RichArgument {
    fn piece(&self) -> Piece<'_>;
}

/// Markup is inserted unchanged; words are escaped.
#[derive(Clone, Copy)]
pub enum Piece<'a> {
    Markup(&'a str),
    Words(&'a dyn WordArgument),
}

impl<T: WordArgument> RichArgument for T {
    fn piece(&self) -> Piece<'_> {
        Piece::Words(self)
    }
}

impl RichArgument for Html {
    fn piece(&self) -> Piece<'_> {
        Piece::Markup(&self.0)
    }
}

impl RichArgument for &Html {
    fn piece(&self) -> Piece<'_> {
        (**self).piece()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Language;

    #[test]
    fn markup_is_kept_and_the_sentence_around_it_escaped() {
        let words = Words::of(Language::En);
        let made = crate::rich!(words, "common-by", name = Html::link("/a?b=1&c=2", "<mei>"));
        assert_eq!(made.as_str(), "by <a href=\"/a?b=1&amp;c=2\">&lt;mei&gt;</a>");
        let made = crate::rich!(words, "common-by", name = "<b>\u{FF000}");
        assert_eq!(made.as_str(), "by &lt;b&gt;\u{FF000}");
    }
}
