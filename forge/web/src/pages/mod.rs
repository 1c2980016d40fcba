//! One file a page, at the path of its template.

pub(crate) mod about;
pub(crate) mod admin;
pub(crate) mod administering;
pub(crate) mod confirm;
mod dashboard;
pub(crate) mod diagram;
pub(crate) mod explore;
pub(crate) mod home;
pub(crate) mod images;
pub(crate) mod invitations;
pub(crate) mod organization;
pub(crate) mod picture;
pub(crate) mod preference;
pub(crate) mod repo;
pub(crate) mod tasks;
pub(crate) mod user;
