//! Versions of models: `v1`, `v2`, …, each a commit of a repository of kind model.

use hearth_core::{
    PageRequest, RepositoryId, RepositoryKind, RepositoryName, Timestamp, Unit, UserId, UserName,
};
use sqlx::FromRow;

use crate::{
    Ask, Result, Writer,
    grant::{self, Part, Viewer},
};

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

/// A version as a text names it. Owner and model are lowercase.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct VersionName {
    pub owner: String,
    pub model: String,
    pub version: String,
}

/// A version that a text names, with the names in its address.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct NamedVersion {
    pub owner: UserName,
    pub model: RepositoryName,
    pub version: String,
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

/// The existing ones among these of models whose files the viewer may see, in no order.
pub async fn find_named(
    ask: &mut impl Ask,
    names: &[VersionName],
    viewer: Viewer,
) -> Result<Vec<NamedVersion>> {
    let owners: Vec<&str> = names.iter().map(|name| name.owner.as_str()).collect();
    let models: Vec<&str> = names.iter().map(|name| name.model.as_str()).collect();
    let whole = |name: &VersionName| format!("{}/{}@{}", name.owner, name.model, name.version);
    let whole: Vec<String> = names.iter().map(whole).collect();
    // Owners and models are found by their indexes; whole names alone would be compared with every version.
    let query = ask
        .query(
            "SELECT u.name AS owner, r.name AS model, v.version FROM owners u JOIN repositories r ON r.owner_id = u.id \
             JOIN model_versions v ON v.repository_id = r.id WHERE r.kind = $1 AND r.is_pending = $2 AND u.name_key",
        )
        .bind(RepositoryKind::Model)
        .bind(false)
        .is_any_of(owners.as_slice())
        .push(" AND r.name_key")
        .is_any_of(models.as_slice())
        .push(" AND (u.name_key || '/' || r.name_key || '@' || v.version)")
        .is_any_of(whole.as_slice());
    grant::visible_to(query, viewer, Part::Unit(Unit::Code)).fetch_all().await
}

pub async fn count(ask: &mut impl Ask, repository: RepositoryId) -> Result<u64> {
    ask.query("SELECT COUNT(*) FROM model_versions WHERE repository_id = $1")
        .bind(repository)
        .fetch_count()
        .await
}
