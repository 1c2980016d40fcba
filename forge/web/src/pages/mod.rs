//! One file a page, at the path of its template.

pub(crate) mod about;
pub(crate) mod home;
pub(crate) mod preference;
pub(crate) mod repo;
pub(crate) mod user;
