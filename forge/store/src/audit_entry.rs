//! The audit log: every change by an administrator, with the values before and after.

use hearth_core::{PageRequest, Timestamp, UserId, UserName};
use serde_json::Value;
use sqlx::{FromRow, types::Json};

use crate::{Ask, Query, Result, Writer};

#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct AuditEntry {
    pub id: i64,
    /// Who did it, by their current name; none: the operator, or a deleted account.
    pub actor: Option<UserName>,
    /// `made`, `changed`, `paused`, …
    pub action: String,
    /// `pool`.
    pub subject_kind: String,
    /// The code of the changed object.
    pub subject: String,
    pub before: Option<Json<Value>>,
    pub after: Option<Json<Value>>,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug)]
pub struct NewAuditEntry {
    /// None: the operator.
    pub actor_id: Option<UserId>,
    pub action: &'static str,
    pub subject_kind: &'static str,
    pub subject: String,
    pub before: Option<Value>,
    pub after: Option<Value>,
    pub created_at: Timestamp,
}

/// Which entries are requested.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub subject_kind: Option<String>,
    pub subject: Option<String>,
}

pub async fn insert(writer: &mut Writer, new: &NewAuditEntry) -> Result<()> {
    writer
        .query(
            "INSERT INTO audit_entries (actor_id, action, subject_kind, subject, before, after, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(new.actor_id)
        .bind(new.action)
        .bind(new.subject_kind)
        .bind(new.subject.clone())
        .bind(new.before.clone().map(Json))
        .bind(new.after.clone().map(Json))
        .bind(new.created_at)
        .execute()
        .await?;
    Ok(())
}

/// Newest first.
pub async fn list(ask: &mut impl Ask, filter: &Filter, request: PageRequest) -> Result<Vec<AuditEntry>> {
    let query = ask.query(
        "SELECT a.id, u.name AS actor, a.action, a.subject_kind, a.subject, a.before, a.after, a.created_at \
         FROM audit_entries a LEFT JOIN owners u ON u.id = a.actor_id WHERE a.id > 0",
    );
    narrowed(query, filter).push(" ORDER BY a.id DESC").page(request).fetch_all().await
}

pub async fn count(ask: &mut impl Ask, filter: &Filter) -> Result<u64> {
    narrowed(ask.query("SELECT COUNT(*) FROM audit_entries a WHERE a.id > 0"), filter).fetch_count().await
}

fn narrowed<'c>(query: Query<'c>, filter: &Filter) -> Query<'c> {
    query.and("a.subject_kind =", filter.subject_kind.clone()).and("a.subject =", filter.subject.clone())
}
