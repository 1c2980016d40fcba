//! Coming in, going out, and one's own settings.

pub(crate) mod forgot;
pub(crate) mod link;
pub(crate) mod login;
pub(crate) mod logout;
pub(crate) mod reset;
pub(crate) mod settings;
pub(crate) mod show;
pub(crate) mod sign_up;
