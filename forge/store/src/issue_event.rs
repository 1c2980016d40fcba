//! What happened to an issue between its comments.

use hearth_core::{IssueEventKind, IssueId, Timestamp, UserId, UserName};
use sqlx::{FromRow, types::Json};

use crate::{Ask, Result, Writer};

#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct IssueEvent {
    pub id: i64,
    pub issue_id: IssueId,
    pub actor_id: Option<UserId>,
    pub actor: Option<UserName>,
    pub kind: IssueEventKind,
    /// By kind: `from` and `to` of a new title, `name` and `color` of a label, `name` of a person, `number` of an issue.
    pub data: Json<serde_json::Value>,
    pub created_at: Timestamp,
}

impl IssueEvent {
    /// A text of the data, empty where there is none.
    pub fn text(&self, name: &str) -> &str {
        self.data.get(name).and_then(serde_json::Value::as_str).unwrap_or_default()
    }
}

pub async fn insert(
    writer: &mut Writer,
    issue: IssueId,
    actor: UserId,
    kind: IssueEventKind,
    data: serde_json::Value,
    now: Timestamp,
) -> Result<()> {
    writer
        .query("INSERT INTO issue_events (issue_id, actor_id, kind, data, created_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(issue)
        .bind(actor)
        .bind(kind)
        .bind(Json(data))
        .bind(now)
        .execute()
        .await?;
    Ok(())
}

/// Those of these that happened to the issue, oldest first.
pub async fn find_all(ask: &mut impl Ask, issue: IssueId, ids: &[i64]) -> Result<Vec<IssueEvent>> {
    ask.query(
        "SELECT e.id, e.issue_id, e.actor_id, u.name AS actor, e.kind, e.data, e.created_at \
         FROM issue_events e LEFT JOIN users u ON u.id = e.actor_id WHERE e.issue_id = $1 AND e.id",
    )
    .bind(issue)
    .is_any_of(ids)
    .then(" ORDER BY e.id")
    .fetch_all()
    .await
}
