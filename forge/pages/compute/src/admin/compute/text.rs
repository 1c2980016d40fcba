//! Parses what administrators type (numbers, sizes, lines of pairs), and formats such values for forms.

use std::collections::BTreeMap;

use hearth_core::{FieldErrors, Result};

/// Parses the fields of one form. An unreadable field is reported, and gets a default value.
#[derive(Debug, Default)]
pub(super) struct FormParser(FieldErrors);

impl FormParser {
    /// The parsed fields, and the errors of the unreadable ones.
    pub(super) fn finish<T>(self, fields: T) -> (T, FieldErrors) {
        (fields, self.0)
    }

    /// A value of a closed set.
    pub(super) fn choice<T: std::str::FromStr>(&mut self, field: &'static str, text: &str) -> Option<T> {
        self.0.take(field, text.parse(), |_| "unknown-choice")
    }

    /// A whole number.
    pub(super) fn number(&mut self, field: &'static str, text: &str) -> i64 {
        self.0.take(field, text.trim().parse(), |_| "not-a-number").unwrap_or_default()
    }

    /// A whole number; `None` when empty.
    pub(super) fn optional_number(&mut self, field: &'static str, text: &str) -> Option<i64> {
        (!text.trim().is_empty()).then(|| self.number(field, text))
    }

    /// `24`, `24 GiB`, `1536 MiB`, in bytes. Empty is 0.
    pub(super) fn size(&mut self, field: &'static str, text: &str) -> i64 {
        self.0.take(field, size(text.trim()), |code| code).unwrap_or_default()
    }

    /// Lines of `name=value`.
    pub(super) fn pairs(&mut self, field: &'static str, text: &str) -> BTreeMap<String, String> {
        let pair = |line: &str| {
            let (name, value) = line.split_once('=')?;
            Some((name.trim().to_owned(), value.trim().to_owned()))
        };
        let pairs = lines(text).map(pair).collect::<Option<_>>();
        self.0.take(field, pairs.ok_or(()), |()| "pair-line").unwrap_or_default()
    }
}

fn size(text: &str) -> Result<i64, &'static str> {
    if text.is_empty() {
        return Ok(0);
    }
    let unit = text.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let shift = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "g" | "gib" | "gb" => 30,
        "m" | "mib" | "mb" => 20,
        "t" | "tib" | "tb" => 40,
        "b" => 0,
        _ => return Err("size"),
    };
    let digits = &text[..text.len() - unit.len()];
    if digits.is_empty() {
        return Err("size");
    }
    let bytes = digits.parse::<i64>().ok().and_then(|number| number.checked_mul(1 << shift));
    bytes.ok_or("too-large")
}

/// Lines that are not empty.
pub(super) fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// The trimmed text; `None` when empty.
pub(super) fn filled(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// A number in a field that may be empty.
pub(super) fn number_text(number: Option<i64>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}

/// A size for a form: in the largest unit that is exact.
pub(super) fn size_text(bytes: i64) -> String {
    match bytes {
        0 => String::new(),
        _ if bytes % (1 << 30) == 0 => format!("{} GiB", bytes >> 30),
        _ if bytes % (1 << 20) == 0 => format!("{} MiB", bytes >> 20),
        _ => format!("{bytes} B"),
    }
}

pub(super) fn pairs_text(pairs: &BTreeMap<String, String>) -> String {
    pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("\n")
}

/// Whether a checkbox was ticked.
pub(super) fn is_ticked(text: &str) -> bool {
    !text.is_empty()
}

pub(super) fn tick(is_on: bool) -> String {
    if is_on { "true".to_owned() } else { String::new() }
}

#[cfg(test)]
mod tests {
    use hearth_core::Error;

    use super::*;

    fn codes(read: impl FnOnce(&mut FormParser)) -> Vec<&'static str> {
        let mut parser = FormParser::default();
        read(&mut parser);
        match parser.0.into_result() {
            Err(Error::Invalid(fields)) => fields.into_iter().map(|error| error.code).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn sizes_are_read_as_they_are_written() {
        for bytes in [0, 24 << 30, 7_680 << 20, 143_771 << 20, 1_000] {
            assert_eq!(size(&size_text(bytes)), Ok(bytes));
        }
        assert_eq!(size("24"), Ok(24 << 30));
        for (text, code) in
            [("-1", "size"), ("24 XiB", "size"), ("1.5", "size"), ("99999999999999", "too-large")]
        {
            assert_eq!(size(text), Err(code), "{text}");
        }
    }

    #[test]
    fn numbers_may_be_left_out_only_where_they_may() {
        assert_eq!(codes(|parser| assert_eq!(parser.number("cards", " 8 "), 8)), [""; 0]);
        assert_eq!(codes(|parser| assert_eq!(parser.optional_number("cards", " "), None)), [""; 0]);
        assert_eq!(codes(|parser| assert_eq!(parser.number("cards", ""), 0)), ["not-a-number"]);
        assert_eq!(codes(|parser| assert_eq!(parser.number("cards", "many"), 0)), ["not-a-number"]);
    }

    #[test]
    fn a_line_that_is_no_pair_is_a_mistake() {
        let mut parser = FormParser::default();
        let pairs = parser.pairs("environment", "A=1\n\n B = x=y ");
        assert_eq!(pairs_text(&pairs), "A=1\nB=x=y");
        assert_eq!(codes(|parser| drop(parser.pairs("environment", "A"))), ["pair-line"]);
    }
}
