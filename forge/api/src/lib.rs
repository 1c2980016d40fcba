//! The interface for programs: Gitea's API under `/api/v1`, git over HTTP and git LFS, and the task agents.
//!
//! [`router`] returns all of it. A route is one line in the `routes` of its noun; a handler reads its input,
//! calls one function of `hearth_app`, and returns one of the shapes beside it.

use std::sync::Arc;

use axum::{Router, extract::FromRef, middleware};
use hearth_app::{App, push::Gate};
use hearth_http::routing::get;

mod agent;
pub mod at;
pub mod authenticate;
mod avatar;
pub mod body;
mod conditional;
mod credentials;
pub mod error;
mod git;
mod lfs;
pub mod pagination;
mod range;
mod request_limit;
pub mod table;
mod v1;

use error::ApiError;

/// What handlers share.
#[derive(Clone)]
pub struct Api {
    app: App,
    gate: Arc<Gate>,
    document: Arc<str>,
}

impl FromRef<Api> for App {
    fn from_ref(api: &Api) -> Self {
        api.app.clone()
    }
}

/// The OpenAPI document of everything under `/api/v1` of the server at `root`.
pub fn document(root: &str) -> String {
    let (_, document) = v1::table().finish(root);
    document.to_json().expect("the document consists of plain values")
}

/// Everything for programs, to be merged with the pages. Pushes are checked through `gate`.
pub fn router(app: &App, gate: Arc<Gate>) -> Router {
    let (v1, document) = v1::table().finish(app.urls().root());
    let document = document.to_json().expect("the document consists of plain values");
    let api = Api { app: app.clone(), gate, document: document.into() };
    let v1 = v1
        .route(v1::document::PATH, get(v1::document::get))
        .fallback(|| async { ApiError::from(hearth_core::Error::NotFound(hearth_core::Kind::Page)) })
        .method_not_allowed_fallback(|| async { ApiError::MethodNotAllowed })
        .layer(middleware::from_fn(conditional::tag_layer))
        .layer(middleware::from_fn_with_state(app.clone(), error::error_body_layer));
    Router::new()
        .nest("/api/v1", v1)
        .route("/api/swagger", get(v1::document::redirect))
        .nest(agent::PATH, agent::router(app.clone()))
        .merge(avatar::routes())
        .merge(git::routes())
        .merge(lfs::routes())
        .layer(middleware::from_fn(request_limit::layer))
        .with_state(api)
}
