//! Pages, requested in process, as a browser would.

#![allow(clippy::disallowed_methods, reason = "tests read what they have written")]

mod about;
mod admin;
mod administering;
mod api;
mod catalogue;
mod colours;
mod confirm;
mod dashboard;
mod diagram;
mod error_pages;
mod explore;
mod home;
mod images;
mod invitations;
mod laboratory;
mod organization;
mod overview;
mod picture;
mod preference;
mod repo;
mod site;
mod style;
mod tasks;
mod trust;
mod twins;
mod user;
