//! For administrators of the site. Everybody else is told so, and nothing more.

pub(crate) mod invites;
pub(crate) mod overview;
pub(crate) mod users;
