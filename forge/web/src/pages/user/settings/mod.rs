//! What one changes about oneself.

pub(crate) mod account;
pub(crate) mod appearance;
pub(crate) mod applications;
pub(crate) mod keys;
pub(crate) mod profile;
