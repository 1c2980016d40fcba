//! `GET /-/diagram/{notation}/{signature}/{source}`: a drawing of a diagram in a text.

use axum::{
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use hearth_app::{App, diagram, diagram::NoDiagram};
use hearth_core::Language;
use hearth_http::download;
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{ACCEPT_LANGUAGE, CACHE_CONTROL, RETRY_AFTER, VARY},
};

use crate::words::Words;

const KEPT: &str = "private, max-age=604800, immutable";
const FAILED: &str = "private, max-age=60";

pub(crate) async fn get(
    State(app): State<App>,
    Path((notation, signature, source)): Path<(String, String, String)>,
    asked: HeaderMap,
) -> Response {
    let mut headers = download::show_picture_to(&asked, "image/svg+xml");
    match diagram::get(&app, &notation, &signature, &source).await {
        Ok(svg) => {
            headers.insert(CACHE_CONTROL, HeaderValue::from_static(KEPT));
            (headers, svg.to_string()).into_response()
        }
        Err(NoDiagram::Unsigned) => StatusCode::NOT_FOUND.into_response(),
        Err(NoDiagram::Busy) => (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, "10")]).into_response(),
        Err(NoDiagram::Refused) => {
            headers.insert(CACHE_CONTROL, HeaderValue::from_static(FAILED));
            headers.insert(VARY, HeaderValue::from_static("accept, accept-language"));
            let accepted = || Language::accepted(asked.get(ACCEPT_LANGUAGE)?.to_str().ok()?);
            let words = Words::of(accepted().unwrap_or_default());
            (StatusCode::UNPROCESSABLE_ENTITY, headers, notice(words)).into_response()
        }
    }
}

/// A picture that says why there is no other: browsers show it whatever the status is.
fn notice(words: Words) -> String {
    let sentence = t!(words, "common-prose-diagram-failed");
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"320\" height=\"48\" font-family=\"sans-serif\" font-size=\"14\">\
         <rect x=\".5\" y=\".5\" width=\"319\" height=\"47\" rx=\"6\" fill=\"#fceaec\" stroke=\"#b01e3c\"/>\
         <text x=\"160\" y=\"29\" fill=\"#b01e3c\" text-anchor=\"middle\">{sentence}</text></svg>"
    )
}
