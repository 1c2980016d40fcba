//! Who acts: accounts, how they come in, what they may do, and for whom.

pub mod access;
pub mod access_token;
pub(crate) mod actor;
pub mod invite;
pub mod organization;
pub mod owner;
pub mod password;
pub mod session;
pub mod ssh_key;
pub mod user;
