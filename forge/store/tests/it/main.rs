//! Every statement on both engines.

mod attempt;
mod catalogue;
mod comment;
mod commit_status;
mod issue;
mod label;
mod lfs_object;
mod lineage;
mod push;
mod repository;
mod schema;
mod support;
mod task;
mod user;
