//! The API in process: requests go to the router, no socket is opened.

#![allow(clippy::disallowed_methods, reason = "tests read what they have written")]

mod agent;
mod ai_task;
mod base;
mod bounds;
mod broken;
mod client;
mod code_search;
mod commit_status;
mod content;
mod deploy_key;
mod event;
mod git;
mod git_data;
mod git_random;
mod git_rules;
mod git_slow;
mod gpg_key;
mod interest;
mod issue;
mod lfs;
mod listener;
#[path = "../../../pages/site/tests/it/repo/objects.rs"]
mod objects;
mod organise;
mod organization;
mod pull;
mod refusals;
mod release;
mod repository;
mod request_limit;
#[path = "../../../app/tests/it/review/rule_model.rs"]
mod rule_model;
mod site;
mod task;
mod thread;
mod user;
