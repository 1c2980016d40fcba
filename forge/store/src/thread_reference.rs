//! References to threads: in the text of a thread, a comment or a commit.

use hearth_core::{
    CommentId, RepositoryId, RepositoryKind, ThreadId, ThreadKind, ThreadNumber, Timestamp, UserId, UserName,
};
use sqlx::FromRow;

use crate::{Ask, Result, Writer};

/// A reference to a thread, with current names. The caller must first ask [`crate::timeline`] who may see it.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct ThreadReference {
    pub id: i64,
    pub actor: Option<UserName>,
    /// Current owner and name of the source's repository.
    pub owner: UserName,
    pub repository: String,
    pub repository_kind: RepositoryKind,
    pub source_repository_id: RepositoryId,
    pub thread_kind: Option<ThreadKind>,
    pub thread_number: Option<ThreadNumber>,
    pub thread_title: Option<String>,
    /// None: in the thread's own text.
    pub comment_id: Option<CommentId>,
    /// None: in a thread or a comment.
    pub commit: Option<String>,
    pub commit_title: Option<String>,
    pub created_at: Timestamp,
}

/// Where a reference is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    Thread(ThreadId),
    Comment(ThreadId, CommentId),
    Commit { id: String, title: String },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewThreadReference {
    pub target_id: ThreadId,
    pub repository_id: RepositoryId,
    pub source: Source,
    pub actor_id: Option<UserId>,
    pub created_at: Timestamp,
}

/// `false` if the source already referenced it.
pub async fn insert(writer: &mut Writer, new: &NewThreadReference) -> Result<bool> {
    let (thread, comment, commit) = match &new.source {
        Source::Thread(thread) => (Some(*thread), None, None),
        Source::Comment(thread, comment) => (Some(*thread), Some(*comment), None),
        Source::Commit { id, title } => (None, None, Some((id.clone(), title.clone()))),
    };
    let (commit, title) = commit.unzip();
    writer
        .query(
            "INSERT INTO thread_references (target_id, source_repository_id, source_thread_id, source_comment_id, source_commit, \
             commit_title, actor_id, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
        )
        .bind(new.target_id)
        .bind(new.repository_id)
        .bind(thread)
        .bind(comment)
        .bind(commit)
        .bind(title)
        .bind(new.actor_id)
        .bind(new.created_at)
        .execute_on_one()
        .await
}

/// The ones among these ids that refer to the thread, oldest first.
pub async fn find_all(ask: &mut impl Ask, target: ThreadId, ids: &[i64]) -> Result<Vec<ThreadReference>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    ask.query(
        "SELECT f.id, a.name AS actor, o.name AS owner, r.name AS repository, r.kind AS repository_kind, f.source_repository_id, \
         t.kind AS thread_kind, t.number AS thread_number, t.title AS thread_title, f.source_comment_id AS comment_id, \
         f.source_commit AS \"commit\", f.commit_title, f.created_at FROM thread_references f \
         JOIN repositories r ON r.id = f.source_repository_id JOIN owners o ON o.id = r.owner_id \
         LEFT JOIN threads t ON t.id = f.source_thread_id LEFT JOIN owners a ON a.id = f.actor_id \
         WHERE f.target_id = $1 AND f.id",
    )
    .bind(target)
    .is_any_of(ids)
    .push(" ORDER BY f.id")
    .fetch_all()
    .await
}
