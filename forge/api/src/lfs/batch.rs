use std::collections::HashMap;

use axum::{
    Json,
    body::Body,
    extract::{OriginalUri, Path, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use hearth_app::{
    App,
    blobs::BlobId,
    lfs::{self, Held},
};
use hearth_core::Error;
use serde::{Deserialize, Serialize};

use super::failure::{LfsFailure, MEDIA_TYPE};
use crate::{authenticate::Caller, body, error::ApiResult, git::GitAddress};

const LOST: &str = "the content of this object is missing on the server: anyone who has it can upload it again with git lfs push --all";

#[derive(Debug, Deserialize)]
struct Batch {
    operation: Operation,
    #[serde(default)]
    transfers: Vec<String>,
    objects: Vec<Object>,
    #[serde(default)]
    hash_algo: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Operation {
    Download,
    Upload,
}

#[derive(Debug, Deserialize)]
struct Object {
    oid: String,
    size: i64,
}

#[derive(Serialize)]
struct Answer {
    transfer: &'static str,
    objects: Vec<Answered>,
    hash_algo: &'static str,
}

#[derive(Serialize)]
struct Answered {
    oid: String,
    size: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    authenticated: Option<bool>,
    #[serde(skip_serializing_if = "HashMap::is_empty")]
    actions: HashMap<&'static str, Link>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Refusal>,
}

#[derive(Clone, Serialize)]
struct Link {
    href: String,
    #[serde(skip_serializing_if = "HashMap::is_empty")]
    header: HashMap<&'static str, String>,
}

#[derive(Serialize)]
struct Refusal {
    code: u16,
    message: &'static str,
}

/// Which of these objects to transfer, and where.
pub(super) async fn post(
    State(app): State<App>,
    Path((owner, name)): Path<(String, String)>,
    uri: OriginalUri,
    caller: ApiResult<Caller>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, LfsFailure> {
    let Caller(actor) = caller?;
    let access = GitAddress::new(&uri, owner, &name).open(&app, &actor).await?;
    let batch: Batch = body::json(&app, body).await?;
    if batch.objects.len() as u64 > app.limits().lfs_batch_objects {
        return Err(Error::TooLarge(app.limits().lfs_batch()).into());
    }
    if batch.operation == Operation::Upload {
        access.write()?;
    }
    let is_basic = batch.transfers.is_empty() || batch.transfers.iter().any(|name| name == "basic");
    if !is_basic || batch.hash_algo.as_deref().is_some_and(|name| name != "sha256") {
        return Err(Error::field("transfers", "unknown-choice").into());
    }
    let oids: Vec<_> = batch.objects.iter().filter_map(|object| BlobId::parse(&object.oid)).collect();
    let held = lfs::held(&app, &access, &oids).await?;
    if batch.operation == Operation::Upload {
        let comes =
            batch.objects.iter().filter(|object| held.get(&object.oid).is_none_or(|held| !held.is_here));
        let sizes = comes.map(|object| u64::try_from(object.size).unwrap_or(0));
        app.disk().check_room_for(sizes.fold(0, u64::saturating_add))?;
    }
    let base = app.urls().absolute(uri.path().trim_end_matches("/objects/batch"));
    let links = Links { base, headers: &headers };
    let most = app.limits().lfs_object_bytes;
    let objects = batch
        .objects
        .into_iter()
        .map(|object| links.answer(batch.operation, &object, held.get(&object.oid).copied(), most))
        .collect();
    let answer = Json(Answer { transfer: "basic", objects, hash_algo: "sha256" });
    let mut response = answer.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, MEDIA_TYPE);
    Ok(response)
}

struct Links<'a> {
    /// The address up to, but without, `/objects/…`.
    base: String,
    headers: &'a HeaderMap,
}

impl Links<'_> {
    fn answer(&self, operation: Operation, object: &Object, held: Option<Held>, most: u64) -> Answered {
        let mut answered = Answered {
            oid: object.oid.clone(),
            size: object.size,
            authenticated: Some(true),
            actions: HashMap::new(),
            error: None,
        };
        let size = u64::try_from(object.size).ok().filter(|_| BlobId::parse(&object.oid).is_some());
        let refusal = match (size, held) {
            (None, _) => Some((422, "not an object id, or not a size")),
            (Some(size), Some(held)) if size != held.size_bytes => Some((422, "the object has another size")),
            (Some(_), Some(Held { is_here: false, .. })) if operation == Operation::Download => {
                Some((404, LOST))
            }
            (Some(size), None) if operation == Operation::Upload && size > most => {
                Some((422, "larger than limits.lfs_object_bytes"))
            }
            (Some(_), None) if operation == Operation::Download => Some((404, "no such object here")),
            _ => None,
        };
        if let Some((code, message)) = refusal {
            answered.error = Some(Refusal { code, message });
            answered.authenticated = None;
        } else if operation == Operation::Download {
            answered.actions.insert("download", self.link(&format!("objects/{}", object.oid)));
        } else if held.is_none_or(|held| !held.is_here) {
            answered.actions.insert("upload", self.link(&format!("objects/{}", object.oid)));
            answered.actions.insert("verify", self.link("verify"));
        }
        answered
    }

    /// The transfer uses the credentials of this call.
    fn link(&self, rest: &str) -> Link {
        let given = self.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let header = given.map(|value| ("Authorization", value.to_owned())).into_iter().collect();
        Link { href: format!("{}/{rest}", self.base), header }
    }
}
