//! Branches, tags and releases, and what a repository can be besides, without HTTP.

mod branch;
mod lfs_collection;
mod lfs_histories;
mod lfs_upload;
mod release;
mod state;
mod upload;
