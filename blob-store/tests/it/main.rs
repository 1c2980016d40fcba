//! The blob store, tested against one contract in a folder and in a bucket of a real S3 server.

mod check;
mod contract;
mod support;
mod unreachable;
mod upload;
