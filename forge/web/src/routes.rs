//! The table of pages.

use axum::{
    Router, middleware,
    routing::{get, post},
};
use hearth_app::App;
use hearth_core::{Error, Kind, urls};
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};

use crate::{Failure, Web, assets, error_page, headers, pages, respond::see_other, session, visit};

/// All pages, with the layers that make them pages.
pub fn router(app: App) -> Router {
    let web = Web::new(app);
    table()
        .fallback(not_found)
        .method_not_allowed_fallback(not_found)
        .layer(CatchPanicLayer::custom(error_page::from_panic))
        .layer(middleware::from_fn_with_state(web.clone(), visit::layer))
        .layer(session::layer(&web))
        .merge(files())
        .layer(middleware::from_fn(headers::layer))
        .layer(CompressionLayer::new())
        .with_state(web)
}

fn table() -> Router<Web> {
    Router::new()
        .route("/", get(pages::home::get))
        .route("/-/about", get(pages::about::get))
        .route("/-/language", post(pages::preference::language))
        .route("/-/theme", post(pages::preference::theme))
        .route("/user/login", get(pages::user::login::get).post(pages::user::login::post))
        .route("/user/logout", post(pages::user::logout::post))
        .merge(user_settings())
        .route("/user/sign_up", get(pages::user::sign_up::get).post(pages::user::sign_up::post))
}

fn user_settings() -> Router<Web> {
    use pages::user::settings::{account, appearance, applications, keys, profile};
    Router::new()
        .route("/user/settings", get(|| async { see_other(&urls::user_settings("profile")) }))
        .route("/user/settings/account", get(account::get))
        .route("/user/settings/account/email", post(account::email))
        .route("/user/settings/account/password", post(account::password))
        .route("/user/settings/account/sessions", post(account::sessions))
        .route("/user/settings/appearance", get(appearance::get).post(appearance::post))
        .route("/user/settings/applications", get(applications::get).post(applications::post))
        .route("/user/settings/applications/{id}/delete", post(applications::delete))
        .route("/user/settings/keys", get(keys::get).post(keys::post))
        .route("/user/settings/keys/{id}/delete", post(keys::delete))
        .route("/user/settings/profile", get(profile::get).post(profile::post))
}

fn files() -> Router<Web> {
    Router::new().route("/assets/{file}", get(assets::get)).route("/favicon.ico", get(assets::favicon))
}

async fn not_found() -> Failure {
    Error::NotFound(Kind::Page).into()
}
