//! Repositories of all kinds.

use hearth_core::{
    Change, Interest, OwnerId, OwnerKind, PageRequest, RepositoryId, RepositoryKind, RepositoryName, TeamId,
    Timestamp, UserId, UserName, Visibility,
};
use sqlx::FromRow;

pub use crate::grant::Viewer;
use crate::{
    Ask, Query, Result, Writer,
    counter::{self, Container},
    fork,
    grant::{Part, is_granted, visible_to},
};

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Repository {
    pub id: RepositoryId,
    pub owner_id: OwnerId,
    pub owner_kind: OwnerKind,
    /// The owner's current name.
    pub owner: UserName,
    pub kind: RepositoryKind,
    pub name: RepositoryName,
    pub description: String,
    pub website: String,
    pub visibility: Visibility,
    pub default_branch: String,
    pub is_empty: bool,
    pub size_bytes: i64,
    pub open_issues: i64,
    pub closed_issues: i64,
    pub open_pulls: i64,
    /// Pull requests that were closed without being merged.
    pub closed_pulls: i64,
    pub merged_pulls: i64,
    /// The repository that this one was forked from, if it still exists. Whoever shows it asks whether it may be seen.
    pub fork_of_id: Option<RepositoryId>,
    /// The number of its forks, whoever may see them.
    pub forks: i64,
    /// Since when it can only be read; none: it can be written to.
    pub archived_at: Option<Timestamp>,
    /// Whether others begin repositories of their own from its files.
    pub is_template: bool,
    pub pushed_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Repository {
    pub const fn is_archived(&self) -> bool {
        self.archived_at.is_some()
    }
}

#[derive(Clone, Debug)]
pub struct NewRepository {
    pub owner_id: OwnerId,
    pub kind: RepositoryKind,
    pub name: RepositoryName,
    pub description: String,
    pub visibility: Visibility,
    pub default_branch: String,
    pub created_at: Timestamp,
}

/// All columns of a [`Repository`]; the owner's row is `u`, the repository's `r`.
const SELECT: &str = "SELECT r.id, r.owner_id, u.kind AS owner_kind, u.name AS owner, r.kind, r.name, r.description, r.website, r.visibility, \
    r.default_branch, r.is_empty, r.size_bytes, r.open_issues, r.closed_issues, r.open_pulls, r.closed_pulls, \
    r.merged_pulls, r.fork_of_id, r.forks, r.archived_at, r.is_template, r.pushed_at, r.created_at, r.updated_at \
    FROM repositories r JOIN owners u ON u.id = r.owner_id";

/// Creates a row, and with it the id under which the files are created. It is pending, invisible and reserves
/// no name until [`finish`], so that leftovers of a crash are harmless.
pub async fn insert(writer: &mut Writer, new: &NewRepository) -> Result<RepositoryId> {
    let (id,): (RepositoryId,) = writer
        .query(
            "INSERT INTO repositories (owner_id, kind, name, name_key, description, website, visibility, default_branch, \
             is_empty, is_pending, size_bytes, open_issues, closed_issues, created_at, updated_at) \
             VALUES ($1, $2, $3, '~', $4, '', $5, $6, $7, $7, 0, 0, 0, $8, $8) RETURNING id",
        )
        .bind(new.owner_id)
        .bind(new.kind)
        .bind(new.name.clone())
        .bind(new.description.clone())
        .bind(new.visibility)
        .bind(new.default_branch.clone())
        .bind(true)
        .bind(new.created_at)
        .fetch_one()
        .await?;
    retire(writer, id, new.created_at).await?;
    Ok(id)
}

/// Completes a pending repository. `false`: the row was removed meanwhile. Fails with [`crate::Error::Taken`]
/// if the owner has a repository of this kind and name.
pub async fn finish(writer: &mut Writer, id: RepositoryId) -> Result<bool> {
    writer.changed(Change::Repository(id));
    let touched = writer
        .query("UPDATE repositories SET is_pending = $2, name_key = lower(name) WHERE id = $1 AND is_pending = $3")
        .bind(id)
        .bind(false)
        .bind(true)
        .execute()
        .await?;
    fork::recount(writer, id).await?;
    Ok(touched == 1)
}

/// Hides a repository whose files are about to be deleted, and frees its name: no name contains a `~`.
pub async fn retire(writer: &mut Writer, id: RepositoryId, now: Timestamp) -> Result<()> {
    writer.changed(Change::Repository(id));
    writer
        .query(
            "UPDATE repositories SET is_pending = $2, name_key = '~' || CAST(id AS TEXT), updated_at = $3 WHERE id = $1",
        )
        .bind(id)
        .bind(true)
        .bind(now)
        .execute()
        .await?;
    fork::recount(writer, id).await
}

/// The next `most` repositories after `after`, including pending ones.
pub async fn list_ids_after(ask: &mut impl Ask, after: RepositoryId, most: u32) -> Result<Vec<RepositoryId>> {
    let rows: Vec<(RepositoryId,)> = ask
        .query("SELECT id FROM repositories WHERE id > $1 ORDER BY id LIMIT $2")
        .bind(after)
        .bind(i64::from(most))
        .fetch_all()
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Repositories that have been half created or half deleted since `until` or earlier, oldest first, at most
/// `most`.
pub async fn list_pending(ask: &mut impl Ask, until: Timestamp, most: i64) -> Result<Vec<RepositoryId>> {
    let rows: Vec<(RepositoryId,)> = ask
        .query("SELECT id FROM repositories WHERE is_pending AND updated_at <= $1 ORDER BY updated_at, id LIMIT $2")
        .bind(until)
        .bind(most)
        .fetch_all()
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

pub async fn delete(writer: &mut Writer, id: RepositoryId) -> Result<()> {
    writer.query("DELETE FROM repositories WHERE id = $1").bind(id).execute().await?;
    counter::delete(writer, Container::Repository(id)).await
}

pub async fn find(ask: &mut impl Ask, id: RepositoryId) -> Result<Option<Repository>> {
    ask.query(SELECT)
        .push(" WHERE r.id = $1 AND r.is_pending = $2")
        .bind(id)
        .bind(false)
        .fetch_optional()
        .await
}

/// Those of these ids that the viewer may see, in no order.
pub async fn find_visible(
    ask: &mut impl Ask,
    ids: &[RepositoryId],
    viewer: Viewer,
) -> Result<Vec<Repository>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query = ask.query(SELECT).push(" WHERE r.is_pending = ").push_bind(false).push(" AND r.id");
    visible_to(query.is_any_of(ids), viewer, Part::Any).fetch_all().await
}

/// By the names in its URL, ignoring case.
pub async fn find_by_name(
    ask: &mut impl Ask,
    kind: RepositoryKind,
    owner: &str,
    name: &str,
) -> Result<Option<Repository>> {
    ask.query(SELECT)
        .push(" WHERE r.kind = $1 AND u.name_key = $2 AND r.name_key = $3 AND r.is_pending = $4")
        .bind(kind)
        .bind(owner.to_ascii_lowercase())
        .bind(name.to_ascii_lowercase())
        .bind(false)
        .fetch_optional()
        .await
}

/// Whether the owner has a repository of this kind and name, ignoring case.
pub async fn is_taken(
    ask: &mut impl Ask,
    owner: OwnerId,
    kind: RepositoryKind,
    name: &RepositoryName,
) -> Result<bool> {
    let count = ask
        .query("SELECT COUNT(*) FROM repositories WHERE owner_id = $1 AND kind = $2 AND name_key = $3")
        .bind(owner)
        .bind(kind)
        .bind(name.key())
        .fetch_count()
        .await?;
    Ok(count > 0)
}

/// The repository that had this URL before it or its owner was renamed, or it was transferred. Former names
/// of owners and repositories count until somebody else takes them.
pub async fn find_moved(
    ask: &mut impl Ask,
    kind: RepositoryKind,
    owner: &str,
    name: &str,
) -> Result<Option<Repository>> {
    const OF: &str = "(SELECT id FROM owners WHERE name_key = $2 UNION ALL SELECT owner_id FROM owner_redirects WHERE name_key = $2)";
    let query = ask
        .query(SELECT)
        .push(" WHERE r.kind = $1 AND r.is_pending = $4 AND (r.name_key = $3 AND r.owner_id IN ");
    let query = query.push(OF).push(
        " OR r.id IN (SELECT d.repository_id FROM repository_redirects d WHERE d.kind = $1 AND d.name_key = $3 AND d.owner_id IN ",
    );
    query
        .push(OF)
        // The current holder of a name takes precedence over former ones.
        .push(")) ORDER BY CASE WHEN r.name_key = $3 THEN 0 ELSE 1 END LIMIT 1")
        .bind(kind)
        .bind(owner.to_ascii_lowercase())
        .bind(name.to_ascii_lowercase())
        .bind(false)
        .fetch_optional()
        .await
}

/// Like [`find`], and locks the row until the transaction ends.
pub async fn lock(writer: &mut Writer, id: RepositoryId) -> Result<Option<Repository>> {
    writer.lock_row("repositories", id.0).await?;
    find(writer, id).await
}

/// How many rows an owner has, including pending ones.
pub async fn count_of_owner(ask: &mut impl Ask, owner: OwnerId) -> Result<u64> {
    ask.query("SELECT COUNT(*) FROM repositories WHERE owner_id = $1").bind(owner).fetch_count().await
}

/// Changes to a repository; `None` leaves a field as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    pub description: Option<String>,
    pub website: Option<String>,
    pub visibility: Option<Visibility>,
    pub default_branch: Option<String>,
    pub is_template: Option<bool>,
}

/// Updates only the given fields.
pub async fn update(writer: &mut Writer, id: RepositoryId, changes: &Changes, now: Timestamp) -> Result<()> {
    writer.changed(Change::Repository(id));
    writer
        .query(
            "UPDATE repositories SET description = COALESCE($2, description), website = COALESCE($3, website), \
             visibility = COALESCE($4, visibility), default_branch = COALESCE($5, default_branch), \
             is_template = COALESCE($6, is_template), updated_at = $7 WHERE id = $1",
        )
        .bind(id)
        .bind(changes.description.clone())
        .bind(changes.website.clone())
        .bind(changes.visibility)
        .bind(changes.default_branch.clone())
        .bind(changes.is_template)
        .bind(now)
        .execute()
        .await?;
    Ok(())
}

/// Archives a repository, or, without a time, makes it writable again. `false`: it was so already.
pub async fn set_archived(
    writer: &mut Writer,
    id: RepositoryId,
    archived_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<bool> {
    writer.changed(Change::Repository(id));
    let query = writer
        .query("UPDATE repositories SET archived_at = $2, updated_at = $3 WHERE id = $1")
        .bind(id)
        .bind(archived_at)
        .bind(now);
    let query = match archived_at {
        Some(_) => query.push(" AND archived_at IS NULL"),
        None => query.push(" AND archived_at IS NOT NULL"),
    };
    query.execute_on_one().await
}

/// Renames a repository; the old name, taken from the locked row, redirects to it. Fails with
/// [`crate::Error::Taken`] if the owner has a repository of this kind and name.
pub async fn rename(
    writer: &mut Writer,
    repository: &Repository,
    name: &RepositoryName,
    now: Timestamp,
) -> Result<()> {
    writer.changed(Change::Repository(repository.id));
    writer
        .query("UPDATE repositories SET name = $2, name_key = $3, updated_at = $4 WHERE id = $1")
        .bind(repository.id)
        .bind(name.clone())
        .bind(name.key())
        .bind(now)
        .execute()
        .await?;
    writer
        .query("DELETE FROM repository_redirects WHERE owner_id = $1 AND kind = $2 AND name_key = $3")
        .bind(repository.owner_id)
        .bind(repository.kind)
        .bind(name.key())
        .execute()
        .await?;
    // If only the case changed, the old name is the same as the new one.
    if repository.name.key() != name.key() {
        writer
            .query(
                "INSERT INTO repository_redirects (owner_id, kind, name_key, repository_id) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (owner_id, kind, name_key) DO UPDATE SET repository_id = $4",
            )
            .bind(repository.owner_id)
            .bind(repository.kind)
            .bind(repository.name.key())
            .bind(repository.id)
            .execute()
            .await?;
    }
    Ok(())
}

/// The effects of a push on the repository's row; the default branch is only set by the first push.
pub async fn note_push(
    writer: &mut Writer,
    id: RepositoryId,
    is_empty: bool,
    new_default: Option<&str>,
    now: Timestamp,
) -> Result<()> {
    writer.changed(Change::Repository(id));
    writer
        .query(
            "UPDATE repositories SET is_empty = $2, default_branch = COALESCE($3, default_branch), pushed_at = $4, \
             updated_at = $4 WHERE id = $1",
        )
        .bind(id)
        .bind(is_empty)
        .bind(new_default)
        .bind(now)
        .execute()
        .await?;
    Ok(())
}

pub async fn set_size(writer: &mut Writer, id: RepositoryId, size_bytes: i64) -> Result<()> {
    writer
        .query("UPDATE repositories SET size_bytes = $2 WHERE id = $1")
        .bind(id)
        .bind(size_bytes)
        .execute()
        .await?;
    Ok(())
}

/// All repositories that are not pending, for background maintenance: last updated first.
pub async fn list_ids(ask: &mut impl Ask) -> Result<Vec<RepositoryId>> {
    let rows: Vec<(RepositoryId,)> = ask
        .query("SELECT id FROM repositories WHERE is_pending = $1 ORDER BY updated_at DESC, id DESC")
        .bind(false)
        .fetch_all()
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Whether there is such a row, pending or not.
pub async fn exists(ask: &mut impl Ask, id: RepositoryId) -> Result<bool> {
    Ok(ask.query("SELECT COUNT(*) FROM repositories WHERE id = $1").bind(id).fetch_count().await? > 0)
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Last updated first.
    #[default]
    Updated,
    /// Newest first.
    Created,
    Name,
}

/// Which repositories are requested. An unset field matches all that the viewer may see.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub viewer: Viewer,
    pub kind: Option<RepositoryKind>,
    pub owner: Option<OwnerId>,
    pub visibility: Option<Visibility>,
    /// Those that this person owns or has been granted access to.
    pub member: Option<UserId>,
    /// Those in which this person was given roles themselves.
    pub collaborator: Option<UserId>,
    /// Those that this team has access to.
    pub team: Option<TeamId>,
    /// Those that were forked from this one.
    pub fork_of: Option<RepositoryId>,
    /// Those that this person stars or watches.
    pub interested: Option<(UserId, Interest)>,
    /// Part of the name or description, or a topic, ignoring case.
    pub text: Option<String>,
    /// Those with this topic.
    pub topic: Option<String>,
    pub is_template: Option<bool>,
    pub order: Order,
}

impl Filter {
    fn apply<'c>(&self, mut query: Query<'c>) -> Query<'c> {
        query = query
            .push(" WHERE r.is_pending = ")
            .push_bind(false)
            .and("r.kind =", self.kind)
            .and("r.owner_id =", self.owner)
            .and("r.fork_of_id =", self.fork_of)
            .and("r.visibility =", self.visibility)
            .and("r.is_template =", self.is_template);
        query = visible_to(query, self.viewer, Part::Any);
        if let Some(member) = self.member {
            query = is_granted(query.push(" AND "), member, Part::Any);
        }
        if let Some(collaborator) = self.collaborator {
            query = query
                .push(" AND r.id IN (SELECT g.repository_id FROM repository_grants g WHERE g.user_id = ")
                .push_bind(collaborator)
                .push(")");
        }
        if let Some(team) = self.team {
            query = query
                .push(
                    " AND EXISTS (SELECT 1 FROM teams t WHERE t.organization_id = r.owner_id AND (t.has_all_repositories OR EXISTS \
                     (SELECT 1 FROM team_repositories c WHERE c.team_id = t.id AND c.repository_id = r.id)) AND t.id = ",
                )
                .push_bind(team)
                .push(")");
        }
        if let Some(text) = &self.text {
            query = query
                .push(" AND (")
                .contains("r.name_key", text)
                .push(" OR ")
                .contains("lower(r.description)", text)
                .push(" OR r.id IN (SELECT w.repository_id FROM repository_topics w WHERE w.topic = ")
                .push_bind(text.to_lowercase())
                .push("))");
        }
        if let Some(topic) = &self.topic {
            query = query
                .push(" AND r.id IN (SELECT w.repository_id FROM repository_topics w WHERE w.topic = ")
                .push_bind(topic.to_lowercase())
                .push(")");
        }
        if let Some((person, interest)) = self.interested {
            query = query
                .push(" AND r.id IN (SELECT i.repository_id FROM repository_interests i WHERE i.user_id = ")
                .push_bind(person)
                .push(" AND i.interest = ")
                .push_bind(interest)
                .push(")");
        }
        query
    }
}

pub async fn list(ask: &mut impl Ask, filter: &Filter, request: PageRequest) -> Result<Vec<Repository>> {
    let order = match filter.order {
        Order::Updated => " ORDER BY r.updated_at DESC, r.id DESC",
        Order::Created => " ORDER BY r.created_at DESC, r.id DESC",
        Order::Name => " ORDER BY r.name_key, r.id",
    };
    filter.apply(ask.query(SELECT)).push(order).page(request).fetch_all().await
}

pub async fn count(ask: &mut impl Ask, filter: &Filter) -> Result<u64> {
    filter.apply(ask.query("SELECT COUNT(*) FROM repositories r")).fetch_count().await
}
