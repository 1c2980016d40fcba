//! The git protocol: the system's git, streamed in both directions.

mod bounded;
mod cache;
mod gunzip;
mod request;
mod service;
mod session;

pub use bounded::Bounded;
pub(crate) use cache::PackCache;
pub use gunzip::Gunzip;
pub use service::{Protocol, Service};
