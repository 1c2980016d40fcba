use std::fmt::Write as _;

use serde_json::Value;

/// Text for one line: control characters and line breaks become spaces, what turns the direction of writing is left out.
pub(crate) fn one_line(text: &str) -> String {
    text.chars().filter(|c| !turns_writing(*c)).map(|c| if breaks_lines(c) { ' ' } else { c }).collect()
}

/// Text of several lines: only line breaks and tabs are kept of the control characters.
pub(crate) fn paragraphs(text: &str) -> String {
    let lines: Vec<String> = text
        .lines()
        .map(|line| {
            let words: Vec<String> = line.split('\t').map(one_line).collect();
            words.join("\t")
        })
        .collect();
    lines.join("\n")
}

/// JSON for programs, with every control character written as an escape, in case a terminal shows it after all.
pub(crate) fn json(value: &Value) -> String {
    let text = serde_json::to_string_pretty(value).expect("a JSON value can be written");
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        // The writer has escaped what stands below a space; its own line breaks stay.
        if c != '\n' && (c.is_control() || turns_writing(c)) {
            let _ = write!(escaped, "\\u{:04x}", u32::from(c));
        } else {
            escaped.push(c);
        }
    }
    escaped
}

fn breaks_lines(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Marks, embeddings, overrides and isolates of bidirectional text, with which text can be made to read as something else.
const fn turns_writing(c: char) -> bool {
    matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use serde_json::json as value;

    use super::*;

    #[test]
    fn escape_sequences_do_not_reach_the_terminal() {
        assert_eq!(one_line("\u{1b}[2Jgone\u{7}\r\n"), " [2Jgone   ");
        assert_eq!(one_line("\u{9b}31m red"), " 31m red");
        assert_eq!(one_line("训练 é"), "训练 é");
        assert_eq!(one_line("a\u{202e}b"), "ab");
        assert_eq!(paragraphs("one\r\n\ttwo\u{1b}]0;x"), "one\n\ttwo ]0;x");
    }

    #[test]
    fn json_stays_json_without_control_characters() {
        let hostile = value!({ "title": "\u{1b}[2J\u{9b}\u{7f}\u{202e}训练" });
        let text = json(&hostile);
        assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text:?}");
        assert_eq!(serde_json::from_str::<Value>(&text).expect("JSON"), hostile);
    }
}
