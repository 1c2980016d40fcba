//! What people may and may not do, without HTTP.

mod access;
mod jobs;
mod repository;
