//! Who acts: accounts, how they authenticate, what they may do, and on whose behalf.

pub mod access;
pub mod access_token;
pub(crate) mod actor;
pub mod dashboard;
pub mod gpg_key;
pub mod invite;
pub mod key_holder;
pub mod organization;
pub mod owner;
pub mod password;
pub mod session;
pub mod ssh_key;
pub mod user;
