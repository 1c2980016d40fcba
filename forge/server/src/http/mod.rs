//! The listener and what every request passes through.

pub(crate) mod client;
pub(crate) mod health;
pub(crate) mod listener;
pub(crate) mod metrics;
pub(crate) mod trace;
