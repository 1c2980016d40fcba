//! The crate's public API, with the system's git as the client.

#![allow(clippy::disallowed_methods, reason = "tests read what they have written")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod blame;
mod bounds;
mod contributors;
mod diff;
mod exchange;
mod grep;
mod history;
mod holders;
mod lanes;
mod last_commit;
mod maintain;
mod merge;
mod merge_random;
mod path;
mod path_history;
mod push;
mod read;
mod references;
mod review;
mod server;
mod small_blobs;
mod support;
mod wire;
mod write;
