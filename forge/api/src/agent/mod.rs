//! `/api/agent/v1`: the server's side of `hearth_runner::protocol`. Only task agents call it, each with the
//! token of its own attempt.

mod code;
mod failure;
mod growth;
mod life;
mod output;
mod token;

use axum::{Router, routing::MethodFilter};
use hearth_app::App;
use hearth_http::routing::{get, get_and_post, on, post};

/// The path below the server's root.
pub(crate) const PATH: &str = "/api/agent/v1";

/// The routes, in the order of the protocol's table.
pub(crate) fn router<S>(app: App) -> Router<S> {
    Router::new()
        .route("/spec", get(life::spec))
        .route("/code.tar", get(code::tar))
        .route("/patch", get(code::patch))
        .route("/heartbeat", post(life::heartbeat))
        .route("/events", post(growth::events))
        .route("/log", post(growth::log))
        .route("/metrics", post(growth::metrics))
        .route("/resources", post(growth::resources))
        .route("/outputs", get_and_post(output::status, output::take))
        .route("/outputs", on(MethodFilter::PUT, output::receive))
        .route("/finish", post(life::finish))
        .with_state(app)
}
