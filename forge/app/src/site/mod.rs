//! Running the site: settings, jobs, events, blobs, email, and administration.

pub mod activity;
pub(crate) mod app;
pub mod audit;
pub(crate) mod client_address;
pub mod disk;
pub mod events;
pub mod jobs;
pub mod leadership;
pub(crate) mod limits;
pub mod mail;
pub mod maintenance;
pub(crate) mod operation;
pub(crate) mod rate;
pub mod reconcile;
pub mod registration;
pub mod request_limit;
pub(crate) mod secret;
pub(crate) mod settings;
pub(crate) mod signer;
pub(crate) mod site_key;
pub mod storage;
pub(crate) mod turn;
