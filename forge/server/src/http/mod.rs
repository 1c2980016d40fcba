//! The listener and what every request passes through.

pub(crate) mod activity;
mod body;
pub(crate) mod client;
pub(crate) mod health;
pub(crate) mod host;
pub(crate) mod listener;
pub(crate) mod metrics;
pub(crate) mod operation;
pub(crate) mod places;
pub(crate) mod stream;
#[cfg(test)]
mod tests;
pub(crate) mod trace;
