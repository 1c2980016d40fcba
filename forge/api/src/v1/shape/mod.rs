//! The objects that the API shows, with Gitea's field names. They are built from rows and never read back.

pub(crate) mod commit;
pub(crate) mod commit_status;
pub(crate) mod content;
pub(crate) mod issue;
pub(crate) mod organization;
pub(crate) mod repository;
pub(crate) mod user;

pub(crate) use commit::{Branch, Commit, Tag};
pub(crate) use commit_status::{CombinedStatus, CommitStatus};
pub(crate) use content::{Content, FileChanged};
pub(crate) use issue::{Attachment, Comment, Issue, Label, People, Reaction};
pub(crate) use organization::{Organization, Team};
pub(crate) use repository::Repository;
pub(crate) use user::User;
