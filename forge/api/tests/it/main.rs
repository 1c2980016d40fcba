//! The API in process: requests go to the router, no socket is opened.

#![allow(clippy::disallowed_methods, reason = "tests read what they have written")]

mod agent;
mod ai_task;
mod base;
mod bounds;
mod broken;
mod client;
mod commit_status;
mod content;
mod event;
mod git;
mod issue;
mod lfs;
mod listener;
#[path = "../../../web/tests/it/repo/objects.rs"]
mod objects;
mod organization;
mod repository;
mod task;
mod thread;
mod user;
