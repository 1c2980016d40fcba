//! Every statement on both engines.

mod attempt;
mod catalogue;
mod lfs_object;
mod lineage;
mod push;
mod repository;
mod schema;
mod support;
mod task;
mod user;
