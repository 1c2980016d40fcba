//! Reviews of pull requests: a verdict on one version, with a text and comments on lines.

use hearth_core::{ReviewId, ReviewState, ReviewVerdict, ThreadId, Timestamp, UserId, UserName};
use sqlx::FromRow;

use crate::{Ask, Result, Writer};

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Review {
    pub id: ReviewId,
    pub thread_id: ThreadId,
    pub author_id: UserId,
    /// The author's current name.
    pub author: UserName,
    pub state: ReviewState,
    /// None while it is pending.
    pub verdict: Option<ReviewVerdict>,
    /// The version of the pull request that it is about.
    pub version: i64,
    pub body: String,
    /// The number of edits of the body, from 1.
    pub edit_version: i64,
    /// When its approval ceased to count because the diff changed.
    pub lapsed_at: Option<Timestamp>,
    pub dismissed_by: Option<UserId>,
    /// The current name of who dismissed it.
    pub dismissed_by_name: Option<UserName>,
    /// Why it was dismissed.
    pub dismissal: Option<String>,
    pub submitted_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Review {
    /// Whether its verdict still counts.
    pub fn counts(&self) -> bool {
        self.state == ReviewState::Submitted && self.lapsed_at.is_none()
    }
}

const SELECT: &str = "SELECT v.id, v.thread_id, v.author_id, u.name AS author, v.state, v.verdict, v.version, v.body, v.edit_version, \
    v.lapsed_at, v.dismissed_by, d.name AS dismissed_by_name, v.dismissal, v.submitted_at, v.created_at, v.updated_at \
    FROM reviews v JOIN owners u ON u.id = v.author_id LEFT JOIN owners d ON d.id = v.dismissed_by";

/// The condition that a review `v` is the newest that its author has submitted to the pull request with a verdict that decides.
/// One that was set aside hides those before it all the same: nobody else lets an approval count again that its author took
/// back.
macro_rules! is_standing {
    () => {
        "v.state = 'submitted' AND v.verdict IN ('approve', 'request-changes') AND NOT EXISTS (SELECT 1 FROM reviews later \
         WHERE later.thread_id = v.thread_id AND later.author_id = v.author_id AND later.state <> 'pending' \
         AND later.verdict IN ('approve', 'request-changes') AND (later.submitted_at > v.submitted_at \
         OR (later.submitted_at = v.submitted_at AND later.id > v.id)))"
    };
}
pub(crate) use is_standing;

#[derive(Clone, Debug)]
pub struct NewReview {
    pub thread_id: ThreadId,
    pub author_id: UserId,
    pub verdict: ReviewVerdict,
    pub version: i64,
    pub body: String,
    pub submitted_at: Timestamp,
}

/// Stores a review that is submitted at once.
pub async fn insert(writer: &mut Writer, new: &NewReview) -> Result<ReviewId> {
    let (id,): (ReviewId,) = writer
        .query(
            "INSERT INTO reviews (thread_id, author_id, state, verdict, version, body, edit_version, submitted_at, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $7, $7) RETURNING id",
        )
        .bind(new.thread_id)
        .bind(new.author_id)
        .bind(ReviewState::Submitted)
        .bind(new.verdict)
        .bind(new.version)
        .bind(new.body.clone())
        .bind(new.submitted_at)
        .fetch_one()
        .await?;
    Ok(id)
}

/// The person's pending review of a pull request, which is begun unless there is one.
pub async fn begin(
    writer: &mut Writer,
    thread: ThreadId,
    author: UserId,
    version: i64,
    now: Timestamp,
) -> Result<ReviewId> {
    let (id,): (ReviewId,) = writer
        .query(
            "INSERT INTO reviews (thread_id, author_id, state, version, body, edit_version, created_at, updated_at) \
             VALUES ($1, $2, 'pending', $3, '', 1, $4, $4) \
             ON CONFLICT (thread_id, author_id) WHERE state = 'pending' DO UPDATE SET updated_at = $4 RETURNING id",
        )
        .bind(thread)
        .bind(author)
        .bind(version)
        .bind(now)
        .fetch_one()
        .await?;
    Ok(id)
}

/// Only finds reviews of this pull request: an id alone gives no access.
pub async fn find(ask: &mut impl Ask, thread: ThreadId, id: ReviewId) -> Result<Option<Review>> {
    ask.query(SELECT)
        .push(" WHERE v.thread_id = $1 AND v.id = $2")
        .bind(thread)
        .bind(id)
        .fetch_optional()
        .await
}

pub async fn find_pending(ask: &mut impl Ask, thread: ThreadId, author: UserId) -> Result<Option<Review>> {
    ask.query(SELECT)
        .push(" WHERE v.thread_id = $1 AND v.author_id = $2 AND v.state = 'pending'")
        .bind(thread)
        .bind(author)
        .fetch_optional()
        .await
}

/// Submits a pending review. `false`: it is not pending.
pub async fn submit(
    writer: &mut Writer,
    id: ReviewId,
    verdict: ReviewVerdict,
    (version, body): (i64, &str),
    now: Timestamp,
) -> Result<bool> {
    writer
        .query(
            "UPDATE reviews SET state = $2, verdict = $3, version = $4, body = $5, submitted_at = $6, updated_at = $6 \
             WHERE id = $1 AND state = $7",
        )
        .bind(id)
        .bind(ReviewState::Submitted)
        .bind(verdict)
        .bind(version)
        .bind(body)
        .bind(now)
        .bind(ReviewState::Pending)
        .execute_on_one()
        .await
}

/// Stores the text of a pending review, so that it is there when its author comes back.
pub async fn set_pending_body(writer: &mut Writer, id: ReviewId, body: &str, now: Timestamp) -> Result<bool> {
    writer
        .query("UPDATE reviews SET body = $2, updated_at = $3 WHERE id = $1 AND state = $4")
        .bind(id)
        .bind(body)
        .bind(now)
        .bind(ReviewState::Pending)
        .execute_on_one()
        .await
}

/// Changes the text of a submitted review. `false`: it was edited since `edit_version`.
pub async fn update_body(
    writer: &mut Writer,
    id: ReviewId,
    edit_version: i64,
    body: &str,
    now: Timestamp,
) -> Result<bool> {
    writer
        .query(
            "UPDATE reviews SET body = $3, edit_version = edit_version + 1, updated_at = $4 WHERE id = $1 AND edit_version = $2",
        )
        .bind(id)
        .bind(edit_version)
        .bind(body)
        .bind(now)
        .execute_on_one()
        .await
}

/// Also deletes its comments on lines.
pub async fn delete(writer: &mut Writer, id: ReviewId) -> Result<bool> {
    writer.query("DELETE FROM reviews WHERE id = $1").bind(id).execute_on_one().await
}

/// Sets a submitted review aside. `false`: it is not one.
pub async fn dismiss(
    writer: &mut Writer,
    id: ReviewId,
    by: UserId,
    reason: &str,
    now: Timestamp,
) -> Result<bool> {
    writer
        .query(
            "UPDATE reviews SET state = $2, dismissed_by = $3, dismissal = $4, updated_at = $5 WHERE id = $1 AND state = $6",
        )
        .bind(id)
        .bind(ReviewState::Dismissed)
        .bind(by)
        .bind(reason)
        .bind(now)
        .bind(ReviewState::Submitted)
        .execute_on_one()
        .await
}

/// Lets a dismissed review count again. `false`: it is not dismissed.
pub async fn undismiss(writer: &mut Writer, id: ReviewId, now: Timestamp) -> Result<bool> {
    writer
        .query(
            "UPDATE reviews SET state = $2, dismissed_by = NULL, dismissal = NULL, updated_at = $3 WHERE id = $1 AND state = $4",
        )
        .bind(id)
        .bind(ReviewState::Submitted)
        .bind(now)
        .bind(ReviewState::Dismissed)
        .execute_on_one()
        .await
}

/// Lets the approvals of versions before this one lapse, except those of the versions in `kept`, and returns how many did.
/// Those that were set aside lapse as well: somebody may let them count again.
pub async fn lapse_approvals(
    writer: &mut Writer,
    thread: ThreadId,
    before_version: i64,
    kept: &[i64],
    now: Timestamp,
) -> Result<u64> {
    writer
        .query(
            "UPDATE reviews SET lapsed_at = $3 WHERE thread_id = $1 AND version < $2 AND verdict = $4 AND state <> $5 \
             AND lapsed_at IS NULL AND NOT (version",
        )
        .bind(thread)
        .bind(before_version)
        .bind(now)
        .bind(ReviewVerdict::Approve)
        .bind(ReviewState::Pending)
        .is_any_of(kept)
        .push(")")
        .execute()
        .await
}

/// Lets these approvals lapse, and returns how many did.
pub async fn lapse(writer: &mut Writer, ids: &[ReviewId], now: Timestamp) -> Result<u64> {
    writer
        .query("UPDATE reviews SET lapsed_at = $1 WHERE lapsed_at IS NULL AND verdict = $2 AND id")
        .bind(now)
        .bind(ReviewVerdict::Approve)
        .is_any_of(ids)
        .execute()
        .await
}

/// The submitted and dismissed reviews of a pull request, the last `most` of them, oldest first.
pub async fn list(ask: &mut impl Ask, thread: ThreadId, most: u64) -> Result<Vec<Review>> {
    let mut reviews: Vec<Review> = ask
        .query(SELECT)
        .push(" WHERE v.thread_id = $1 AND v.state <> $2 ORDER BY v.submitted_at DESC, v.id DESC")
        .bind(thread)
        .bind(ReviewState::Pending)
        .limit(most)
        .fetch_all()
        .await?;
    reviews.reverse();
    Ok(reviews)
}

/// The ones among these ids that belong to the pull request and are not pending, oldest first.
pub async fn find_all(ask: &mut impl Ask, thread: ThreadId, ids: &[i64]) -> Result<Vec<Review>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    ask.query(SELECT)
        .push(" WHERE v.thread_id = $1 AND v.state <> $2 AND v.id")
        .bind(thread)
        .bind(ReviewState::Pending)
        .is_any_of(ids)
        .push(" ORDER BY v.id")
        .fetch_all()
        .await
}

/// What a person's last word on a pull request is, leaving out comments.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Standing {
    pub thread_id: ThreadId,
    pub review_id: ReviewId,
    pub user_id: UserId,
    /// The reviewer's current name.
    pub name: UserName,
    pub verdict: ReviewVerdict,
    /// The version that it is about.
    pub version: i64,
    pub lapsed_at: Option<Timestamp>,
}

/// The last verdict that decides of each reviewer of these pull requests, by name.
pub async fn list_standing(ask: &mut impl Ask, threads: &[ThreadId]) -> Result<Vec<Standing>> {
    ask.query(concat!(
        "SELECT v.thread_id, v.id AS review_id, v.author_id AS user_id, u.name, v.verdict, v.version, v.lapsed_at \
         FROM reviews v JOIN owners u ON u.id = v.author_id WHERE ",
        is_standing!(),
        " AND v.thread_id"
    ))
    .is_any_of(threads)
    .push(" ORDER BY v.thread_id, u.name_key")
    .fetch_all()
    .await
}

/// A person who has submitted nothing but comments.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Commenter {
    pub thread_id: ThreadId,
    pub user_id: UserId,
    pub name: UserName,
    /// The newest version that they commented on.
    pub version: i64,
}

/// Those who reviewed these pull requests without a verdict that decides, by name.
pub async fn list_commenters(ask: &mut impl Ask, threads: &[ThreadId]) -> Result<Vec<Commenter>> {
    ask.query(
        "SELECT v.thread_id, v.author_id AS user_id, u.name, MAX(v.version) AS version FROM reviews v \
         JOIN owners u ON u.id = v.author_id WHERE v.state = 'submitted' AND v.thread_id",
    )
    .is_any_of(threads)
    .push(
        " GROUP BY v.thread_id, v.author_id, u.name, u.name_key HAVING SUM(CASE WHEN v.verdict = 'comment' THEN 0 ELSE 1 END) = 0 \
         ORDER BY v.thread_id, u.name_key",
    )
    .fetch_all()
    .await
}
