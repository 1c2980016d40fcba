//! The transfer `multipart` of Hugging Face's clients: `PUT` for each part, which answers with its `ETag`, and `POST` at the end. The
//! addresses are from the batch call, and the ticket in them is all that these clients send to say who they are.
//! `HEAD` says whether a part has arrived, so that others can go on where they were cut.

use std::io;

use axum::{
    body::Body,
    extract::{FromRef, FromRequestParts, OriginalUri, Path, State},
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse as _, Response},
};
use futures_util::TryStreamExt as _;
use hearth_app::{
    Access, Actor, App,
    lfs_parts::{self, InParts, Sent},
};
use hearth_core::{Error, Kind, Push};
use serde::Deserialize;
use tokio_util::io::StreamReader;

use super::failure::LfsFailure;
use crate::{
    authenticate::Client,
    body,
    error::{ApiError, ApiResult},
    git::GitAddress,
    request_limit,
};

/// Whoever has a ticket, and the object that it is good for.
#[derive(Clone, Debug)]
pub(super) struct Holder {
    actor: Actor,
    object: InParts,
}

impl<S: Sync> FromRequestParts<S> for Holder
where
    App: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> ApiResult<Self> {
        let Ok(Client(from)) = Client::from_request_parts(parts, state).await;
        let app = App::from_ref(state);
        let mut pairs = url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes());
        let ticket = pairs.find(|(name, _)| name == "ticket").map(|(_, value)| value.into_owned());
        let found = lfs_parts::authenticate(&app, &ticket.unwrap_or_default()).await?;
        let (actor, object) = found.ok_or(Error::SignInRequired)?;
        actor.charge_account();
        request_limit::count(&app, parts, &actor, from)?;
        Ok(Self { actor, object })
    }
}

impl Holder {
    /// Enters the repository of the address to send parts of the object in it.
    async fn enter(
        self,
        app: &App,
        uri: &OriginalUri,
        (owner, name, oid): (String, &str, &str),
    ) -> Result<(Access<Push>, InParts), LfsFailure> {
        if self.object.declared.oid.as_str() != oid {
            return Err(Error::NotFound(Kind::Object).into());
        }
        let access = GitAddress::new(uri, owner, name).open(app, &self.actor).await?.push()?;
        Ok((access, self.object))
    }
}

type PartNames = Path<(String, String, String, String)>;

fn part_number(text: &str) -> Result<u64, Error> {
    text.parse().map_err(|_| Error::field("part", "number"))
}

/// Whether a part has arrived.
pub(super) async fn head(
    State(app): State<App>,
    Path((owner, name, oid, number)): PartNames,
    uri: OriginalUri,
    holder: ApiResult<Holder>,
) -> Result<Response, LfsFailure> {
    let (access, object) = holder?.enter(&app, &uri, (owner, &name, &oid)).await?;
    let found = lfs_parts::find(&app, &access, &object, part_number(&number)?).await?;
    Ok(tagged(&found.ok_or(Error::NotFound(Kind::Upload))?))
}

/// Receives a part, streamed to disk.
pub(super) async fn put(
    State(app): State<App>,
    Path((owner, name, oid, number)): PartNames,
    uri: OriginalUri,
    holder: ApiResult<Holder>,
    body: Body,
) -> Result<Response, LfsFailure> {
    let (access, object) = holder?.enter(&app, &uri, (owner, &name, &oid)).await?;
    let number = part_number(&number)?;
    let source = StreamReader::new(body.into_data_stream().map_err(io::Error::other));
    let hash = lfs_parts::receive(&app, &access, &object, number, source).await?;
    Ok(tagged(hash.as_str()))
}

fn tagged(hash: &str) -> Response {
    let mut response = StatusCode::OK.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(tag) = HeaderValue::try_from(format!("\"{hash}\"")) {
        headers.insert(header::ETAG, tag);
    }
    response
}

#[derive(Debug, Deserialize)]
struct Completion {
    #[serde(default)]
    parts: Vec<SentPart>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SentPart {
    part_number: u64,
    /// As the `PUT` answered.
    etag: String,
}

impl From<SentPart> for Sent {
    fn from(part: SentPart) -> Self {
        // What compresses on the way may have made it a weak one.
        let hash = part.etag.trim_start_matches("W/").trim_matches('"').to_owned();
        Self { number: part.part_number, hash }
    }
}

/// Joins the parts.
pub(super) async fn complete(
    State(app): State<App>,
    Path((owner, name, oid)): Path<(String, String, String)>,
    uri: OriginalUri,
    holder: ApiResult<Holder>,
    body: Body,
) -> Result<StatusCode, LfsFailure> {
    let (access, object) = holder?.enter(&app, &uri, (owner, &name, &oid)).await?;
    let sent: Completion = body::json(&app, body).await?;
    let sent: Vec<Sent> = sent.parts.into_iter().map(Sent::from).collect();
    lfs_parts::complete(&app, &access, &object, &sent).await?;
    Ok(StatusCode::OK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_named_as_its_upload_was_answered() {
        let sent: SentPart =
            serde_json::from_str(r#"{"partNumber": 2, "etag": "W/\"ab\""}"#).expect("a part");
        assert_eq!(Sent::from(sent), Sent { number: 2, hash: "ab".to_owned() });
    }
}
