//! Log, metrics and events: appended only at their exact end.

use axum::{
    Json,
    body::{Body, to_bytes},
    extract::{Query, State},
    http::StatusCode,
};
use hearth_app::App;
use hearth_core::{Error, Limit};
use hearth_runner::protocol::{Appended, EventBatch, LARGEST_PIECE, ResourceSample};
use serde::{Deserialize, de::DeserializeOwned};

use super::{failure::Failure, token::Agent};

#[derive(Deserialize)]
pub(super) struct NodeOffset {
    #[serde(default)]
    node: u32,
    offset: u64,
}

const PIECE: Limit = Limit { name: "json", most: 2 * LARGEST_PIECE as u64, key: "limits.json_bytes" };

pub(super) async fn events(
    State(app): State<App>,
    Agent(agent): Agent,
    body: Body,
) -> Result<Json<Appended>, Failure> {
    let batch: EventBatch = json(body, LARGEST_PIECE).await?;
    Ok(Json(agent.events(&app, &batch).await?))
}

pub(super) async fn log(
    State(app): State<App>,
    Agent(agent): Agent,
    Query(place): Query<NodeOffset>,
    body: Body,
) -> Result<Json<Appended>, Failure> {
    let bytes = bytes(body, 2 * LARGEST_PIECE).await?;
    Ok(Json(agent.log(&app, place.node, place.offset, bytes).await?))
}

pub(super) async fn metrics(
    State(app): State<App>,
    Agent(agent): Agent,
    Query(place): Query<NodeOffset>,
    body: Body,
) -> Result<Json<Appended>, Failure> {
    let bytes = bytes(body, 2 * LARGEST_PIECE).await?;
    Ok(Json(agent.metrics(&app, place.offset, bytes).await?))
}

pub(super) async fn resources(
    State(app): State<App>,
    Agent(agent): Agent,
    body: Body,
) -> Result<StatusCode, Failure> {
    let samples: Vec<ResourceSample> = json(body, LARGEST_PIECE).await?;
    agent.resources(&app, &samples).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn bytes(body: Body, most: usize) -> Result<Vec<u8>, Failure> {
    let whole = to_bytes(body, most).await.map_err(|error| Error::of_body(&error, PIECE))?;
    Ok(whole.into())
}

/// A body of JSON of at most `most` bytes.
pub(super) async fn json<T: DeserializeOwned>(body: Body, most: usize) -> Result<T, Failure> {
    let whole = bytes(body, most).await?;
    serde_json::from_slice(&whole).map_err(|_| Error::field("body", "json").into())
}
