//! git LFS: the batch call, the basic transfer up and down, uploads that go on where they were cut, uploads in parts,
//! verification, and locks.

mod batch;
mod failure;
mod lock;
mod multipart;
mod object;
mod tus;

use axum::{Router, routing::MethodFilter};
use hearth_http::routing::{get, get_and_post, on, post};

use crate::Api;

/// Beside the addresses of git, for every kind of repository.
pub(crate) fn routes() -> Router<Api> {
    let mut router = Router::new();
    for prefix in ["", "/datasets", "/models"] {
        let at = |rest: &str| format!("{prefix}/{{owner}}/{{repo}}/info/lfs/{rest}");
        router = router
            .route(&at("objects/batch"), post(batch::post))
            .route(&at("objects/{oid}"), get(object::get))
            .route(&at("objects/{oid}"), on(MethodFilter::PUT, object::put))
            .route(&at("objects/{oid}/tus"), on(MethodFilter::HEAD, tus::head))
            .route(&at("objects/{oid}/tus"), on(MethodFilter::PATCH, tus::patch))
            .route(&at("objects/{oid}/parts"), post(multipart::complete))
            .route(&at("objects/{oid}/parts/{number}"), on(MethodFilter::HEAD, multipart::head))
            .route(&at("objects/{oid}/parts/{number}"), on(MethodFilter::PUT, multipart::put))
            .route(&at("verify"), post(object::verify))
            .route(&at("locks"), get_and_post(lock::list, lock::create))
            .route(&at("locks/verify"), post(lock::verify))
            .route(&at("locks/{id}/unlock"), post(lock::delete));
    }
    router
}
