//! The cookies of the pages. All are hidden from scripts, and `SameSite=Lax`.

use http::{HeaderMap, HeaderValue, header::SET_COOKIE};

use crate::Web;

pub const LANGUAGE: &str = "hearth_lang";
pub const THEME: &str = "hearth_theme";
/// How the reader wants to see changes: in one column or two.
pub const DIFF: &str = "hearth_diff";

/// The sign-in session. Over TLS, `__Host-` keeps other hosts and pages without TLS from setting it.
pub fn session(web: &Web) -> &'static str {
    if web.is_secure() { "__Host-hearth_session" } else { "hearth_session" }
}

/// How long the browser keeps a cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// Until the browser is closed.
    Session,
    Minutes(u32),
    Days(u32),
    Year,
    /// Delete it now.
    Delete,
}

/// Adds a cookie whose value consists of plain letters, digits and `-_.`.
pub fn set(headers: &mut HeaderMap, web: &Web, name: &str, value: &str, life: Life) {
    set_at(headers, web, "/", name, value, life);
}

/// The same, sent only to pages at and below `path`.
pub fn set_at(headers: &mut HeaderMap, web: &Web, path: &str, name: &str, value: &str, life: Life) {
    let age = match life {
        Life::Session => String::new(),
        Life::Minutes(minutes) => format!("; Max-Age={}", u64::from(minutes) * 60),
        Life::Days(days) => format!("; Max-Age={}", u64::from(days) * 24 * 3600),
        Life::Year => "; Max-Age=31536000".to_owned(),
        Life::Delete => "; Max-Age=0".to_owned(),
    };
    let secure = if web.is_secure() { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; Path={path}; HttpOnly; SameSite=Lax{age}{secure}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        headers.append(SET_COOKIE, cookie);
    }
}
