//! Every statement on both engines.

mod access_token;
mod attempt;
mod catalogue;
mod collaborator;
mod comment;
mod commit_status;
mod invite;
mod issue;
mod label;
mod lfs_lock;
mod lfs_object;
mod lineage;
mod push;
mod repository;
mod schema;
mod session;
mod setting;
mod ssh_key;
mod support;
mod task;
mod user;
