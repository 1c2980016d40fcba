//! Requests that await the reader's answer, and the answers.

pub(crate) mod letter;
pub(crate) mod list;

use axum::Router;
use hearth_core::urls;
use hearth_http::routing::{get, get_and_post, post};

use crate::Web;

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route(urls::invitations(), get(list::get))
        .route("/-/invitations/{invitation}", get_and_post(letter::get, letter::post))
        .route("/-/invitations/{invitation}/accept", post(list::accept))
        .route("/-/invitations/{invitation}/decline", post(list::decline))
        .route("/-/transfers/{repository}/accept", post(list::accept_transfer))
        .route("/-/transfers/{repository}/decline", post(list::decline_transfer))
}
