//! The one content-addressed store: LFS objects and outputs, by SHA-256, in a folder or in an S3 bucket.
//!
//! The rules are the same in both places. An object only appears under its name once its bytes are complete
//! and durable: in a folder it is written to a temporary file, hashed on the way, synced and then renamed; in
//! a bucket it is put in one request or as a multipart upload. No object is held in memory as a whole. This
//! crate knows no users, SQL or HTML.

mod blobs;
mod claim;
mod disk;
mod folder;
mod id;
mod incoming;
mod object;
pub mod s3;

pub use blobs::{Blobs, Condition};
pub use claim::Claim;
pub use disk::Disk;
pub use id::{BlobId, Promise, Stored};
pub use object::{Object, Reader};
pub use s3::{S3Error, S3Settings};

/// Bytes read or written at a time.
const BUFFER_BYTES: usize = 256 << 10;
