//! Every statement on both engines.

#![allow(clippy::disallowed_methods, reason = "tests read what they have written")]

mod accelerator;
mod access_token;
mod active_task;
mod activity;
mod attempt;
mod attempt_node;
mod audit_entry;
mod blob;
mod card_usage;
mod catalogue;
mod collaborator;
mod comment;
mod commit_status;
mod durability;
mod event;
mod invite;
mod issue;
mod job;
mod label;
mod lease;
mod lfs_lock;
mod lfs_object;
mod lineage;
mod lock;
mod others;
mod pool;
mod push;
mod queue;
mod quota;
mod repository;
mod scene;
mod schedule;
mod schema;
mod session;
mod setting;
mod ssh_key;
mod support;
mod task;
mod thread;
mod timeline;
mod upgrade;
mod user;
mod values;
mod wait_forecast;
