//! The objects that the API shows, with Gitea's field names. They are built from rows and never read back.

pub(crate) mod commit;
pub(crate) mod commit_status;
pub(crate) mod content;
pub(crate) mod issue;
pub(crate) mod milestone;
pub(crate) mod organization;
pub(crate) mod pull;
pub(crate) mod release;
pub(crate) mod repository;
pub(crate) mod review;
pub(crate) mod user;

pub(crate) use commit::{Branch, Commit, Tag};
pub(crate) use commit_status::{CombinedStatus, CommitStatus};
pub(crate) use content::{Content, FileChanged, FilesChanged};
pub(crate) use issue::{Attachment, Comment, Issue, Label, People, Reaction};
pub(crate) use milestone::Milestone;
pub(crate) use organization::{Organization, Team};
pub(crate) use pull::{PullRequest, Pulls};
pub(crate) use repository::Repository;
pub(crate) use review::{LineNote, Review};
pub(crate) use user::User;
