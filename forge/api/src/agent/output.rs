use std::io;

use axum::{
    Json,
    body::Body,
    extract::{Query, State},
};
use futures_util::TryStreamExt as _;
use hearth_app::App;
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
    fn entry(self) -> OutputEntry {
        OutputEntry { path: self.path, size_bytes: self.size, sha256: self.sha256 }
    }
}

pub(super) async fn status(
    State(app): State<App>,
    Agent(agent): Agent,
    Query(named): Query<Named>,
) -> Result<Json<OutputStatus>, Failure> {
    Ok(Json(agent.output_status(&app, named.entry()).await?))
}

/// Streamed to the disk: the size of an output never matters to memory.
pub(super) async fn receive(
    State(app): State<App>,
    Agent(agent): Agent,
    Query(named): Query<Named>,
    body: Body,
) -> Result<Json<OutputStatus>, Failure> {
    let offset = named.offset;
    let stream = body.into_data_stream().map_err(io::Error::other);
    let reader = StreamReader::new(stream);
    Ok(Json(agent.receive_output(&app, named.entry(), offset, reader).await?))
}
