//! The user settings.

pub(crate) mod account;
pub(crate) mod appearance;
pub(crate) mod applications;
pub(crate) mod gpg_keys;
pub(crate) mod keys;
pub(crate) mod organizations;
pub(crate) mod profile;
pub(crate) mod repositories;
pub(crate) mod security;

use axum::Router;
use hearth_core::urls;
use hearth_http::routing::{get, get_and_post, post};

use crate::{
    Web,
    menu::{Menu, MenuGroup},
    respond::see_other,
};

/// The menu of the user settings.
pub(crate) const MENU: Menu = Menu(&[MenuGroup {
    heading: None,
    entries: &[
        &profile::MENU_ENTRY,
        &account::MENU_ENTRY,
        &organizations::MENU_ENTRY,
        &repositories::MENU_ENTRY,
        &appearance::MENU_ENTRY,
        &applications::MENU_ENTRY,
        &keys::MENU_ENTRY,
        &gpg_keys::MENU_ENTRY,
        &security::MENU_ENTRY,
    ],
}]);

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/user/settings", get(|| async { see_other(&urls::user_settings("profile")) }))
        .route("/user/settings/account", get(account::get))
        .route("/user/settings/account/email", post(account::email))
        .route("/user/settings/account/password", post(account::password))
        .route("/user/settings/account/sessions", post(account::sessions))
        .route("/user/settings/appearance", get_and_post(appearance::get, appearance::post))
        .route("/user/settings/applications", get_and_post(applications::get, applications::post))
        .route("/user/settings/applications/{id}/delete", post(applications::delete))
        .route("/user/settings/gpg-keys", get_and_post(gpg_keys::get, gpg_keys::post))
        .route("/user/settings/gpg-keys/{id}/delete", post(gpg_keys::delete))
        .route("/user/settings/keys", get_and_post(keys::get, keys::post))
        .route("/user/settings/keys/{id}/delete", post(keys::delete))
        .route("/user/settings/organizations", get(organizations::get))
        .route("/user/settings/profile", get_and_post(profile::get, profile::post))
        .route("/user/settings/repositories", get(repositories::get))
        .route("/user/settings/security", get(security::get))
}
