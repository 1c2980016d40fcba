use hearth_app::{App, commit_status::CommitStatus as Row, repository::Repository as RepositoryRow};
use hearth_core::{StatusState, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Repository, User, repository::address};

/// One commit status.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct CommitStatus {
    id: i64,
    /// `pending`, `success`, `error`, `failure` or `warning`.
    #[schema(value_type = String)]
    status: StatusState,
    target_url: String,
    description: String,
    url: String,
    context: String,
    creator: Option<User>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

/// The latest status of every context, and the combined state.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct CombinedStatus {
    /// `pending` if there are no statuses.
    #[schema(value_type = String)]
    pub(crate) state: StatusState,
    pub(crate) sha: String,
    pub(crate) total_count: usize,
    pub(crate) statuses: Vec<CommitStatus>,
    pub(crate) repository: Repository,
    pub(crate) commit_url: String,
    pub(crate) url: String,
}

impl CommitStatus {
    pub(crate) fn new(app: &App, repository: &RepositoryRow, creator: Option<User>, row: &Row) -> Self {
        Self {
            id: row.id.0,
            status: row.state,
            target_url: row.target_url.clone(),
            description: row.description.clone(),
            url: app.urls().absolute(&format!("{}/statuses/{}", address(repository), row.commit_id)),
            context: row.context.clone(),
            creator,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}
