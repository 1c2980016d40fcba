//! Pages, asked for in process, as a browser would.

mod about;
mod catalogue;
mod colours;
mod error_pages;
mod home;
mod preference;
mod repo;
mod site;
mod style;
mod trust;
mod twins;
mod user;
