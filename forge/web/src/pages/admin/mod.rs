//! For administrators of the site. Everybody else is told so, and nothing more.

pub(crate) mod audit;
pub(crate) mod compute;
pub(crate) mod invites;
pub(crate) mod jobs;
pub(crate) mod mail;
pub(crate) mod overview;
pub(crate) mod users;
