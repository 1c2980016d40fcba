//! The git protocol: the system's git, streamed in both directions.

mod archive;
mod service;

pub use archive::ArchiveFormat;
pub use service::{Protocol, Service};
