//! The real binary from outside.

mod smoke;
mod start;
