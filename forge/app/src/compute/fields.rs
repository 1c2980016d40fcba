//! Validation of rows that administrators edit: codes, names, numbers, sizes. Errors are recorded per field.

use std::collections::BTreeMap;

use hearth_core::{FieldErrors, Result};
use hearth_store::{
    Ask,
    owner::{self, Owner},
};

const LONGEST_CODE: usize = 63;
const LONGEST_LINE: usize = 200;
const MOST_LINES: usize = 64;
/// More than any machine has of anything.
const MOST: i64 = 1 << 50;

/// Checks the fields of one row.
#[derive(Debug, Default)]
pub(crate) struct Checks(pub(crate) FieldErrors);

impl Checks {
    /// The identifier of a row in URLs: lower-case letters, digits, `-` and `.`.
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
            // Reserved for the URL of the form for a new row.
            || text == "new"
        {
            self.0.add(field, "code-characters");
        }
        text.to_owned()
    }

    /// A single line of text.
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

    /// The user or organisation in the field `owner`; `None` for none in particular.
    pub(crate) async fn owner(&mut self, ask: &mut impl Ask, name: Option<&str>) -> Result<Option<Owner>> {
        let Some(name) = name.map(str::trim) else { return Ok(None) };
        let found = owner::find_by_name(ask, name).await?;
        if found.is_none() {
            self.0.add("owner", "unknown-account");
        }
        Ok(found)
    }

    /// The name of a Kubernetes resource, label or taint, such as `nvidia.com/gpu`.
    pub(crate) fn name(&mut self, field: &'static str, text: &str) -> String {
        let name = self.required_line(field, text);
        if !name.is_empty() && !is_qualified_name(&name) {
            self.0.add(field, "qualified-name");
        }
        name
    }

    pub(crate) fn optional_name(&mut self, field: &'static str, text: Option<&str>) -> Option<String> {
        text.map(|text| self.name(field, text))
    }

    /// A number of at least `least`.
    pub(crate) fn number(&mut self, field: &'static str, number: i64, least: i64) -> i64 {
        if number < least {
            self.0.add(field, "too-small");
        } else if number > MOST {
            self.0.add(field, "too-large");
        }
        number
    }

    pub(crate) fn optional_number(
        &mut self,
        field: &'static str,
        number: Option<i64>,
        least: i64,
    ) -> Option<i64> {
        number.map(|number| self.number(field, number, least))
    }

    /// Key-value pairs, each accepted by `is_good`.
    pub(crate) fn pairs(
        &mut self,
        field: &'static str,
        pairs: &BTreeMap<String, String>,
        is_good: impl Fn(&str, &str) -> bool,
    ) -> BTreeMap<String, String> {
        self.lines(field, pairs.iter().map(|(name, value)| name.chars().count() + value.chars().count()));
        if !pairs.iter().all(|(name, value)| is_good(name, value)) {
            self.0.add(field, "pair-line");
        }
        pairs.clone()
    }

    /// Checks the number of entries of a list, and the length of each in characters.
    pub(crate) fn lines(&mut self, field: &'static str, lengths: impl ExactSizeIterator<Item = usize>) {
        if lengths.len() > MOST_LINES {
            self.0.add(field, "too-many");
        } else if lengths.into_iter().any(|letters| letters > LONGEST_LINE) {
            self.0.add(field, "too-long");
        }
    }
}

/// Whether a text is a Kubernetes qualified name: `prefix.example.org/name`, or a name alone.
pub(crate) fn is_qualified_name(text: &str) -> bool {
    let (prefix, name) = text.rsplit_once('/').unwrap_or(("", text));
    let is_host = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.".contains(&byte);
    prefix.len() <= 253 && prefix.bytes().all(is_host) && !name.is_empty() && is_label_value(name)
}

/// Whether a text is a Kubernetes label value: at most 63 letters, digits, `-`, `_` and `.`, or empty.
pub(crate) fn is_label_value(text: &str) -> bool {
    let is_edge = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_alphanumeric);
    let bytes = text.as_bytes();
    bytes.len() <= 63
        && is_edge(bytes.first())
        && is_edge(bytes.last())
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
}

#[cfg(test)]
mod tests {
    use hearth_core::Error;

    use super::*;

    fn codes(check: impl FnOnce(&mut Checks)) -> Vec<&'static str> {
        let mut checks = Checks::default();
        check(&mut checks);
        match checks.0.into_result() {
            Err(Error::Invalid(fields)) => fields.into_iter().map(|error| error.code).collect(),
            _ => Vec::new(),
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
            assert_eq!(codes(|checks| drop(checks.code("code", text))), [code], "{text}");
        }
        assert_eq!(codes(|checks| drop(checks.code("code", "nvidia-h200.2"))), [""; 0]);
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
    fn a_pair_that_is_not_good_is_a_mistake_and_so_are_too_many() {
        let is_good = |name: &str, _: &str| !name.is_empty();
        let pairs = |names: &[String]| names.iter().map(|name| (name.clone(), String::new())).collect();
        let many: Vec<String> = (0..=MOST_LINES).map(|number| number.to_string()).collect();
        for (names, codes_of) in
            [(&["A".to_owned()][..], &[][..]), (&[String::new()], &["pair-line"]), (&many, &["too-many"])]
        {
            assert_eq!(codes(|checks| drop(checks.pairs("environment", &pairs(names), is_good))), codes_of);
        }
    }
}
