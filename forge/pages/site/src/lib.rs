//! The pages of the site, of people and of organisations, and the router of all pages. A page is one path, see
//! `docs/adding-a-page.md`.

#[macro_use]
extern crate hearth_web;
#[macro_use]
extern crate hearth_words;

mod about;
mod admin;
mod administering;
mod api;
mod dashboard;
mod diagram;
mod explore;
mod home;
mod invitations;
mod large_files;
mod organization;
mod overview;
mod picture;
mod preference;
mod registry;
mod routes;
mod user;

pub use registry::REGISTRY;
pub use routes::router;

use hearth_web::{
    Failure, Flash, Form, Language, MenuEntry, Mistakes, NoFields, OrganizationHead, OrganizationVisit, Page,
    Theme, Web, activity_row, confirm, cookie, menu, new_token, pending_request_row, pill, repository_row,
    respond, role_fields, session, words,
};
