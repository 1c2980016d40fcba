//! Uploads from forms: streamed, never held in memory as a whole.

use std::io;

use axum::extract::multipart::{Field, MultipartError};
use futures_util::TryStreamExt as _;
use hearth_core::Error;
use tokio::io::AsyncRead;
use tokio_util::io::StreamReader;

/// The contents of one file of a form.
pub fn bytes(field: Field<'_>) -> impl AsyncRead + Unpin {
    StreamReader::new(field.map_err(io::Error::other))
}

/// Why an upload failed: a form that breaks off within a file is the client's error, not an internal one.
pub fn refused(error: Error, field: &'static str) -> Error {
    match error {
        Error::Internal(source) if is_of_form(&*source) => Error::field(field, "form-unreadable"),
        other => other,
    }
}

fn is_of_form(error: &(dyn std::error::Error + Send + Sync + 'static)) -> bool {
    let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    inner.is_some_and(|inner| inner.downcast_ref::<MultipartError>().is_some())
}
