//! Tests of the application layer, without HTTP.

#![allow(clippy::disallowed_methods, reason = "tests read what they have written")]

mod access;
mod access_token;
mod archive;
mod audit;
mod compute;
mod crashes;
mod diagram;
mod edits;
mod events;
mod jobs;
mod leadership;
mod mail;
mod maintenance;
mod organization;
mod picture;
mod registration;
mod repository;
mod ssh_key;
mod storage;
mod support;
mod task;
mod thread;
mod transfer;
mod user;
