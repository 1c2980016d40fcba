//! The names in an address.

use axum::extract::{FromRequestParts, RawPathParams, rejection::RawPathParamsRejection};
use hearth_core::{Error, Kind, Result};
use http::request::Parts;

/// All parameters of the address, also of routes around the one that is asked for. An address that is no text names
/// nothing.
pub async fn address_names(parts: &mut Parts) -> Result<RawPathParams> {
    RawPathParams::from_request_parts(parts, &()).await.map_err(|rejection| match rejection {
        RawPathParamsRejection::InvalidUtf8InPathParam(_) => Error::NotFound(Kind::Page),
        other => Error::internal(other),
    })
}
