//! The crate's public API, with the system's git as the client.

#![allow(clippy::disallowed_methods, reason = "tests read what they have written")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod bounds;
mod diff;
mod history;
mod holders;
mod last_commit;
mod maintain;
mod path;
mod push;
mod read;
mod server;
mod support;
mod wire;
mod write;
