//! Tests of the application layer, without HTTP.

#![allow(clippy::disallowed_methods, reason = "tests read what they have written")]

mod access;
mod access_token;
mod archive;
mod audit;
mod code;
mod compute;
mod crashes;
mod deploy_key;
mod diagram;
mod edits;
mod events;
mod gpg_key;
mod jobs;
mod leadership;
mod mail;
mod maintenance;
mod organization;
mod organization_label;
mod picture;
mod pull_request;
mod registration;
mod repository;
mod review;
mod ssh_key;
mod storage;
mod support;
mod task;
mod thread;
mod transfer;
mod user;
mod verification;
