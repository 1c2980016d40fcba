//! `/api/v1`: the shapes of Gitea's API, one file per noun.

pub(crate) mod ai_task;
pub(crate) mod branch;
pub(crate) mod commit;
pub(crate) mod commit_status;
pub(crate) mod content;
pub(crate) mod document;
pub(crate) mod event;
pub(crate) mod issue;
pub(crate) mod raw;
pub(crate) mod repository;
pub(crate) mod shape;
pub(crate) mod tag;
pub(crate) mod task;
pub(crate) mod user;
pub(crate) mod version;
