use axum::{
    Json,
    body::Body,
    extract::{OriginalUri, Path, Query, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use hearth_app::{
    App,
    lfs_lock::{self, LfsLock},
};
use hearth_core::{Conflict, Error, Kind, PageRequest, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::failure::{LfsFailure, MEDIA_TYPE};
use crate::{authenticate::Caller, body, error::ApiResult, git::GitAddress};

type Names = Path<(String, String)>;
type LfsResult = Result<Response, LfsFailure>;

#[derive(Serialize)]
struct Lock {
    id: String,
    path: String,
    locked_at: Timestamp,
    owner: Owner,
}

#[derive(Serialize)]
struct Owner {
    name: String,
}

impl From<LfsLock> for Lock {
    fn from(lock: LfsLock) -> Self {
        let owner = Owner { name: lock.owner.into() };
        Self { id: lock.id.to_string(), path: lock.path, locked_at: lock.created_at, owner }
    }
}

fn answer(status: StatusCode, body: Value) -> Response {
    let mut response = (status, Json(body)).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, MEDIA_TYPE);
    response
}

#[derive(Deserialize)]
struct LockRequest {
    path: String,
}

/// Locks a file; if it is already locked, the response contains that lock.
pub(super) async fn create(
    State(app): State<App>,
    Path((owner, name)): Names,
    uri: OriginalUri,
    caller: ApiResult<Caller>,
    body: Body,
) -> LfsResult {
    let Caller(actor) = caller?;
    let access = GitAddress::new(&uri, owner, &name).open(&app, &actor).await?;
    let writing = access.write()?;
    let wanted: LockRequest = body::json(&app, body).await?;
    match lfs_lock::create(&app, &writing, &wanted.path).await {
        Ok(lock) => Ok(answer(StatusCode::CREATED, json!({ "lock": Lock::from(lock) }))),
        Err(Error::Conflict(Conflict::State)) => {
            let lock = lfs_lock::find_by_path(&app, &access, &wanted.path).await?.map(Lock::from);
            Ok(answer(StatusCode::CONFLICT, json!({ "lock": lock, "message": "already locked" })))
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LockQuery {
    path: String,
    id: String,
    cursor: Option<String>,
    limit: u32,
}

/// The page that a cursor names; a full page may be followed by another.
fn page(cursor: Option<&str>, limit: u32) -> ApiResult<PageRequest> {
    let page = cursor.filter(|cursor| !cursor.is_empty()).unwrap_or("1").parse();
    Ok(PageRequest::new(page.map_err(|_| Error::field("cursor", "number"))?, limit))
}

fn next(request: PageRequest, found: usize) -> Option<String> {
    (found == request.size() as usize).then(|| (request.page() + 1).to_string())
}

pub(super) async fn list(
    State(app): State<App>,
    Path((owner, name)): Names,
    Query(asked): Query<LockQuery>,
    uri: OriginalUri,
    caller: ApiResult<Caller>,
) -> LfsResult {
    let Caller(actor) = caller?;
    let access = GitAddress::new(&uri, owner, &name).open(&app, &actor).await?;
    let request = page(asked.cursor.as_deref(), asked.limit)?;
    let (found, next) = if !asked.path.is_empty() {
        (lfs_lock::find_by_path(&app, &access, &asked.path).await?.into_iter().collect(), None)
    } else if !asked.id.is_empty() {
        let id = asked.id.parse().map_err(|_| Error::field("id", "number"))?;
        (lfs_lock::find(&app, &access, id).await?.into_iter().collect(), None)
    } else {
        let found = lfs_lock::list(&app, &access, request).await?;
        let next = next(request, found.len());
        (found, next)
    };
    let locks: Vec<_> = found.into_iter().map(Lock::from).collect();
    Ok(answer(StatusCode::OK, json!({ "locks": locks, "next_cursor": next.unwrap_or_default() })))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Verified {
    cursor: Option<String>,
    limit: u32,
}

/// The caller's own locks, and those of others. Requested before each push.
pub(super) async fn verify(
    State(app): State<App>,
    Path((owner, name)): Names,
    uri: OriginalUri,
    caller: ApiResult<Caller>,
    body: Body,
) -> LfsResult {
    let Caller(actor) = caller?;
    let access = GitAddress::new(&uri, owner, &name).open(&app, &actor).await?;
    access.push()?;
    // A deploy key has no locks.
    let me = access.actor().user_id();
    let asked: Verified = body::json(&app, body).await?;
    let request = page(asked.cursor.as_deref(), asked.limit)?;
    let found = lfs_lock::list(&app, &access, request).await?;
    let next = next(request, found.len()).unwrap_or_default();
    let (ours, theirs): (Vec<_>, Vec<_>) = found.into_iter().partition(|lock| Some(lock.owner_id) == me);
    let shown = |locks: Vec<LfsLock>| locks.into_iter().map(Lock::from).collect::<Vec<_>>();
    let body = json!({ "ours": shown(ours), "theirs": shown(theirs), "next_cursor": next });
    Ok(answer(StatusCode::OK, body))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Unlock {
    force: bool,
}

pub(super) async fn delete(
    State(app): State<App>,
    Path((owner, name, id)): Path<(String, String, String)>,
    uri: OriginalUri,
    caller: ApiResult<Caller>,
    body: Body,
) -> LfsResult {
    let Caller(actor) = caller?;
    let access = GitAddress::new(&uri, owner, &name).open(&app, &actor).await?.write()?;
    let asked: Unlock = body::json(&app, body).await?;
    let id = id.parse().map_err(|_| Error::NotFound(Kind::Object))?;
    let lock = lfs_lock::delete(&app, &access, id, asked.force).await?;
    Ok(answer(StatusCode::OK, json!({ "lock": Lock::from(lock) })))
}
