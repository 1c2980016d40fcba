//! The agent as a process, against a server that fails on demand.

#![allow(clippy::disallowed_methods, reason = "tests read what they have written")]
#![expect(clippy::unwrap_used, reason = "in a test a panic is the finding")]

mod agent;
mod c2net;
mod disk;
mod engine;
mod fence;
mod kubernetes;
mod network;
mod packages;
mod patch;
mod record;
mod server;
mod setup;
mod trust;
