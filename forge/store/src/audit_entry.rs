//! The audit log: who changed which rights, credentials and settings, from where, with the values before and
//! after.

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
    /// The code or the name of the changed object.
    pub subject: String,
    /// Where the request came from; none: the server's own command line.
    pub address: Option<String>,
    pub before: Option<Json<Value>>,
    pub after: Option<Json<Value>>,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug)]
pub struct NewAuditEntry {
    /// None: the operator.
    pub actor_id: Option<UserId>,
    pub action: String,
    pub subject_kind: String,
    pub subject: String,
    /// Whose own security log it is in as well.
    pub account_id: Option<UserId>,
    pub address: Option<String>,
    pub before: Option<Value>,
    pub after: Option<Value>,
    pub created_at: Timestamp,
}

/// Which entries are requested.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub subject_kind: Option<String>,
    pub subject: Option<String>,
    pub actor: Option<UserId>,
    /// Those of somebody's own security log.
    pub account: Option<UserId>,
    pub since: Option<Timestamp>,
    /// Before this time.
    pub until: Option<Timestamp>,
}

pub async fn insert(writer: &mut Writer, new: &NewAuditEntry) -> Result<()> {
    writer
        .query(
            "INSERT INTO audit_entries \
             (actor_id, action, subject_kind, subject, account_id, address, before, after, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(new.actor_id)
        .bind(new.action.clone())
        .bind(new.subject_kind.clone())
        .bind(new.subject.clone())
        .bind(new.account_id)
        .bind(new.address.clone())
        .bind(new.before.clone().map(Json))
        .bind(new.after.clone().map(Json))
        .bind(new.created_at)
        .execute()
        .await?;
    Ok(())
}

/// Removes the addresses of entries older than `before`, of at most `most` of them, the oldest first.
pub async fn forget_addresses(writer: &mut Writer, before: Timestamp, most: u64) -> Result<u64> {
    writer
        .query(
            "UPDATE audit_entries SET address = NULL WHERE id IN (SELECT id FROM audit_entries \
             WHERE created_at < $1 AND address IS NOT NULL ORDER BY id LIMIT $2)",
        )
        .bind(before)
        .bind(i64::try_from(most).unwrap_or(i64::MAX))
        .execute()
        .await
}

const SELECT: &str = "SELECT a.id, u.name AS actor, a.action, a.subject_kind, a.subject, a.address, a.before, a.after, a.created_at \
     FROM audit_entries a LEFT JOIN owners u ON u.id = a.actor_id WHERE a.id > 0";

/// Newest first.
pub async fn list(ask: &mut impl Ask, filter: &Filter, request: PageRequest) -> Result<Vec<AuditEntry>> {
    narrowed(ask.query(SELECT), filter).push(" ORDER BY a.id DESC").page(request).fetch_all().await
}

/// The newest `most` before an entry; none: before none.
pub async fn list_before(
    ask: &mut impl Ask,
    filter: &Filter,
    before: Option<i64>,
    most: u32,
) -> Result<Vec<AuditEntry>> {
    narrowed(ask.query(SELECT), filter)
        .and("a.id <", before)
        .push(" ORDER BY a.id DESC LIMIT ")
        .push_bind(i64::from(most))
        .fetch_all()
        .await
}

pub async fn count(ask: &mut impl Ask, filter: &Filter) -> Result<u64> {
    narrowed(ask.query("SELECT COUNT(*) FROM audit_entries a WHERE a.id > 0"), filter).fetch_count().await
}

fn narrowed<'c>(query: Query<'c>, filter: &Filter) -> Query<'c> {
    query
        .and("a.subject_kind =", filter.subject_kind.clone())
        .and("a.subject =", filter.subject.clone())
        .and("a.actor_id =", filter.actor)
        .and("a.account_id =", filter.account)
        .and("a.created_at >=", filter.since)
        .and("a.created_at <", filter.until)
}
