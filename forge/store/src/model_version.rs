//! Versions of models: `v1`, `v2`, …, each a commit of a repository of kind model.

use hearth_core::{PageRequest, RepositoryId, Timestamp, UserId};
use sqlx::FromRow;

use crate::{Ask, Result, Writer};

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct ModelVersion {
    pub id: i64,
    pub repository_id: RepositoryId,
    pub version: String,
    pub commit_id: String,
    pub note: String,
    pub creator_id: Option<UserId>,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug)]
pub struct NewModelVersion {
    pub repository_id: RepositoryId,
    pub version: String,
    pub commit_id: String,
    pub note: String,
    pub creator_id: UserId,
    pub created_at: Timestamp,
}

const SELECT: &str = "SELECT id, repository_id, version, commit_id, note, creator_id, created_at FROM model_versions WHERE repository_id = $1";

/// Fails with [`crate::Error::Taken`] if the model already has a version of this name.
pub async fn insert(writer: &mut Writer, new: &NewModelVersion) -> Result<()> {
    writer
        .query(
            "INSERT INTO model_versions (repository_id, version, commit_id, note, creator_id, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(new.repository_id)
        .bind(new.version.clone())
        .bind(new.commit_id.clone())
        .bind(new.note.clone())
        .bind(new.creator_id)
        .bind(new.created_at)
        .execute()
        .await?;
    Ok(())
}

/// The versions of one model, newest first.
pub async fn list(
    ask: &mut impl Ask,
    repository: RepositoryId,
    request: PageRequest,
) -> Result<Vec<ModelVersion>> {
    ask.query(SELECT).push(" ORDER BY id DESC").bind(repository).page(request).fetch_all().await
}

pub async fn find(
    ask: &mut impl Ask,
    repository: RepositoryId,
    version: &str,
) -> Result<Option<ModelVersion>> {
    ask.query(SELECT).push(" AND version = $2").bind(repository).bind(version).fetch_optional().await
}

pub async fn count(ask: &mut impl Ask, repository: RepositoryId) -> Result<u64> {
    ask.query("SELECT COUNT(*) FROM model_versions WHERE repository_id = $1")
        .bind(repository)
        .fetch_count()
        .await
}
