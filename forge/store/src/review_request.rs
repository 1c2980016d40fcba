//! Whose review of a pull request is asked for: people and teams.

use hearth_core::{TeamId, ThreadId, Timestamp, UserId, UserName};
use sqlx::FromRow;

use crate::{Ask, Result, Writer};

/// A person or a team whose review is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reviewer {
    Person(UserId),
    Team(TeamId),
}

impl Reviewer {
    const fn columns(self) -> (Option<UserId>, Option<TeamId>) {
        match self {
            Self::Person(id) => (Some(id), None),
            Self::Team(id) => (None, Some(id)),
        }
    }
}

/// A request; either the fields of a person are set or those of a team.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct ReviewRequest {
    pub thread_id: ThreadId,
    pub user_id: Option<UserId>,
    pub user_name: Option<UserName>,
    pub team_id: Option<TeamId>,
    pub team_name: Option<String>,
    /// The team's organisation.
    pub organization: Option<UserName>,
    /// None: the server itself, or the account is gone.
    pub requested_by: Option<UserId>,
    /// Whether it was requested because they own code that is changed.
    pub is_by_code_owners: bool,
    pub created_at: Timestamp,
}

impl ReviewRequest {
    pub fn reviewer(&self) -> Option<Reviewer> {
        self.user_id.map(Reviewer::Person).or(self.team_id.map(Reviewer::Team))
    }
}

const SELECT: &str = "SELECT q.thread_id, q.user_id, u.name AS user_name, q.team_id, m.name AS team_name, o.name AS organization, \
    q.requested_by, q.is_by_code_owners, q.created_at FROM review_requests q LEFT JOIN owners u ON u.id = q.user_id \
    LEFT JOIN teams m ON m.id = q.team_id LEFT JOIN owners o ON o.id = m.organization_id";

#[derive(Clone, Debug)]
pub struct NewReviewRequest {
    pub thread_id: ThreadId,
    pub reviewer: Reviewer,
    pub requested_by: Option<UserId>,
    pub is_by_code_owners: bool,
    pub created_at: Timestamp,
}

/// `false` if their review was already asked for.
pub async fn insert(writer: &mut Writer, new: &NewReviewRequest) -> Result<bool> {
    let (user, team) = new.reviewer.columns();
    writer
        .query(
            "INSERT INTO review_requests (thread_id, user_id, team_id, requested_by, is_by_code_owners, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        )
        .bind(new.thread_id)
        .bind(user)
        .bind(team)
        .bind(new.requested_by)
        .bind(new.is_by_code_owners)
        .bind(new.created_at)
        .execute_on_one()
        .await
}

/// `false` if their review was not asked for.
pub async fn delete(writer: &mut Writer, thread: ThreadId, reviewer: Reviewer) -> Result<bool> {
    let query = writer.query("DELETE FROM review_requests WHERE thread_id = $1 AND ").bind(thread);
    match reviewer {
        Reviewer::Person(id) => query.push("user_id = ").push_bind(id),
        Reviewer::Team(id) => query.push("team_id = ").push_bind(id),
    }
    .execute_on_one()
    .await
}

/// The requests for reviews of several pull requests: people by name, then teams by name.
pub async fn list(ask: &mut impl Ask, threads: &[ThreadId]) -> Result<Vec<ReviewRequest>> {
    ask.query(SELECT)
        .push(" WHERE q.thread_id")
        .is_any_of(threads)
        .push(
            " ORDER BY q.thread_id, CASE WHEN q.user_id IS NULL THEN 1 ELSE 0 END, u.name_key, o.name_key, m.name_key",
        )
        .fetch_all()
        .await
}

/// How many reviews of a pull request are asked for.
pub async fn count(ask: &mut impl Ask, thread: ThreadId) -> Result<u64> {
    ask.query("SELECT COUNT(*) FROM review_requests WHERE thread_id = $1").bind(thread).fetch_count().await
}
