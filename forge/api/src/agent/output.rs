use std::io;

use axum::{
    Json,
    body::Body,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use futures_util::TryStreamExt as _;
use hearth_app::App;
use hearth_core::{Error, OutputPath};
use hearth_runner::protocol::{OutputEntry, OutputStatus};
use serde::Deserialize;
use tokio_util::io::StreamReader;

use super::{failure::Failure, token::Agent};

#[derive(Deserialize)]
pub(super) struct Named {
    path: String,
    size: u64,
    sha256: String,
    #[serde(default)]
    offset: u64,
}

impl Named {
    fn entry(self) -> Result<OutputEntry, Failure> {
        Ok(OutputEntry { path: plain(&self.path)?, size_bytes: self.size, sha256: self.sha256 })
    }
}

fn plain(path: &str) -> Result<OutputPath, Failure> {
    path.parse().map_err(|_| Error::field("path", "path").into())
}

pub(super) async fn status(
    State(app): State<App>,
    Agent(agent): Agent,
    Query(named): Query<Named>,
) -> Result<Json<OutputStatus>, Failure> {
    Ok(Json(agent.output_status(&app, named.entry()?).await?))
}

/// Streams an output to disk: memory use does not depend on its size.
pub(super) async fn receive(
    State(app): State<App>,
    Agent(agent): Agent,
    Query(named): Query<Named>,
    body: Body,
) -> Result<Json<OutputStatus>, Failure> {
    let offset = named.offset;
    let stream = body.into_data_stream().map_err(io::Error::other);
    let reader = StreamReader::new(stream);
    Ok(Json(agent.receive_output(&app, named.entry()?, offset, reader).await?))
}

#[derive(Deserialize)]
pub(super) struct Left {
    path: String,
}

/// Moves an output out of the attempt's own folder, where this server has it on its own disk.
pub(super) async fn take(
    State(app): State<App>,
    Agent(agent): Agent,
    Query(left): Query<Left>,
) -> Result<Response, Failure> {
    Ok(match agent.take_output(&app, plain(&left.path)?).await? {
        Some(entry) => Json(entry).into_response(),
        None => StatusCode::ACCEPTED.into_response(),
    })
}
