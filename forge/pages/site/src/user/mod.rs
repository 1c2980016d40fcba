//! Signing up, in and out, and the user settings.

pub(crate) mod forgot;
pub(crate) mod link;
pub(crate) mod login;
pub(crate) mod logout;
pub(crate) mod reset;
pub(crate) mod settings;
pub(crate) mod show;
pub(crate) mod sign_up;

use axum::Router;
use hearth_http::routing::{get, get_and_post, post};

use crate::Web;

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/user/login", get_and_post(login::get, login::post))
        .route("/user/login/{secret}", get_and_post(link::get, link::post))
        .route("/user/forgot", get_and_post(forgot::get, forgot::post))
        .route("/user/reset/{secret}", get_and_post(reset::get, reset::post))
        .route("/user/logout", post(logout::post))
        .route("/user/sign_up", get_and_post(sign_up::get, sign_up::post))
        .merge(settings::routes())
        .route("/{owner}", get(show::get))
}
