//! The response for a host name that is not this site's. It must not depend on whose name that is, so it is
//! in all languages at once, and contains no links.

use axum::response::{IntoResponse as _, Response};
use http::{
    StatusCode,
    header::{CACHE_CONTROL, CONTENT_TYPE},
};

use crate::{Language, words::Words};

/// 421, with the keys to configure if the name is right after all.
pub fn unknown_host() -> Response {
    let sentence = |language| {
        let words = Words::of(language);
        format!("{}\n{}\n", t!(words, "error-unknown-host"), t!(words, "error-unknown-host-next"))
    };
    let text = Language::ALL.iter().copied().map(sentence).collect::<Vec<_>>().join("\n");
    let headers = [(CONTENT_TYPE, "text/plain; charset=utf-8"), (CACHE_CONTROL, "no-store")];
    (StatusCode::MISDIRECTED_REQUEST, headers, text).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_operator_reads_which_key_to_set_in_both_languages() {
        let response = unknown_host();
        assert_eq!(response.status(), StatusCode::MISDIRECTED_REQUEST);
        let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
        let text = String::from_utf8_lossy(&body);
        assert_eq!(text.matches("hosts = [").count(), 2, "{text}");
        assert!(
            text.contains("[server]") && text.contains("root_url") && text.contains('\u{3002}'),
            "{text}"
        );
    }
}
