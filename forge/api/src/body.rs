//! Bodies of JSON, bounded in size and depth.

use axum::{
    body::{Body, Bytes},
    extract::{FromRef, FromRequest, Request},
};
use hearth_app::{App, task::LARGEST_PATCH};
use hearth_core::{Error, Limit};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::{ApiError, ApiResult};

/// The deepest nesting that is accepted.
const MAX_DEPTH: usize = 64;
/// Room for what a request contains besides its file, in bytes.
const REQUEST_OVERHEAD_BYTES: u64 = 64 << 10;

/// A body of JSON, up to `limits.json_bytes`; an empty one counts as `{}`.
#[derive(Debug)]
pub struct Input<T>(pub T);

/// The same for calls that carry a file in base64, up to `limits.content_bytes` of it.
#[derive(Debug)]
pub struct FileInput<T>(pub T);

/// The same for calls that carry the changes of an unpushed tree.
#[derive(Debug)]
pub struct PatchInput<T>(pub T);

impl<S: Sync, T: DeserializeOwned> FromRequest<S> for PatchInput<T>
where
    App: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> ApiResult<Self> {
        let limit = App::from_ref(state).limits().json();
        // JSON escapes every line break and quotation mark, which makes them two characters.
        let most = limit.most.saturating_add(2 * LARGEST_PATCH as u64);
        parse(&read(request.into_body(), most, limit).await?).map(Self)
    }
}

impl<S: Sync, T: DeserializeOwned> FromRequest<S> for Input<T>
where
    App: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> ApiResult<Self> {
        let limit = App::from_ref(state).limits().json();
        parse(&read(request.into_body(), limit.most, limit).await?).map(Self)
    }
}

impl<S: Sync, T: DeserializeOwned> FromRequest<S> for FileInput<T>
where
    App: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> ApiResult<Self> {
        let limit = App::from_ref(state).limits().content();
        // Base64 has four characters for three bytes.
        let most = (limit.most / 3).saturating_mul(4).saturating_add(REQUEST_OVERHEAD_BYTES);
        parse(&read(request.into_body(), most, limit).await?).map(Self)
    }
}

/// Reads a whole JSON body, for handlers that check other things first.
pub async fn json<T: DeserializeOwned>(app: &App, body: Body) -> ApiResult<T> {
    let limit = app.limits().json();
    parse(&read(body, limit.most, limit).await?)
}

async fn read(body: Body, most: u64, limit: Limit) -> ApiResult<Bytes> {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    Ok(axum::body::to_bytes(body, most).await.map_err(|error| Error::of_body(&error, limit))?)
}

/// Malformed JSON, nested too deep or of the wrong shape, is a mistake of the caller.
fn parse<T: DeserializeOwned>(bytes: &[u8]) -> ApiResult<T> {
    let bytes = if bytes.iter().all(u8::is_ascii_whitespace) { b"{}" } else { bytes };
    if depth(bytes) > MAX_DEPTH {
        return Err(Error::field("body", "json-depth").into());
    }
    let given = serde_json::from_slice(bytes).map_err(|_| Error::field("body", "json"))?;
    serde_json::from_value(without_nulls(given)).map_err(|_| Error::field("body", "json").into())
}

/// Clients in Go send `null` for lists and fields that they leave out.
fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let given = fields.into_iter().filter(|(_, value)| !value.is_null());
            Value::Object(given.map(|(name, value)| (name, without_nulls(value))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(without_nulls).collect()),
        other => other,
    }
}

/// How deep brackets are nested, strings left out.
fn depth(bytes: &[u8]) -> usize {
    let (mut now, mut deepest) = (0_usize, 0);
    let (mut in_string, mut is_escaped) = (false, false);
    for byte in bytes {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_string => is_escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'[' | b'{' => {
                now += 1;
                deepest = deepest.max(now);
            }
            b']' | b'}' => now = now.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_in_strings_are_text() {
        assert_eq!(depth(br#"{"a": "[[[{\"["}"#), 1);
        assert_eq!(depth(b"[[{}]]"), 3);
    }

    #[test]
    fn null_is_the_same_as_nothing() {
        let parsed: Value =
            parse(br#"{"labels": null, "of": [{"name": null, "id": 1}, null]}"#).expect("JSON");
        assert_eq!(parsed, serde_json::json!({ "of": [{ "id": 1 }, null] }));
    }

    #[test]
    fn deep_and_broken_bodies_are_refused() {
        assert!(parse::<Value>("[".repeat(65).as_bytes()).is_err());
        assert!(parse::<Value>(b"{\"a\":").is_err());
        assert!(parse::<Value>(b"\xff\xfe").is_err());
        assert!(parse::<Value>(b"").is_ok());
    }
}
