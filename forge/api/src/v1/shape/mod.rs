//! The objects that the API shows, with Gitea's field names. They are built from rows and never read back.

pub(crate) mod repository;
pub(crate) mod user;

pub(crate) use repository::Repository;
pub(crate) use user::User;
