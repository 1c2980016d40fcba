//! Every statement on both engines.

mod attempt;
mod catalogue;
mod lineage;
mod schema;
mod support;
mod task;
mod user;
