//! The `Authorization` header, as `git`, `curl`, `tea`, `openi` and the Hub's clients write it.

use axum::http::{HeaderMap, header};
use data_encoding::BASE64;

/// The credentials of a request, still unchecked.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Credentials {
    /// No credentials.
    Anonymous,
    /// A token: `Bearer`, `token`, or a user name with an empty password or `x-oauth-basic`.
    Token(String),
    /// A name with a password, or with a token in the password's place.
    Basic { name: String, password: String },
}

/// A header that cannot be parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Malformed;

/// Longer than any password or token.
const MAX_BYTES: usize = 2048;

impl Credentials {
    pub(crate) fn of(headers: &HeaderMap) -> Result<Self, Malformed> {
        let mut values = headers.get_all(header::AUTHORIZATION).iter();
        let Some(value) = values.next() else { return Ok(Self::Anonymous) };
        if values.next().is_some() || value.len() > MAX_BYTES {
            return Err(Malformed);
        }
        Self::parse(value.to_str().map_err(|_| Malformed)?)
    }

    fn parse(value: &str) -> Result<Self, Malformed> {
        let (scheme, rest) = value.split_once(' ').ok_or(Malformed)?;
        let rest = rest.trim();
        if rest.is_empty() {
            return Err(Malformed);
        }
        if scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("token") {
            return if rest.contains(' ') { Err(Malformed) } else { Ok(Self::Token(rest.to_owned())) };
        }
        if !scheme.eq_ignore_ascii_case("basic") {
            return Err(Malformed);
        }
        let decoded = BASE64.decode(rest.as_bytes()).map_err(|_| Malformed)?;
        let decoded = String::from_utf8(decoded).map_err(|_| Malformed)?;
        let (name, password) = decoded.split_once(':').ok_or(Malformed)?;
        match (name, password) {
            ("", "") => Err(Malformed),
            (token, "" | "x-oauth-basic") | ("", token) => Ok(Self::Token(token.to_owned())),
            (name, password) => Ok(Self::Basic { name: name.to_owned(), password: password.to_owned() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn basic(text: &str) -> Result<Credentials, Malformed> {
        Credentials::parse(&format!("Basic {}", BASE64.encode(text.as_bytes())))
    }

    fn is_token(found: &Result<Credentials, Malformed>, token: &str) -> bool {
        matches!(found, Ok(Credentials::Token(text)) if text == token)
    }

    #[test]
    fn tokens_come_in_every_form_that_clients_use() {
        for header in ["Bearer abc", "bearer  abc", "token abc", "Token abc"] {
            assert!(is_token(&Credentials::parse(header), "abc"), "{header}");
        }
        assert!(is_token(&basic("abc:"), "abc"));
        assert!(is_token(&basic("abc:x-oauth-basic"), "abc"));
        assert!(is_token(&basic(":abc"), "abc"));
    }

    #[test]
    fn passwords_may_hold_colons() {
        let found = basic("mei:a:b");
        assert!(
            matches!(found, Ok(Credentials::Basic { name, password }) if name == "mei" && password == "a:b")
        );
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        for header in ["Basic", "Basic ", "Basic ???", "Basic bWVp", "Digest x", "Bearer", "Bearer a b", ""] {
            assert!(Credentials::parse(header) == Err(Malformed), "{header}");
        }
        assert!(basic(":") == Err(Malformed));
    }
}
