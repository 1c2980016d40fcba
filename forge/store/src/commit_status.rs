//! Statuses of commits, reported by programs: all are stored, the latest of each context counts.

use hearth_core::{PageRequest, RepositoryId, StatusId, StatusState, Timestamp, UserId};
use sqlx::FromRow;

use crate::{Ask, Result, Writer};

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct CommitStatus {
    pub id: StatusId,
    pub repository_id: RepositoryId,
    /// The full id of the commit.
    pub commit_id: String,
    /// Who reports it: `ci/build`.
    pub context: String,
    pub state: StatusState,
    pub description: String,
    pub target_url: String,
    pub creator_id: Option<UserId>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

#[derive(Clone, Debug)]
pub struct NewCommitStatus {
    pub repository_id: RepositoryId,
    pub commit_id: String,
    pub context: String,
    pub state: StatusState,
    pub description: String,
    pub target_url: String,
    /// None: the server itself reports it.
    pub creator_id: Option<UserId>,
    pub created_at: Timestamp,
}

const COLUMNS: &str = "id, repository_id, commit_id, context, state, description, target_url, creator_id, created_at, updated_at";

pub async fn insert(writer: &mut Writer, new: &NewCommitStatus) -> Result<CommitStatus> {
    writer
        .query(
            "INSERT INTO commit_statuses (repository_id, commit_id, context, state, description, target_url, creator_id, \
             created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8) RETURNING ",
        )
        .push(COLUMNS)
        .bind(new.repository_id)
        .bind(new.commit_id.clone())
        .bind(new.context.clone())
        .bind(new.state)
        .bind(new.description.clone())
        .bind(new.target_url.clone())
        .bind(new.creator_id)
        .bind(new.created_at)
        .fetch_one()
        .await
}

/// All statuses of a commit, newest first.
pub async fn list(
    ask: &mut impl Ask,
    repository: RepositoryId,
    commit: &str,
    state: Option<StatusState>,
    request: PageRequest,
) -> Result<Vec<CommitStatus>> {
    ask.query("SELECT ")
        .push(COLUMNS)
        .push(" FROM commit_statuses WHERE repository_id = $1 AND commit_id = $2")
        .bind(repository)
        .bind(commit)
        .and("state =", state)
        .push(" ORDER BY id DESC")
        .page(request)
        .fetch_all()
        .await
}

pub async fn count(
    ask: &mut impl Ask,
    repository: RepositoryId,
    commit: &str,
    state: Option<StatusState>,
) -> Result<u64> {
    ask.query("SELECT COUNT(*) FROM commit_statuses WHERE repository_id = $1 AND commit_id = $2")
        .bind(repository)
        .bind(commit)
        .and("state =", state)
        .fetch_count()
        .await
}

/// The latest status of every context of several commits, by commit and context.
pub async fn list_latest(
    ask: &mut impl Ask,
    repository: RepositoryId,
    commits: &[&str],
) -> Result<Vec<CommitStatus>> {
    ask.query("SELECT ")
        .push(COLUMNS)
        .push(
            " FROM commit_statuses WHERE id IN (SELECT MAX(id) FROM commit_statuses WHERE repository_id = $1 AND commit_id",
        )
        .bind(repository)
        .is_any_of(commits)
        .push(" GROUP BY commit_id, context) ORDER BY commit_id, context")
        .fetch_all()
        .await
}
