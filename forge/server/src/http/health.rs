//! `/healthz`: the process lives. `/readyz`: it can serve, with the part that keeps it from doing so.

use axum::{Json, Router, extract::State, http::StatusCode, routing::get};
use hearth_app::App;
use serde_json::{Value, json};

pub(crate) fn router(app: App) -> Router {
    Router::new().route("/healthz", get(live)).route("/readyz", get(ready)).with_state(app)
}

async fn live() -> Json<Value> {
    Json(json!({ "status": "pass" }))
}

async fn ready(State(app): State<App>) -> (StatusCode, Json<Value>) {
    match app.store().ping().await {
        Ok(()) => {
            // An engine that is away keeps tasks waiting; everything else is served.
            let engines: Vec<Value> = app
                .engines()
                .iter()
                .map(|engine| json!({ "name": engine.name(), "state": engine.health().state }))
                .collect();
            (StatusCode::OK, Json(json!({ "status": "pass", "engines": engines })))
        }
        Err(error) => {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "not ready: the database does not answer"
            );
            (StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "status": "fail", "database": "fail" })))
        }
    }
}
