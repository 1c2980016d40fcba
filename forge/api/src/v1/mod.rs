//! `/api/v1`: the shapes of Gitea's API, one file per noun.

pub(crate) mod ai_task;
pub(crate) mod branch;
pub(crate) mod collaborator;
pub(crate) mod commit;
pub(crate) mod commit_status;
pub(crate) mod content;
pub(crate) mod document;
pub(crate) mod event;
pub(crate) mod issue;
pub(crate) mod organization;
pub(crate) mod raw;
pub(crate) mod repository;
pub(crate) mod shape;
pub(crate) mod tag;
pub(crate) mod task;
pub(crate) mod transfer;
pub(crate) mod user;
pub(crate) mod version;

use crate::table::Table;

/// The description of a parameter that names a revision.
const REVISION: &str = "a branch, a tag or a commit; the default branch when left out";

/// The routes of every noun of the API.
const PARTS: &[fn(Table) -> Table] = &[
    version::routes,
    event::routes,
    user::routes,
    organization::routes,
    repository::routes,
    collaborator::routes,
    transfer::routes,
    content::routes,
    raw::routes,
    branch::routes,
    tag::routes,
    commit::routes,
    commit_status::routes,
    issue::routes,
    task::routes,
    ai_task::routes,
];

/// Every route of `/api/v1`. The paths are Gitea's.
pub(crate) fn table() -> Table {
    PARTS.iter().fold(Table::default(), |table, part| part(table))
}
