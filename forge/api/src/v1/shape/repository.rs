use hearth_app::{
    Access, App, Unit,
    owner::Account,
    repository::{Repository as Row, interest::Facts},
};
use hearth_core::{Permission, RepositoryKind, Timestamp, urls};
use serde::Serialize;
use utoipa::ToSchema;

use super::User;

/// A repository of any kind.
#[expect(clippy::struct_excessive_bools, reason = "the fields are Gitea's")]
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Repository {
    id: i64,
    owner: User,
    name: String,
    full_name: String,
    description: String,
    /// `code`, `dataset` or `model`.
    #[schema(value_type = String)]
    kind: RepositoryKind,
    empty: bool,
    private: bool,
    fork: bool,
    template: bool,
    mirror: bool,
    archived: bool,
    /// In KiB.
    size: i64,
    languages_url: String,
    html_url: String,
    url: String,
    link: String,
    clone_url: String,
    /// Empty where the site is not reached over SSH.
    ssh_url: String,
    original_url: String,
    website: String,
    stars_count: i64,
    forks_count: i64,
    watchers_count: i64,
    open_issues_count: i64,
    open_pr_counter: i64,
    release_counter: i64,
    default_branch: String,
    has_issues: bool,
    has_pull_requests: bool,
    has_wiki: bool,
    has_releases: bool,
    object_format_name: &'static str,
    topics: Vec<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    permissions: Permissions,
}

/// What the caller may do in it.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub(crate) struct Permissions {
    admin: bool,
    push: bool,
    pull: bool,
}

impl Repository {
    pub(crate) const fn id(&self) -> i64 {
        self.id
    }

    /// As the actor of `access` may see it.
    pub(crate) fn new<Level>(app: &App, access: &Access<Level>, owner: &Account, facts: &Facts) -> Self {
        let row = access.repository();
        let permissions = Permissions {
            admin: access.can(Permission::Administer),
            push: access.can_in(Unit::Code, Permission::Write),
            pull: access.can_in(Unit::Code, Permission::Read),
        };
        let page = urls::repository(row.kind, owner.name().as_str(), row.name.as_str());
        let url = app.urls().absolute(&address(row));
        Self {
            id: row.id.0,
            owner: User::of_owner(app, access.actor(), owner),
            name: row.name.to_string(),
            full_name: format!("{}/{}", row.owner, row.name),
            description: row.description.clone(),
            kind: row.kind,
            empty: row.is_empty,
            private: row.visibility.is_private(),
            fork: row.fork_of_id.is_some(),
            template: row.is_template,
            mirror: false,
            archived: row.is_archived(),
            size: row.size_bytes / 1024,
            languages_url: format!("{url}/languages"),
            html_url: app.urls().absolute(&page),
            link: String::new(),
            clone_url: app.urls().clone_address(row.kind, owner.name().as_str(), row.name.as_str()),
            ssh_url: app
                .urls()
                .ssh_address(row.kind, owner.name().as_str(), row.name.as_str())
                .unwrap_or_default(),
            original_url: String::new(),
            website: row.website.clone(),
            stars_count: facts.stars,
            forks_count: row.forks,
            watchers_count: facts.watchers,
            open_issues_count: row.open_issues,
            open_pr_counter: row.open_pulls,
            release_counter: facts.releases,
            default_branch: row.default_branch.clone(),
            has_issues: true,
            has_pull_requests: true,
            has_wiki: false,
            has_releases: true,
            object_format_name: "sha1",
            topics: facts.topics.clone(),
            created_at: row.created_at,
            updated_at: row.updated_at,
            permissions,
            url,
        }
    }
}

/// The path of a repository in this API.
pub(crate) fn address(row: &Row) -> String {
    format!("/api/v1/repos/{}/{}", urls::segment(row.owner.as_str()), urls::segment(row.name.as_str()))
}
