use axum::{
    Json,
    body::Body,
    extract::{Query, State},
    http::StatusCode,
};
use hearth_app::App;
use hearth_runner::{
    TaskSpec,
    protocol::{Finish, Heartbeat, HeartbeatReply, LARGEST_FINISH},
};

use serde::Deserialize;

use super::{failure::Failure, growth, token::Agent};

const LARGEST_HEARTBEAT: usize = 64 << 10;

/// The node that sends the request.
#[derive(Deserialize)]
pub(super) struct Node {
    #[serde(default)]
    node: u32,
}

/// The process that asks for its work, and its node. By default, the only one there is.
#[derive(Deserialize)]
pub(super) struct Process {
    #[serde(default)]
    node: u32,
    #[serde(default)]
    process: String,
}

pub(super) async fn spec(
    State(app): State<App>,
    Agent(agent): Agent,
    Query(Process { node, process }): Query<Process>,
) -> Result<Json<TaskSpec>, Failure> {
    Ok(Json(agent.begin(&app, node, &process).await?))
}

pub(super) async fn heartbeat(
    State(app): State<App>,
    Agent(agent): Agent,
    Query(node): Query<Node>,
    body: Body,
) -> Result<Json<HeartbeatReply>, Failure> {
    let beat: Heartbeat = growth::json(body, LARGEST_HEARTBEAT).await?;
    Ok(Json(agent.heartbeat_of(&app, node.node, &beat).await?))
}

pub(super) async fn finish(
    State(app): State<App>,
    Agent(agent): Agent,
    Query(node): Query<Node>,
    body: Body,
) -> Result<StatusCode, Failure> {
    let finish: Finish = growth::json(body, LARGEST_FINISH).await?;
    agent.finish_of(&app, node.node, &finish).await?;
    Ok(StatusCode::NO_CONTENT)
}
