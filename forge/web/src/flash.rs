//! One sentence for the next page: "Saved.", carried over the redirect in a cookie.

use crate::words::Words;

/// The key of a `flash-*` message, and the value of its one argument, if it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flash {
    key: String,
    value: String,
}

impl Flash {
    pub const COOKIE: &str = "hearth_flash";

    /// A key that begins with `flash-`; a message with an argument calls it `value`.
    pub fn new(key: &'static str, value: impl Into<String>) -> Self {
        Self { key: key.to_owned(), value: value.into() }
    }

    /// Reads the cookie; anything but a `flash-*` message is dropped.
    pub fn from_cookie(text: &str) -> Option<Self> {
        let (key, value) = text.split_once('.')?;
        let value = data_encoding::BASE64URL_NOPAD.decode(value.as_bytes()).ok()?;
        let flash = Self { key: key.to_owned(), value: String::from_utf8(value).ok()? };
        let is_ours = key.starts_with("flash-") && Words::keys().binary_search(&key).is_ok();
        is_ours.then_some(flash)
    }

    pub fn to_cookie(&self) -> String {
        format!("{}.{}", self.key, data_encoding::BASE64URL_NOPAD.encode(self.value.as_bytes()))
    }

    pub fn sentence(&self, words: Words) -> String {
        words.find_filled(&self.key, &[("value", &self.value)]).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_messages_of_the_family_come_back_from_the_cookie() {
        let flash = Flash::new("flash-saved", "x. y");
        assert_eq!(Flash::from_cookie(&flash.to_cookie()), Some(flash));
        assert_eq!(Flash::from_cookie("common-by.eA"), None);
        assert_eq!(Flash::from_cookie("flash-unknown.eA"), None);
        assert_eq!(Flash::from_cookie("flash-saved"), None);
    }
}
