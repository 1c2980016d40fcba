use axum::{
    body::Body,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use hearth_app::App;
use tokio_util::io::ReaderStream;

use super::{failure::Failure, token::Agent};

const BUFFER_BYTES: usize = 64 << 10;

/// The code at the pinned commit.
pub(super) async fn tar(State(app): State<App>, Agent(agent): Agent) -> Result<Response, Failure> {
    let archive = agent.code(&app).await?;
    let kind = HeaderValue::from_static("application/x-tar");
    let body = Body::from_stream(ReaderStream::with_capacity(archive, BUFFER_BYTES));
    Ok(([(header::CONTENT_TYPE, kind)], body).into_response())
}

/// The changes of an unpushed tree.
pub(super) async fn patch(State(app): State<App>, Agent(agent): Agent) -> Result<Response, Failure> {
    Ok(agent.patch(&app).await?.into_response())
}
