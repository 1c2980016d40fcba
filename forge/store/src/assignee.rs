//! Who works on an issue.

use hearth_core::{IssueId, RepositoryId, UserId, UserName};
use sqlx::FromRow;

use crate::{Ask, Result, Writer};

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Assignee {
    pub issue_id: IssueId,
    pub user_id: UserId,
    pub name: UserName,
}

/// `false` when they were assigned already.
pub async fn insert(writer: &mut Writer, issue: IssueId, user: UserId) -> Result<bool> {
    let rows = writer
        .query("INSERT INTO issue_assignees (issue_id, user_id) VALUES ($1, $2) ON CONFLICT (issue_id, user_id) DO NOTHING")
        .bind(issue)
        .bind(user)
        .execute()
        .await?;
    Ok(rows == 1)
}

/// `false` when they were not assigned.
pub async fn delete(writer: &mut Writer, issue: IssueId, user: UserId) -> Result<bool> {
    let rows = writer
        .query("DELETE FROM issue_assignees WHERE issue_id = $1 AND user_id = $2")
        .bind(issue)
        .bind(user)
        .execute()
        .await?;
    Ok(rows == 1)
}

/// Of several issues, by name.
pub async fn list(ask: &mut impl Ask, issues: &[IssueId]) -> Result<Vec<Assignee>> {
    ask.query(
        "SELECT a.issue_id, a.user_id, u.name FROM issue_assignees a JOIN users u ON u.id = a.user_id WHERE a.issue_id",
    )
    .is_any_of(issues)
    .then(" ORDER BY a.issue_id, u.name_key")
    .fetch_all()
    .await
}

/// The owner and the collaborators: who is offered first, by name.
pub async fn list_candidates(ask: &mut impl Ask, repository: RepositoryId) -> Result<Vec<UserName>> {
    let rows: Vec<(UserName, String)> = ask
        .query(
            "SELECT u.name, u.name_key FROM users u JOIN repositories r ON r.owner_id = u.id WHERE r.id = $1 \
             UNION SELECT u.name, u.name_key FROM users u JOIN collaborators c ON c.user_id = u.id WHERE c.repository_id = $1 \
             ORDER BY 2",
        )
        .bind(repository)
        .fetch_all()
        .await?;
    Ok(rows.into_iter().map(|(name, _)| name).collect())
}
