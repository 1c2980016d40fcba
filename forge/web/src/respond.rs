//! Responses of handlers: a page, or a redirect to one.

use askama::Template;
use axum::response::{IntoResponse, Response};
use hearth_core::Error;
use http::{
    HeaderValue, StatusCode,
    header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION},
};

use crate::{failure::Failure, flash::Flash};

/// A rendered page.
pub fn html(template: &impl Template) -> Result<Response, Failure> {
    html_with(StatusCode::OK, template)
}

/// A page with another status: a form with mistakes is 422.
pub fn html_with(status: StatusCode, template: &impl Template) -> Result<Response, Failure> {
    let body = template.render().map_err(Error::internal)?;
    let headers = [(CONTENT_TYPE, "text/html; charset=utf-8"), (CACHE_CONTROL, "private, no-cache")];
    Ok((status, headers, body).into_response())
}

/// 303 to a path of this site, after a form was accepted.
pub fn see_other(path: &str) -> Response {
    let location = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response()
}

/// 303, with a message for the page that follows.
pub fn see_other_with(path: &str, flash: Flash) -> Response {
    let mut response = see_other(path);
    response.extensions_mut().insert(flash);
    response
}

/// 308: the page has moved to another address.
pub fn moved(address: &str) -> Response {
    let location = HeaderValue::from_str(address).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::PERMANENT_REDIRECT, [(LOCATION, location)]).into_response()
}

/// A safe address to return to: a path of this site, and nothing that a browser takes for another host.
pub fn safe_return(path: &str) -> Option<&str> {
    let is_path = path.starts_with('/') && !path.starts_with("//");
    let is_plain = path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    (is_path && is_plain && path.len() <= 2048).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::safe_return;

    #[test]
    fn nobody_is_sent_to_another_site() {
        for bad in [
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/a\r\nx",
            "/\t/evil.example",
            "",
            "a",
        ] {
            assert_eq!(safe_return(bad), None, "{bad:?}");
        }
        assert_eq!(safe_return("/mei/llm/issues?q=is%3Aopen#a"), Some("/mei/llm/issues?q=is%3Aopen#a"));
    }
}
