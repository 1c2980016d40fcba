//! Files of particular kinds, parsed into plain values for their views. What is parsed may be hostile: every
//! parser bounds what it reads and keeps, and says what it leaves out.

pub mod header;
pub mod notebook;
pub mod table;

/// Characters of a text, and whether that is all of them.
pub(super) fn cut(text: &str, most_bytes: usize) -> (&str, bool) {
    let shown = &text[..text.floor_char_boundary(most_bytes)];
    (shown, shown.len() == text.len())
}
