//! The crate from outside, with the system's git where a client would use it.

mod diff;
mod history;
mod last_commit;
mod path;
mod push;
mod read;
mod server;
mod support;
mod wire;
mod write;
