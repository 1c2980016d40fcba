//! What an administrator types, read: codes, numbers, sizes, and lines of pairs. Every mistake is noted beside its field.

use std::collections::BTreeMap;

use hearth_core::{FieldErrors, Result};
use hearth_store::{
    Ask,
    user::{self, User},
};

const LONGEST_CODE: usize = 63;
const LONGEST_LINE: usize = 200;
const MOST_LINES: usize = 64;
/// No machine has as many of anything.
const MOST: i64 = 1 << 50;

/// Reads the fields of one form.
#[derive(Debug, Default)]
pub(crate) struct Reading(pub(crate) FieldErrors);

impl Reading {
    /// The name of a row in addresses: lower case, digits, `-` and `.`.
    pub(crate) fn code(&mut self, field: &'static str, text: &str) -> String {
        let text = text.trim();
        let is_edge = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
        let bytes = text.as_bytes();
        if text.is_empty() {
            self.0.add(field, "required");
        } else if text.len() > LONGEST_CODE {
            self.0.add(field, "too-long");
        } else if !is_edge(bytes.first())
            || !is_edge(bytes.last())
            || !bytes.iter().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.'))
            // The address of the form for a new one.
            || text == "new"
        {
            self.0.add(field, "code-characters");
        }
        text.to_owned()
    }

    /// One line of words.
    pub(crate) fn line(&mut self, field: &'static str, text: &str) -> String {
        let text = text.trim();
        if text.chars().count() > LONGEST_LINE {
            self.0.add(field, "too-long");
        } else if text.chars().any(char::is_control) {
            self.0.add(field, "characters");
        }
        text.to_owned()
    }

    pub(crate) fn required_line(&mut self, field: &'static str, text: &str) -> String {
        let line = self.line(field, text);
        if line.is_empty() {
            self.0.add(field, "required");
        }
        line
    }

    /// The account in the field `owner`; empty: nobody's in particular.
    pub(crate) async fn owner(&mut self, ask: &mut impl Ask, name: &str) -> Result<Option<User>> {
        let name = name.trim();
        if name.is_empty() {
            return Ok(None);
        }
        let found = user::find_by_name(ask, name).await?;
        if found.is_none() {
            self.0.add("owner", "unknown-account");
        }
        Ok(found)
    }

    /// `nvidia.com/gpu`: what clusters call a resource, a label or a taint.
    pub(crate) fn name(&mut self, field: &'static str, text: &str) -> String {
        let name = self.required_line(field, text);
        if !name.is_empty() && !is_qualified_name(&name) {
            self.0.add(field, "qualified-name");
        }
        name
    }

    pub(crate) fn optional_name(&mut self, field: &'static str, text: &str) -> Option<String> {
        if text.trim().is_empty() { None } else { Some(self.name(field, text)) }
    }

    /// A whole number of at least `least`.
    pub(crate) fn number(&mut self, field: &'static str, text: &str, least: i64) -> i64 {
        match text.trim().parse::<i64>() {
            Ok(number) if number < least => self.0.add(field, "too-small"),
            Ok(number) if number > MOST => self.0.add(field, "too-large"),
            Ok(number) => return number,
            Err(_) => self.0.add(field, "not-a-number"),
        }
        least
    }

    pub(crate) fn optional_number(&mut self, field: &'static str, text: &str, least: i64) -> Option<i64> {
        if text.trim().is_empty() { None } else { Some(self.number(field, text, least)) }
    }

    /// `24`, `24 GiB`, `1536 MiB`. Nothing is 0.
    pub(crate) fn size(&mut self, field: &'static str, text: &str) -> i64 {
        let text = text.trim();
        if text.is_empty() {
            return 0;
        }
        let unit = text.trim_start_matches(|letter: char| letter.is_ascii_digit());
        let shift = match unit.trim().to_ascii_lowercase().as_str() {
            "" | "g" | "gib" | "gb" => 30,
            "m" | "mib" | "mb" => 20,
            "t" | "tib" | "tb" => 40,
            "b" => 0,
            _ => {
                self.0.add(field, "size");
                return 0;
            }
        };
        let digits = &text[..text.len() - unit.len()];
        let bytes = digits.parse::<i64>().ok().and_then(|number| number.checked_mul(1 << shift));
        match bytes {
            Some(bytes) if bytes <= MOST => bytes,
            _ => {
                self.0.add(field, if digits.is_empty() { "size" } else { "too-large" });
                0
            }
        }
    }

    /// Lines of `name=value`, each accepted by `is_good`.
    pub(crate) fn pairs(
        &mut self,
        field: &'static str,
        text: &str,
        is_good: impl Fn(&str, &str) -> bool,
    ) -> BTreeMap<String, String> {
        let mut pairs = BTreeMap::new();
        for line in self.lines(field, text) {
            match line.split_once('=').map(|(name, value)| (name.trim(), value.trim())) {
                Some((name, value)) if is_good(name, value) => {
                    pairs.insert(name.to_owned(), value.to_owned());
                }
                _ => {
                    self.0.add(field, "pair-line");
                    break;
                }
            }
        }
        pairs
    }

    /// Lines that are not empty.
    pub(crate) fn lines<'a>(&mut self, field: &'static str, text: &'a str) -> Vec<&'a str> {
        let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        if lines.len() > MOST_LINES {
            self.0.add(field, "too-many");
            return Vec::new();
        }
        if lines.iter().any(|line| line.chars().count() > LONGEST_LINE) {
            self.0.add(field, "too-long");
        }
        lines
    }
}

/// `prefix.example.org/name`, or a name alone, as Kubernetes takes them.
pub(crate) fn is_qualified_name(text: &str) -> bool {
    let (prefix, name) = text.rsplit_once('/').unwrap_or(("", text));
    let is_host = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.".contains(&byte);
    prefix.len() <= 253 && prefix.bytes().all(is_host) && !name.is_empty() && is_label_value(name)
}

/// What stands behind a label: at most 63 letters, digits, `-`, `_` and `.`, or nothing.
pub(crate) fn is_label_value(text: &str) -> bool {
    let is_edge = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_alphanumeric);
    let bytes = text.as_bytes();
    bytes.len() <= 63
        && is_edge(bytes.first())
        && is_edge(bytes.last())
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
}

/// A size as it is typed: exact, in the largest unit that is.
pub(crate) fn size_text(bytes: i64) -> String {
    match bytes {
        0 => String::new(),
        _ if bytes % (1 << 30) == 0 => format!("{} GiB", bytes >> 30),
        _ if bytes % (1 << 20) == 0 => format!("{} MiB", bytes >> 20),
        _ => format!("{bytes} B"),
    }
}

pub(crate) fn pairs_text(pairs: &BTreeMap<String, String>) -> String {
    pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("\n")
}

/// What a ticked box sends.
pub(crate) fn is_ticked(text: &str) -> bool {
    !text.is_empty()
}

pub(crate) fn tick(is_on: bool) -> String {
    if is_on { "true".to_owned() } else { String::new() }
}

#[cfg(test)]
mod tests {
    use hearth_core::Error;

    use super::*;

    fn codes(read: impl FnOnce(&mut Reading)) -> Vec<&'static str> {
        let mut reading = Reading::default();
        read(&mut reading);
        match reading.0.into_result() {
            Err(Error::Invalid(fields)) => fields.into_iter().map(|error| error.code).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn sizes_are_read_as_they_are_written() {
        for bytes in [0, 24 << 30, 7_680 << 20, 143_771 << 20, 1_000] {
            assert_eq!(Reading::default().size("memory", &size_text(bytes)), bytes);
        }
        assert_eq!(Reading::default().size("memory", "24"), 24 << 30);
        for (text, code) in
            [("-1", "size"), ("24 XiB", "size"), ("1.5", "size"), ("9999999999999", "too-large")]
        {
            assert_eq!(
                codes(|reading| {
                    reading.size("memory", text);
                }),
                [code],
                "{text}"
            );
        }
    }

    #[test]
    fn codes_are_fit_for_addresses() {
        for (text, code) in [
            ("", "required"),
            ("A", "code-characters"),
            ("a/b", "code-characters"),
            ("new", "code-characters"),
        ] {
            assert_eq!(codes(|reading| drop(reading.code("code", text))), [code], "{text}");
        }
        assert_eq!(codes(|reading| drop(reading.code("code", "nvidia-h200.2"))), [""; 0]);
    }

    #[test]
    fn names_are_what_clusters_take() {
        for good in ["nvidia.com/gpu", "huawei.com/Ascend910", "gpu"] {
            assert!(is_qualified_name(good), "{good}");
        }
        for bad in ["", "a b", "/", "Nvidia.com/gpu/x y", "gpu\n", "-x"] {
            assert!(!is_qualified_name(bad), "{bad}");
        }
    }

    #[test]
    fn a_line_that_is_no_pair_is_a_mistake() {
        let is_good = |name: &str, _: &str| !name.is_empty();
        let mut reading = Reading::default();
        let pairs = reading.pairs("environment", "A=1\n\n B = x=y ", is_good);
        assert_eq!(pairs_text(&pairs), "A=1\nB=x=y");
        assert_eq!(codes(|reading| drop(reading.pairs("environment", "A", is_good))), ["pair-line"]);
    }
}
