//! The rules of a repository for its branches and tags.

use hearth_core::{BranchRuleId, BranchRuleSettings, Change, RepositoryId, RuleKind, Timestamp};
use sqlx::{FromRow, types::Json};

use crate::{Ask, Result, Writer};

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct BranchRule {
    pub id: BranchRuleId,
    pub repository_id: RepositoryId,
    pub kind: RuleKind,
    /// Of the names of branches or tags, without `refs/…`.
    pub pattern: String,
    pub settings: Json<BranchRuleSettings>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

const SELECT: &str = "SELECT b.id, b.repository_id, b.kind, b.pattern, b.settings, b.created_at, b.updated_at FROM branch_rules b";

#[derive(Clone, Debug)]
pub struct NewBranchRule {
    pub repository_id: RepositoryId,
    pub kind: RuleKind,
    pub pattern: String,
    pub settings: BranchRuleSettings,
    pub created_at: Timestamp,
}

/// Fails with [`crate::Error::Taken`] if the repository has a rule of this kind with this pattern.
pub async fn insert(writer: &mut Writer, new: &NewBranchRule) -> Result<BranchRule> {
    writer.changed(Change::Repository(new.repository_id));
    writer
        .query(
            "INSERT INTO branch_rules (repository_id, kind, pattern, settings, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $5, $5) RETURNING id, repository_id, kind, pattern, settings, created_at, updated_at",
        )
        .bind(new.repository_id)
        .bind(new.kind)
        .bind(new.pattern.clone())
        .bind(Json(new.settings.clone()))
        .bind(new.created_at)
        .fetch_one()
        .await
}

/// Stores pattern and settings. Fails with [`crate::Error::Taken`] as [`insert`] does.
pub async fn update(writer: &mut Writer, rule: &BranchRule, now: Timestamp) -> Result<()> {
    writer.changed(Change::Repository(rule.repository_id));
    writer
        .query("UPDATE branch_rules SET pattern = $2, settings = $3, updated_at = $4 WHERE id = $1")
        .bind(rule.id)
        .bind(rule.pattern.clone())
        .bind(rule.settings.clone())
        .bind(now)
        .execute()
        .await?;
    Ok(())
}

/// `false` if it was already gone.
pub async fn delete(writer: &mut Writer, rule: &BranchRule) -> Result<bool> {
    writer.changed(Change::Repository(rule.repository_id));
    writer.query("DELETE FROM branch_rules WHERE id = $1").bind(rule.id).execute_on_one().await
}

/// Only finds rules of this repository: an id alone gives no access.
pub async fn find(
    ask: &mut impl Ask,
    repository: RepositoryId,
    id: BranchRuleId,
) -> Result<Option<BranchRule>> {
    ask.query(SELECT)
        .push(" WHERE b.repository_id = $1 AND b.id = $2")
        .bind(repository)
        .bind(id)
        .fetch_optional()
        .await
}

/// Like [`find`], and locks the row until the transaction ends.
pub async fn lock(
    writer: &mut Writer,
    repository: RepositoryId,
    id: BranchRuleId,
) -> Result<Option<BranchRule>> {
    writer.lock_row("branch_rules", id.0).await?;
    find(writer, repository, id).await
}

pub async fn find_by_pattern(
    ask: &mut impl Ask,
    repository: RepositoryId,
    kind: RuleKind,
    pattern: &str,
) -> Result<Option<BranchRule>> {
    ask.query(SELECT)
        .push(" WHERE b.repository_id = $1 AND b.kind = $2 AND b.pattern = $3")
        .bind(repository)
        .bind(kind)
        .bind(pattern)
        .fetch_optional()
        .await
}

/// All rules of a repository, those for branches first, by pattern. They are few, see `limits.branch_rules`.
pub async fn list(ask: &mut impl Ask, repository: RepositoryId) -> Result<Vec<BranchRule>> {
    ask.query(SELECT)
        .push(" WHERE b.repository_id = $1 ORDER BY b.kind, b.pattern, b.id")
        .bind(repository)
        .fetch_all()
        .await
}

pub async fn count(ask: &mut impl Ask, repository: RepositoryId) -> Result<u64> {
    ask.query("SELECT COUNT(*) FROM branch_rules WHERE repository_id = $1")
        .bind(repository)
        .fetch_count()
        .await
}
