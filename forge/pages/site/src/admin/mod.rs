//! Pages for site administrators. Others learn that, and nothing more.

pub(crate) mod audit;
pub(crate) mod audit_export;
pub(crate) mod invites;
pub(crate) mod jobs;
pub(crate) mod large_files;
pub(crate) mod mail;
pub(crate) mod overview;
pub(crate) mod registration;
pub(crate) mod users;

use axum::Router;
use hearth_http::routing::{get, get_and_post, post};

use crate::{
    Web,
    menu::{Menu, MenuGroup},
};

/// The menu of administrators.
pub(crate) const MENU: Menu = Menu(&[
    MenuGroup { heading: None, entries: &[&overview::MENU_ENTRY] },
    MenuGroup {
        heading: Some(|page| t!(page, "common-admin-people")),
        entries: &[&users::MENU_ENTRY, &registration::MENU_ENTRY, &invites::MENU_ENTRY],
    },
    MenuGroup {
        heading: Some(|page| t!(page, "common-admin-compute")),
        entries: hearth_pages_compute::admin::compute::MENU_ENTRIES,
    },
    MenuGroup {
        heading: Some(|page| t!(page, "common-admin-system")),
        entries: &[&jobs::MENU_ENTRY, &large_files::MENU_ENTRY, &mail::MENU_ENTRY, &audit::MENU_ENTRY],
    },
]);

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/-/admin", get(overview::get))
        .route("/-/admin/audit", get(audit::get))
        .route("/-/admin/audit/{file}", get(audit_export::get))
        .nest("/-/admin/compute", hearth_pages_compute::admin::compute::routes())
        .route("/-/admin/invites", get_and_post(invites::get, invites::post))
        .route("/-/admin/invites/{id}/delete", post(invites::delete))
        .route("/-/admin/jobs", get(jobs::get))
        .route("/-/admin/jobs/{id}/{act}", post(jobs::act))
        .route("/-/admin/large-files", get_and_post(large_files::get, large_files::post))
        .route("/-/admin/mail", get_and_post(mail::get, mail::post))
        .route("/-/admin/registration", get_and_post(registration::get, registration::post))
        .route("/-/admin/users", get(users::get))
        .route("/-/admin/users/{name}/{act}", get_and_post(users::ask, users::act))
}
