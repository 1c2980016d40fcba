//! HTML of our own in a text of somebody else's: it is put in *after* the sanitiser, at marks that nobody else can
//! have written, so the sanitiser never has to allow what only we may make.

use std::mem;

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

/// The pieces that a text is still to get.
#[derive(Debug)]
pub(super) struct Insertions {
    /// The beginning of every mark. It contains the hash of the text, and no text contains its own hash.
    mark: String,
    pieces: Vec<String>,
}

impl Insertions {
    pub(super) fn into_text(text: &str) -> Self {
        let hash = HEXLOWER.encode(&Sha256::digest(text.as_bytes()));
        Self { mark: format!("ours-{hash}-"), pieces: Vec::new() }
    }

    /// Keeps a piece, and returns the mark for its place.
    pub(super) fn add(&mut self, piece: String) -> String {
        self.pieces.push(piece);
        format!("<span class=\"{}{}\"></span>", self.mark, self.pieces.len() - 1)
    }

    /// The classes of all marks, which the sanitiser lets through.
    pub(super) fn marks(&self) -> Vec<String> {
        (0..self.pieces.len()).map(|number| format!("{}{number}", self.mark)).collect()
    }

    /// Puts every piece in its place. A mark that was copied is replaced once; a quote in an attribute is written
    /// `&quot;`, so a mark is never found inside one.
    pub(super) fn put_into(mut self, html: String) -> String {
        if self.pieces.is_empty() {
            return html;
        }
        let opening = format!("<span class=\"{}", self.mark);
        let more: usize = self.pieces.iter().map(String::len).sum();
        let mut whole = String::with_capacity(html.len() + more);
        let mut rest = html.as_str();
        while let Some((before, behind)) = rest.split_once(opening.as_str()) {
            whole.push_str(before);
            let Some((number, after)) = behind.split_once("\"></span>") else {
                rest = behind;
                break;
            };
            if let Some(piece) = number.parse::<usize>().ok().and_then(|number| self.pieces.get_mut(number)) {
                whole.push_str(&mem::take(piece));
            }
            rest = after;
        }
        whole.push_str(rest);
        whole
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_piece_is_put_in_its_place_once() {
        let mut insertions = Insertions::into_text("text");
        let first = insertions.add("<math>1</math>".into());
        let second = insertions.add("<math>2</math>".into());
        let html = format!("<p>{second}, {first}, {first}</p><b title='{first}'></b>");
        // The sanitiser writes attributes so.
        let html = html.replace(&format!("'{first}'"), &format!("\"{}\"", first.replace('"', "&quot;")));
        let whole = insertions.put_into(html);
        assert!(
            whole.starts_with("<p><math>2</math>, <math>1</math>, </p><b title=\"<span class=&quot;"),
            "{whole}"
        );
    }

    #[test]
    fn a_text_without_pieces_stays_as_it_is() {
        assert_eq!(Insertions::into_text("x").put_into("<p>x</p>".into()), "<p>x</p>");
    }
}
