//! Values that JSON has no numbers for: NaN and the infinities are written as strings.

use std::borrow::Cow;

use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer, de};
use serde_json::Value;

const NAN: &str = "NaN";
const INFINITY: &str = "Infinity";
const MINUS_INFINITY: &str = "-Infinity";

/// A number, or `"NaN"`, `"Infinity"`, `"-Infinity"`.
pub fn to_json(value: f64) -> Value {
    match word(value) {
        Some(word) => Value::from(word),
        None => Value::from(value),
    }
}

/// The reverse of [`to_json`]; `None` for everything else.
pub fn from_json(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(word) => match word.as_str() {
            NAN => Some(f64::NAN),
            INFINITY => Some(f64::INFINITY),
            MINUS_INFINITY => Some(f64::NEG_INFINITY),
            _ => None,
        },
        _ => None,
    }
}

/// How a value that is not finite is written.
const fn word(value: f64) -> Option<&'static str> {
    if value.is_nan() {
        Some(NAN)
    } else if value.is_infinite() {
        Some(if value > 0.0 { INFINITY } else { MINUS_INFINITY })
    } else {
        None
    }
}

/// For `#[serde(with)]`.
pub fn serialize<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    match word(*value) {
        Some(word) => serializer.serialize_str(word),
        None => value.serialize(serializer),
    }
}

/// For `#[serde(with)]`.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    let value = Value::deserialize(deserializer)?;
    from_json(&value).ok_or_else(|| de::Error::custom("neither a number nor \"NaN\" or an infinity"))
}

/// A line of JSON in which bare `NaN`, `Infinity` and `-Infinity` outside strings have become strings.
pub(super) fn quoted(line: &str) -> Cow<'_, str> {
    if !line.contains(NAN) && !line.contains(INFINITY) {
        return Cow::Borrowed(line);
    }
    let mut quoted = String::with_capacity(line.len() + 16);
    let (mut rest, mut is_text) = (line, false);
    while let Some(letter) = rest.chars().next() {
        let bare =
            [NAN, MINUS_INFINITY, INFINITY].into_iter().find(|word| !is_text && rest.starts_with(word));
        let length = match (bare, letter) {
            (Some(word), _) => {
                quoted.extend(["\"", word, "\""]);
                rest = &rest[word.len()..];
                continue;
            }
            // What is escaped cannot end the string.
            (None, '\\') if is_text => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
            (None, '"') => {
                is_text = !is_text;
                1
            }
            (None, other) => other.len_utf8(),
        };
        quoted.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    Cow::Owned(quoted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_bare_words_are_quoted() {
        for (line, valid) in [
            (r#"{"a":NaN,"b":-Infinity}"#, r#"{"a":"NaN","b":"-Infinity"}"#),
            (r#"{"NaN":1,"b":"x\"NaN","c":NaN}"#, r#"{"NaN":1,"b":"x\"NaN","c":"NaN"}"#),
            (r#"{"损失":Infinity}"#, r#"{"损失":"Infinity"}"#),
            ("{\"a\":\"NaN\\", "{\"a\":\"NaN\\"),
        ] {
            assert_eq!(quoted(line), valid);
        }
    }
}
