//! The git protocol: the system's git, streamed in both directions.

mod archive;
mod cache;
mod gunzip;
mod service;

pub use archive::ArchiveFormat;
pub(crate) use cache::PackCache;
pub use gunzip::Gunzip;
pub use service::{Protocol, Service};
