//! Emoji reactions to texts. Without a comment, they belong to the thread's own text.

use hearth_core::{CommentId, PageRequest, Reaction, ThreadId, Timestamp, UserId, UserName};
use sqlx::FromRow;

use crate::{Ask, Query, Result, Writer};

/// The text that reactions belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ReactionTarget {
    pub thread_id: ThreadId,
    /// None: the thread's own text.
    pub comment_id: Option<CommentId>,
}

impl ReactionTarget {
    fn narrow(self, query: Query<'_>) -> Query<'_> {
        let query = query.push(" thread_id = ").push_bind(self.thread_id);
        match self.comment_id {
            Some(comment) => query.push(" AND comment_id = ").push_bind(comment),
            None => query.push(" AND comment_id IS NULL"),
        }
    }
}

/// One person's reaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub struct ReactionRow {
    pub user_id: UserId,
    pub content: Reaction,
    pub created_at: Timestamp,
}

/// How many people reacted to a text with this emoji.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub struct ReactionCount {
    pub comment_id: Option<CommentId>,
    pub content: Reaction,
    pub count: i64,
    /// Whether the viewer is among them.
    pub is_own: bool,
}

/// A person who reacted to a text.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct ReactionName {
    pub comment_id: Option<CommentId>,
    pub content: Reaction,
    pub name: UserName,
}

/// `false` if they had already reacted like this.
pub async fn insert(
    writer: &mut Writer,
    target: ReactionTarget,
    user: UserId,
    content: Reaction,
    now: Timestamp,
) -> Result<bool> {
    writer
        .query(
            "INSERT INTO reactions (thread_id, comment_id, user_id, content, created_at) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT DO NOTHING",
        )
        .bind(target.thread_id)
        .bind(target.comment_id)
        .bind(user)
        .bind(content)
        .bind(now)
        .execute_on_one()
        .await
}

/// `false` if there was no such reaction.
pub async fn delete(
    writer: &mut Writer,
    target: ReactionTarget,
    user: UserId,
    content: Reaction,
) -> Result<bool> {
    let query = target.narrow(writer.query("DELETE FROM reactions WHERE"));
    query.and("user_id =", Some(user)).and("content =", Some(content)).execute_on_one().await
}

pub async fn find(
    ask: &mut impl Ask,
    target: ReactionTarget,
    user: UserId,
    content: Reaction,
) -> Result<Option<ReactionRow>> {
    let query = target.narrow(ask.query("SELECT user_id, content, created_at FROM reactions WHERE"));
    query.and("user_id =", Some(user)).and("content =", Some(content)).fetch_optional().await
}

/// The reactions to one text, oldest first.
pub async fn list(
    ask: &mut impl Ask,
    target: ReactionTarget,
    request: PageRequest,
) -> Result<Vec<ReactionRow>> {
    let query = target.narrow(ask.query("SELECT user_id, content, created_at FROM reactions WHERE"));
    query.push(" ORDER BY id").page(request).fetch_all().await
}

pub async fn count(ask: &mut impl Ask, target: ReactionTarget) -> Result<u64> {
    target.narrow(ask.query("SELECT COUNT(*) FROM reactions WHERE")).fetch_count().await
}

/// The counts of each reaction to the thread's text and these comments, in the order of the first reactions.
pub async fn count_each(
    ask: &mut impl Ask,
    thread: ThreadId,
    comments: &[i64],
    viewer: Option<UserId>,
) -> Result<Vec<ReactionCount>> {
    ask.query(
        "SELECT comment_id, content, COUNT(*) AS count, MAX(CASE WHEN user_id = $2 THEN 1 ELSE 0 END) = 1 AS is_own \
         FROM reactions WHERE thread_id = $1 AND (comment_id IS NULL OR comment_id",
    )
    .bind(thread)
    .bind(viewer)
    .is_any_of(comments)
    .push(") GROUP BY comment_id, content ORDER BY MIN(id)")
    .fetch_all()
    .await
}

/// The first `most` people who reacted to these texts.
pub async fn list_names(
    ask: &mut impl Ask,
    thread: ThreadId,
    comments: &[i64],
    most: u64,
) -> Result<Vec<ReactionName>> {
    ask.query(
        "SELECT r.comment_id, r.content, u.name FROM reactions r JOIN owners u ON u.id = r.user_id \
         WHERE r.thread_id = $1 AND (r.comment_id IS NULL OR r.comment_id",
    )
    .bind(thread)
    .is_any_of(comments)
    .push(") ORDER BY r.id")
    .limit(most)
    .fetch_all()
    .await
}
