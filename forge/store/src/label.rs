//! Labels of a repository, and which threads have them.

use hearth_core::{IssueState, LabelId, RepositoryId, ThreadId, Timestamp};
use sqlx::FromRow;

use crate::{Ask, Result, Writer};

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Label {
    pub id: LabelId,
    pub repository_id: RepositoryId,
    pub name: String,
    /// Six lowercase hex digits.
    pub color: String,
    pub description: String,
    /// It replaces other exclusive labels of its [`Label::scope`].
    pub is_exclusive: bool,
}

impl Label {
    /// What stands before the last slash of an exclusive label's name; none: it excludes no other.
    pub fn scope(&self) -> Option<&str> {
        scope(&self.name, self.is_exclusive)
    }

    /// Whether a thread has at most one of these two.
    pub fn excludes(&self, other: &Self) -> bool {
        let scopes = self.scope().zip(other.scope());
        self.id != other.id && scopes.is_some_and(|(one, other)| one.to_lowercase() == other.to_lowercase())
    }
}

/// What stands before the last slash of the name of an exclusive label, of a repository or an organisation.
pub(crate) fn scope(name: &str, is_exclusive: bool) -> Option<&str> {
    let (scope, value) = name.rsplit_once('/')?;
    (is_exclusive && !scope.is_empty() && !value.is_empty()).then_some(scope)
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLabel {
    pub repository_id: RepositoryId,
    pub name: String,
    pub color: String,
    pub description: String,
    pub is_exclusive: bool,
    pub created_at: Timestamp,
}

/// A label on one thread.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct ThreadLabel {
    pub thread_id: ThreadId,
    #[sqlx(flatten)]
    pub label: Label,
}

const SELECT: &str =
    "SELECT l.id, l.repository_id, l.name, l.color, l.description, l.is_exclusive FROM labels l";

/// Fails with [`crate::Error::Taken`] if the repository has a label of this name, ignoring case.
pub async fn insert(writer: &mut Writer, new: &NewLabel) -> Result<Label> {
    writer
        .query(
            "INSERT INTO labels (repository_id, name, name_key, color, description, is_exclusive, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id, repository_id, name, color, description, is_exclusive",
        )
        .bind(new.repository_id)
        .bind(new.name.clone())
        .bind(new.name.to_lowercase())
        .bind(new.color.clone())
        .bind(new.description.clone())
        .bind(new.is_exclusive)
        .bind(new.created_at)
        .fetch_one()
        .await
}

/// Stores name, colour, description and whether it is exclusive. Fails with [`crate::Error::Taken`] as [`insert`] does.
pub async fn update(writer: &mut Writer, label: &Label) -> Result<()> {
    writer
        .query(
            "UPDATE labels SET name = $2, name_key = $3, color = $4, description = $5, is_exclusive = $6 WHERE id = $1",
        )
        .bind(label.id)
        .bind(label.name.clone())
        .bind(label.name.to_lowercase())
        .bind(label.color.clone())
        .bind(label.description.clone())
        .bind(label.is_exclusive)
        .execute()
        .await?;
    Ok(())
}

/// Also removes the label from every thread.
pub async fn delete(writer: &mut Writer, id: LabelId) -> Result<bool> {
    Ok(writer.query("DELETE FROM labels WHERE id = $1").bind(id).execute().await? == 1)
}

pub async fn find(ask: &mut impl Ask, repository: RepositoryId, id: LabelId) -> Result<Option<Label>> {
    ask.query(SELECT)
        .push(" WHERE l.repository_id = $1 AND l.id = $2")
        .bind(repository)
        .bind(id)
        .fetch_optional()
        .await
}

/// Like [`find`], and locks the row until the transaction ends.
pub async fn lock(writer: &mut Writer, repository: RepositoryId, id: LabelId) -> Result<Option<Label>> {
    writer
        .query(SELECT)
        .push(" WHERE l.repository_id = $1 AND l.id = $2")
        .bind(repository)
        .bind(id)
        .locked("l")
        .fetch_optional()
        .await
}

/// By name, ignoring case.
pub async fn find_by_name(ask: &mut impl Ask, repository: RepositoryId, name: &str) -> Result<Option<Label>> {
    ask.query(SELECT)
        .push(" WHERE l.repository_id = $1 AND l.name_key = $2")
        .bind(repository)
        .bind(name.to_lowercase())
        .fetch_optional()
        .await
}

pub async fn count(ask: &mut impl Ask, repository: RepositoryId) -> Result<u64> {
    ask.query("SELECT COUNT(*) FROM labels WHERE repository_id = $1").bind(repository).fetch_count().await
}

/// All labels of a repository, by name.
pub async fn list(ask: &mut impl Ask, repository: RepositoryId) -> Result<Vec<Label>> {
    ask.query(SELECT)
        .push(" WHERE l.repository_id = $1 ORDER BY l.name_key")
        .bind(repository)
        .fetch_all()
        .await
}

/// How many open issues have each label; labels without any are omitted.
pub async fn count_open_issues(ask: &mut impl Ask, repository: RepositoryId) -> Result<Vec<(LabelId, i64)>> {
    ask.query(
        "SELECT x.label_id, COUNT(*) FROM labels l JOIN thread_labels x ON x.label_id = l.id \
         JOIN issues i ON i.thread_id = x.thread_id WHERE l.repository_id = $1 AND i.state = $2 GROUP BY x.label_id",
    )
    .bind(repository)
    .bind(IssueState::Open)
    .fetch_all()
    .await
}

/// The labels of several threads, by name.
pub async fn list_of_threads(ask: &mut impl Ask, threads: &[ThreadId]) -> Result<Vec<ThreadLabel>> {
    ask.query(
        "SELECT x.thread_id, l.id, l.repository_id, l.name, l.color, l.description, l.is_exclusive \
         FROM thread_labels x JOIN labels l ON l.id = x.label_id WHERE x.thread_id",
    )
    .is_any_of(threads)
    .push(" ORDER BY x.thread_id, l.name_key")
    .fetch_all()
    .await
}

/// `false` if the thread already had it.
pub async fn attach(writer: &mut Writer, thread: ThreadId, label: LabelId) -> Result<bool> {
    let rows = writer
        .query("INSERT INTO thread_labels (thread_id, label_id) VALUES ($1, $2) ON CONFLICT (thread_id, label_id) DO NOTHING")
        .bind(thread)
        .bind(label)
        .execute()
        .await?;
    Ok(rows == 1)
}

/// `false` if the thread did not have it.
pub async fn detach(writer: &mut Writer, thread: ThreadId, label: LabelId) -> Result<bool> {
    let rows = writer
        .query("DELETE FROM thread_labels WHERE thread_id = $1 AND label_id = $2")
        .bind(thread)
        .bind(label)
        .execute()
        .await?;
    Ok(rows == 1)
}
