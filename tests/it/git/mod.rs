//! The real git against the real server, over HTTP.

mod access;
mod clone;
mod push;
