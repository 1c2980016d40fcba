//! Releases: what a repository publishes at a tag. Their files are in [`crate::release_asset`].

use hearth_core::{Change, PageRequest, ReleaseId, RepositoryId, TaskId, Timestamp, UserId, UserName};
use sqlx::FromRow;

use crate::{Ask, Query, Result, Writer};

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Release {
    pub id: ReleaseId,
    pub repository_id: RepositoryId,
    pub tag_name: String,
    /// The branch or commit at which the tag is made, if it does not exist when the release is published.
    pub target: String,
    pub title: String,
    pub notes: String,
    pub is_prerelease: bool,
    /// Whether it was chosen as the latest one.
    pub is_chosen: bool,
    /// None: the account is gone.
    pub author_id: Option<UserId>,
    /// The current name of the author.
    pub author: Option<UserName>,
    /// The task whose run record says how the weights came about.
    pub task_id: Option<TaskId>,
    /// Counts edits.
    pub edit_version: i64,
    /// None: it is a draft.
    pub published_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Release {
    pub const fn is_draft(&self) -> bool {
        self.published_at.is_none()
    }

    /// The title, or the tag where it has none.
    pub fn shown_title(&self) -> &str {
        if self.title.is_empty() { &self.tag_name } else { &self.title }
    }
}

/// A draft to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRelease {
    pub repository_id: RepositoryId,
    pub tag_name: String,
    pub target: String,
    pub title: String,
    pub notes: String,
    pub is_prerelease: bool,
    pub author_id: UserId,
    pub task_id: Option<TaskId>,
    pub created_at: Timestamp,
}

const SELECT: &str = "SELECT e.id, e.repository_id, e.tag_name, e.target, e.title, e.notes, e.is_prerelease, e.is_chosen, e.author_id, \
    u.name AS author, e.task_id, e.edit_version, e.published_at, e.created_at, e.updated_at \
    FROM releases e LEFT JOIN owners u ON u.id = e.author_id";

/// Stores a draft. Fails with [`crate::Error::Taken`] if the repository has a release at this tag.
pub async fn insert(writer: &mut Writer, new: &NewRelease) -> Result<Release> {
    writer.changed(Change::Repository(new.repository_id));
    let (id,): (ReleaseId,) = writer
        .query(
            "INSERT INTO releases (repository_id, tag_name, target, title, notes, is_prerelease, is_chosen, author_id, task_id, \
             edit_version, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10, $10) RETURNING id",
        )
        .bind(new.repository_id)
        .bind(new.tag_name.clone())
        .bind(new.target.clone())
        .bind(new.title.clone())
        .bind(new.notes.clone())
        .bind(new.is_prerelease)
        .bind(false)
        .bind(new.author_id)
        .bind(new.task_id)
        .bind(new.created_at)
        .fetch_one()
        .await?;
    writer.query(SELECT).push(" WHERE e.id = $1").bind(id).fetch_one().await
}

/// Stores everything that is edited, and when it was published. Fails with [`crate::Error::Taken`] as [`insert`] does.
pub async fn update(writer: &mut Writer, release: &Release, now: Timestamp) -> Result<()> {
    writer.changed(Change::Repository(release.repository_id));
    writer
        .query(
            "UPDATE releases SET tag_name = $2, target = $3, title = $4, notes = $5, is_prerelease = $6, is_chosen = $7, \
             task_id = $8, published_at = $9, edit_version = edit_version + 1, updated_at = $10 WHERE id = $1",
        )
        .bind(release.id)
        .bind(release.tag_name.clone())
        .bind(release.target.clone())
        .bind(release.title.clone())
        .bind(release.notes.clone())
        .bind(release.is_prerelease)
        .bind(release.is_chosen)
        .bind(release.task_id)
        .bind(release.published_at)
        .bind(now)
        .execute()
        .await?;
    Ok(())
}

/// Takes the choice of the latest release back from all others of the repository.
pub async fn unchoose_others(writer: &mut Writer, release: &Release) -> Result<()> {
    writer
        .query("UPDATE releases SET is_chosen = $3 WHERE repository_id = $1 AND id <> $2 AND is_chosen = $4")
        .bind(release.repository_id)
        .bind(release.id)
        .bind(false)
        .bind(true)
        .execute()
        .await?;
    Ok(())
}

/// With its files and unfinished uploads; their bytes stay until nothing refers to them. `false` if it was already gone.
pub async fn delete(writer: &mut Writer, release: &Release) -> Result<bool> {
    writer.changed(Change::Repository(release.repository_id));
    writer.query("DELETE FROM releases WHERE id = $1").bind(release.id).execute_on_one().await
}

/// Only finds releases of this repository: an id alone gives no access.
pub async fn find(ask: &mut impl Ask, repository: RepositoryId, id: ReleaseId) -> Result<Option<Release>> {
    ask.query(SELECT)
        .push(" WHERE e.repository_id = $1 AND e.id = $2")
        .bind(repository)
        .bind(id)
        .fetch_optional()
        .await
}

/// Like [`find`], and locks the row until the transaction ends.
pub async fn lock(writer: &mut Writer, repository: RepositoryId, id: ReleaseId) -> Result<Option<Release>> {
    writer.lock_row("releases", id.0).await?;
    find(writer, repository, id).await
}

pub async fn find_by_tag(ask: &mut impl Ask, repository: RepositoryId, tag: &str) -> Result<Option<Release>> {
    ask.query(SELECT)
        .push(" WHERE e.repository_id = $1 AND e.tag_name = $2")
        .bind(repository)
        .bind(tag)
        .fetch_optional()
        .await
}

/// The latest one: by choice, else the newest that is published and no pre-release.
pub async fn find_latest(ask: &mut impl Ask, repository: RepositoryId) -> Result<Option<Release>> {
    ask.query(SELECT)
        .push(
            " WHERE e.repository_id = $1 AND e.published_at IS NOT NULL AND (e.is_chosen = $2 OR e.is_prerelease = $3) \
             ORDER BY CASE WHEN e.is_chosen = $2 THEN 0 ELSE 1 END, e.published_at DESC, e.id DESC LIMIT 1",
        )
        .bind(repository)
        .bind(true)
        .bind(false)
        .fetch_optional()
        .await
}

/// The newest published release other than the one of this tag, before a time.
pub async fn find_previous(
    ask: &mut impl Ask,
    repository: RepositoryId,
    tag: &str,
    before: Timestamp,
) -> Result<Option<Release>> {
    ask.query(SELECT)
        .push(
            " WHERE e.repository_id = $1 AND e.tag_name <> $2 AND e.published_at IS NOT NULL AND e.published_at <= $3 \
             ORDER BY e.published_at DESC, e.id DESC LIMIT 1",
        )
        .bind(repository)
        .bind(tag)
        .bind(before)
        .fetch_optional()
        .await
}

/// Which releases of a repository. An unset field matches all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReleaseFilter {
    pub is_draft: Option<bool>,
    pub is_prerelease: Option<bool>,
}

impl ReleaseFilter {
    fn narrow(self, query: Query<'_>) -> Query<'_> {
        let query = match self.is_draft {
            Some(true) => query.push(" AND e.published_at IS NULL"),
            Some(false) => query.push(" AND e.published_at IS NOT NULL"),
            None => query,
        };
        query.and("e.is_prerelease =", self.is_prerelease)
    }
}

/// Drafts first, then the newest.
pub async fn list(
    ask: &mut impl Ask,
    repository: RepositoryId,
    filter: ReleaseFilter,
    request: PageRequest,
) -> Result<Vec<Release>> {
    let query = ask.query(SELECT).push(" WHERE e.repository_id = $1").bind(repository);
    filter
        .narrow(query)
        .push(" ORDER BY CASE WHEN e.published_at IS NULL THEN 0 ELSE 1 END, e.published_at DESC, e.id DESC")
        .page(request)
        .fetch_all()
        .await
}

pub async fn count(ask: &mut impl Ask, repository: RepositoryId, filter: ReleaseFilter) -> Result<u64> {
    let query = ask.query("SELECT COUNT(*) FROM releases e WHERE e.repository_id = $1").bind(repository);
    filter.narrow(query).fetch_count().await
}

/// The published releases among those at these tags: `(tag, id)`.
pub async fn list_of_tags(
    ask: &mut impl Ask,
    repository: RepositoryId,
    tags: &[String],
) -> Result<Vec<(String, ReleaseId)>> {
    ask.query(
        "SELECT e.tag_name, e.id FROM releases e WHERE e.repository_id = $1 AND e.published_at IS NOT NULL AND e.tag_name",
    )
    .bind(repository)
    .is_any_of(tags)
    .fetch_all()
    .await
}
