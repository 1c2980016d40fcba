//! `/api/v1`: the shapes of Gitea's API, one file per noun.

pub(crate) mod ai_task;
pub(crate) mod branch;
pub(crate) mod branch_protection;
pub(crate) mod code_search;
mod collaborator;
pub(crate) mod commit;
pub(crate) mod commit_status;
pub(crate) mod compare;
pub(crate) mod content;
pub(crate) mod deploy_key;
pub(crate) mod document;
pub(crate) mod event;
mod file_contents;
pub(crate) mod fork;
pub(crate) mod git_data;
pub(crate) mod interest;
pub(crate) mod issue;
mod lfs_quota;
pub(crate) mod markdown;
pub(crate) mod milestone;
pub(crate) mod organization;
pub(crate) mod pull;
pub(crate) mod raw;
pub(crate) mod release;
pub(crate) mod repository;
pub(crate) mod shape;
pub(crate) mod site;
pub(crate) mod tag;
pub(crate) mod tag_protection;
pub(crate) mod task;
pub(crate) mod template;
pub(crate) mod topic;
pub(crate) mod transfer;
pub(crate) mod user;
pub(crate) mod version;

use crate::table::Table;

/// The description of a parameter that names a revision.
const REVISION: &str = "a branch, a tag or a commit; the default branch when left out";

/// The name of a group, and what adds the routes of each of its nouns.
type Group = (&'static str, &'static [fn(Table) -> Table]);

/// The routes of every noun of the API, in the groups in which the document and the page about the API show them.
const GROUPS: &[Group] = &[
    (
        "repositories",
        &[
            repository::routes,
            collaborator::routes,
            deploy_key::routes,
            transfer::routes,
            interest::routes,
            topic::routes,
            fork::routes,
        ],
    ),
    (
        "contents",
        &[content::routes, file_contents::routes, raw::routes, compare::routes, code_search::routes],
    ),
    ("commits", &[branch::routes, tag::routes, commit::routes, commit_status::routes, git_data::routes]),
    ("rules", &[branch_protection::routes, tag_protection::routes]),
    ("issues", &[issue::routes, milestone::routes]),
    ("pulls", &[pull::routes]),
    ("releases", &[release::routes]),
    ("tasks", &[task::routes]),
    ("ai-tasks", &[ai_task::routes]),
    ("organizations", &[organization::routes]),
    ("users", &[user::routes, lfs_quota::routes]),
    ("site", &[version::routes, site::routes, template::routes, markdown::routes, event::routes]),
];

/// Every route of `/api/v1`. The paths are Gitea's.
pub(crate) fn table() -> Table {
    GROUPS.iter().fold(Table::default(), |table, (group, parts)| {
        parts.iter().fold(table.in_group(group), |table, part| part(table))
    })
}
