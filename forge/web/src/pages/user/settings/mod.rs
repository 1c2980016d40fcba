//! The user settings.

pub(crate) mod account;
pub(crate) mod appearance;
pub(crate) mod applications;
pub(crate) mod organizations;
pub(crate) mod profile;
pub(crate) mod repositories;
pub(crate) mod security;

use axum::Router;
use hearth_core::urls;
use hearth_http::routing::{get, get_and_post, post};

use crate::{
    Page, Web,
    menu::{Lines, Menu, MenuGroup},
    respond::see_other,
};

/// The menu of the user settings.
const MENU: Menu = Menu(&[MenuGroup {
    heading: None,
    entries: &[
        &profile::MENU_ENTRY,
        &account::MENU_ENTRY,
        &organizations::MENU_ENTRY,
        &repositories::MENU_ENTRY,
        &appearance::MENU_ENTRY,
        &applications::MENU_ENTRY,
        &security::MENU_ENTRY,
    ],
}]);

/// The menu as `layout/settings.html` draws it beside the page of this section.
pub(crate) fn menu(page: &Page, section: &str) -> Vec<Lines> {
    MENU.lines(page, section)
}

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
        .route("/user/settings/organizations", get(organizations::get))
        .route("/user/settings/profile", get_and_post(profile::get, profile::post))
        .route("/user/settings/repositories", get(repositories::get))
        .route("/user/settings/security", get(security::get))
}
