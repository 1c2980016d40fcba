//! Every statement on both engines.

mod schema;
mod support;
mod user;
