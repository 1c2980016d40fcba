//! Signing up, in and out, and the user settings.

pub(crate) mod forgot;
pub(crate) mod link;
pub(crate) mod login;
pub(crate) mod logout;
pub(crate) mod reset;
pub(crate) mod settings;
pub(crate) mod show;
pub(crate) mod sign_up;

use axum::{
    Router,
    routing::{get, post},
};

use crate::Web;

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/user/login", get(login::get).post(login::post))
        .route("/user/login/{secret}", get(link::get).post(link::post))
        .route("/user/forgot", get(forgot::get).post(forgot::post))
        .route("/user/reset/{secret}", get(reset::get).post(reset::post))
        .route("/user/logout", post(logout::post))
        .route("/user/sign_up", get(sign_up::get).post(sign_up::post))
        .merge(settings::routes())
        .route("/{owner}", get(show::get))
}
