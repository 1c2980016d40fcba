//! The real git against the real server, over HTTP and SSH.

mod access;
mod clone;
mod push;
mod signed;
mod ssh;
