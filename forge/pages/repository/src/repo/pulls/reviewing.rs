//! The routes of reading and reviewing what a pull request changes.

use axum::Router;
use hearth_http::routing::{get, get_and_post, post};

use super::{checks, commits, files, line_comment, retrain, review, suggestions, viewed};
use crate::Web;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/pulls/{number}/checks", get(checks::get))
        .route("/pulls/{number}/commits", get(commits::get))
        .route("/pulls/{number}/files", get(files::show::get))
        .route("/pulls/{number}/line-comments", post(line_comment::add))
        .route("/pulls/{number}/line-comments/{id}", get_and_post(line_comment::get, line_comment::post))
        .route("/pulls/{number}/line-comments/{id}/delete", post(line_comment::delete))
        .route("/pulls/{number}/line-comments/{id}/reply", post(line_comment::reply))
        .route("/pulls/{number}/line-comments/{id}/resolve", post(line_comment::resolve))
        .route("/pulls/{number}/line-comments/{id}/unresolve", post(line_comment::unresolve))
        .route("/pulls/{number}/retrain", post(retrain::post))
        .route("/pulls/{number}/review", post(review::submit))
        .route("/pulls/{number}/review/discard", post(review::discard))
        .route("/pulls/{number}/suggestions", post(suggestions::post))
        .route("/pulls/{number}/viewed", post(viewed::post))
}
