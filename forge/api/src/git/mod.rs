//! git over HTTP: `clone`, `fetch`, `push`. The packets are left to git; here are access and streaming.

mod address;
mod failure;
mod http;

use axum::Router;
use hearth_http::routing::{get, post};

use crate::Api;
pub(crate) use address::GitAddress;

/// The addresses of every kind of repository, with `.git` and without.
pub(crate) fn routes() -> Router<Api> {
    let mut router = Router::new();
    for prefix in ["", "/datasets", "/models"] {
        let at = |rest: &str| format!("{prefix}/{{owner}}/{{repo}}/{rest}");
        router = router
            .route(&at("info/refs"), get(http::advertise))
            .route(&at("git-upload-pack"), post(http::upload_pack))
            .route(&at("git-receive-pack"), post(http::receive_pack));
    }
    router
}
