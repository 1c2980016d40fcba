//! Connections without a network, with another implementation of the client's side.

mod connection;
mod lfs;
mod support;
