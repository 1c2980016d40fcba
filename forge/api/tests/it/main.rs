//! The API in process: requests go to the router, no socket is opened.

mod base;
mod client;
mod content;
mod git;
mod lfs;
mod listener;
mod repository;
