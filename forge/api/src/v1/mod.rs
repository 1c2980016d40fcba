//! `/api/v1`: the shapes of Gitea's API, one file per noun.

pub(crate) mod document;
pub(crate) mod repository;
pub(crate) mod shape;
pub(crate) mod task;
pub(crate) mod version;
