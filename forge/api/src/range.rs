//! Objects of the blob store, or the requested part of one.

use axum::{body::Body, http::HeaderMap, response::Response};
use hearth_app::blobs::Object;
use hearth_core::Result;
use hearth_http::range::{self, Span};
use tokio_util::io::ReaderStream;

const BUFFER_BYTES: usize = 64 << 10;

/// Serves an object, or the requested part of it. Its tag is its hash.
pub(crate) async fn serve(object: &Object, headers: &HeaderMap) -> Result<Response> {
    let tag = format!("\"{}\"", object.id().as_str());
    let Some(span) = Span::requested(headers, object.size_bytes(), Some(&tag)) else {
        return Ok(range::outside(object.size_bytes()));
    };
    let reader = object.open_part(span.bytes.clone()).await?;
    let body = Body::from_stream(ReaderStream::with_capacity(reader, BUFFER_BYTES));
    Ok(span.response(HeaderMap::new(), body))
}
