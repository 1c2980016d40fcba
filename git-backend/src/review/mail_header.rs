//! The headers of mails, written as git writes them: folded, and encoded where they have to be (RFC 2047).

use std::fmt::Write as _;

use crate::Signature;

/// A line that only has words is folded before it is longer.
const WIDTH: usize = 78;
/// A line with encoded words is never longer.
const ENCODED_WIDTH: usize = 76;
/// What begins an encoded word.
const BEGIN: &str = "=?UTF-8?q?";

/// Whether a text has nothing beyond ASCII.
pub(super) fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii() && byte != b'\x1b')
}

/// The line that names the author.
pub(super) fn author(author: &Signature) -> String {
    let mut text = String::from("From: ");
    let mut width = WIDTH;
    if needs_encoding(&author.name) {
        encode(&mut text, &author.name, is_special_in_name);
        width = ENCODED_WIDTH;
    } else if author.name.contains(['(', ')', '<', '>', '[', ']', ':', ';', '@', ',', '.', '"', '\\']) {
        let escaped = author.name.replace('\\', "\\\\").replace('"', "\\\"");
        fold(&mut text, &format!("\"{escaped}\""));
    } else {
        fold(&mut text, &author.name);
    }
    let email = plain_address(&author.email);
    if last_line(&text) + " <>".len() + email.len() > width {
        text.push('\n');
    }
    let _ = write!(text, " <{email}>");
    text
}

/// The line that names what a mail is about.
pub(super) fn subject(prefix: &str, title: &str) -> String {
    let mut text = format!("Subject: {prefix} ");
    if needs_encoding(title) {
        encode(&mut text, title, is_special);
    } else {
        fold(&mut text, title);
    }
    text
}

/// An address with nothing in it that could end it, or the header.
fn plain_address(email: &str) -> String {
    email.chars().filter(|character| !character.is_control() && !matches!(character, '<' | '>')).collect()
}

fn needs_encoding(text: &str) -> bool {
    !is_plain(text) || text.contains(['\n', '\r']) || text.contains("=?")
}

fn is_special(byte: u8) -> bool {
    !byte.is_ascii_graphic() || matches!(byte, b'=' | b'?' | b'_')
}

/// In a name, fewer characters stand for themselves.
fn is_special_in_name(byte: u8) -> bool {
    is_special(byte) || !(byte.is_ascii_alphanumeric() || matches!(byte, b'!' | b'*' | b'+' | b'-' | b'/'))
}

/// Adds a text as encoded words, no character of which is divided.
fn encode(text: &mut String, plain: &str, is_special: fn(u8) -> bool) {
    let mut width = last_line(text) + BEGIN.len();
    text.push_str(BEGIN);
    for character in plain.chars() {
        let mut buffer = [0; 4];
        let bytes = character.encode_utf8(&mut buffer).as_bytes();
        let is_encoded = bytes.len() > 1 || is_special(bytes[0]);
        let needed = if is_encoded { 3 * bytes.len() } else { 1 };
        if width + needed + "?=".len() > ENCODED_WIDTH {
            let _ = write!(text, "?=\n {BEGIN}");
            width = BEGIN.len() + 1;
        }
        if is_encoded {
            for byte in bytes {
                let _ = write!(text, "={byte:02X}");
            }
        } else {
            text.push(character);
        }
        width += needed;
    }
    text.push_str("?=");
}

/// Adds words, on as many lines as they need.
fn fold(text: &mut String, words: &str) {
    let mut width = last_line(text);
    // A first word that is too long begins the next line as well.
    let (mut written, mut blank) = (0, Some(0));
    let mut places = words.char_indices().map(|(place, character)| (place, Some(character)));
    let mut next = places.next().unwrap_or((words.len(), None));
    loop {
        let (place, character) = next;
        let is_end = character.is_none();
        if is_end || character.is_some_and(|character| character.is_ascii_whitespace()) {
            if width > WIDTH
                && let Some(last) = blank
            {
                // The word does not fit: it begins the next line.
                text.push_str("\n ");
                written =
                    last + usize::from(words[last..].starts_with(|first: char| first.is_ascii_whitespace()));
                blank = None;
                width = 1 + words[written..place].chars().count();
                continue;
            }
            text.push_str(&words[written..place]);
            written = place;
            if is_end {
                return;
            }
            blank = Some(place);
        }
        width += 1;
        next = places.next().unwrap_or((words.len(), None));
    }
}

/// The length of the last line.
fn last_line(text: &str) -> usize {
    text.rsplit('\n').next().map_or(0, |line| line.chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_titles_are_folded_between_words() {
        let title = "a long title that goes on and on until it does not fit into one line of a mail any more";
        assert_eq!(
            subject("[PATCH]", title),
            "Subject: [PATCH] a long title that goes on and on until it does not fit into\n one line of a mail any more"
        );
        assert_eq!(subject("[PATCH]", "short"), "Subject: [PATCH] short");
    }

    #[test]
    fn what_is_not_ascii_is_encoded() {
        assert_eq!(subject("[PATCH]", "Für alle"), "Subject: [PATCH] =?UTF-8?q?F=C3=BCr=20alle?=");
        let long = subject("[PATCH]", &"ü".repeat(30));
        assert!(long.lines().all(|line| line.len() <= ENCODED_WIDTH && line.ends_with("?=")), "{long}");
    }
}
