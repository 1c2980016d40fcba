//! Labels of an organisation, with which its repositories begin.

use hearth_core::{OrganizationId, OrganizationLabelId, RepositoryId, Timestamp};
use sqlx::FromRow;

use crate::{Ask, Result, Writer, label};

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct OrganizationLabel {
    pub id: OrganizationLabelId,
    pub organization_id: OrganizationId,
    pub name: String,
    /// Six lowercase hex digits.
    pub color: String,
    pub description: String,
    /// The same as [`label::Label::is_exclusive`], in the repositories that get it.
    pub is_exclusive: bool,
}

impl OrganizationLabel {
    /// The same as [`label::Label::scope`].
    pub fn scope(&self) -> Option<&str> {
        label::scope(&self.name, self.is_exclusive)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewOrganizationLabel {
    pub organization_id: OrganizationId,
    pub name: String,
    pub color: String,
    pub description: String,
    pub is_exclusive: bool,
    pub created_at: Timestamp,
}

const SELECT: &str = "SELECT l.id, l.organization_id, l.name, l.color, l.description, l.is_exclusive \
    FROM organization_labels l";

/// Fails with [`crate::Error::Taken`] if the organisation has a label of this name, ignoring case.
pub async fn insert(writer: &mut Writer, new: &NewOrganizationLabel) -> Result<OrganizationLabel> {
    writer
        .query(
            "INSERT INTO organization_labels (organization_id, name, name_key, color, description, is_exclusive, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id, organization_id, name, color, description, is_exclusive",
        )
        .bind(new.organization_id)
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
pub async fn update(writer: &mut Writer, label: &OrganizationLabel) -> Result<()> {
    writer
        .query(
            "UPDATE organization_labels SET name = $2, name_key = $3, color = $4, description = $5, is_exclusive = $6 \
             WHERE id = $1",
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

/// The copies in repositories stay.
pub async fn delete(writer: &mut Writer, id: OrganizationLabelId) -> Result<bool> {
    Ok(writer.query("DELETE FROM organization_labels WHERE id = $1").bind(id).execute().await? == 1)
}

pub async fn find(
    ask: &mut impl Ask,
    organization: OrganizationId,
    id: OrganizationLabelId,
) -> Result<Option<OrganizationLabel>> {
    ask.query(SELECT)
        .push(" WHERE l.organization_id = $1 AND l.id = $2")
        .bind(organization)
        .bind(id)
        .fetch_optional()
        .await
}

/// All labels of an organisation, by name.
pub async fn list(ask: &mut impl Ask, organization: OrganizationId) -> Result<Vec<OrganizationLabel>> {
    ask.query(SELECT)
        .push(" WHERE l.organization_id = $1 ORDER BY l.name_key")
        .bind(organization)
        .fetch_all()
        .await
}

pub async fn count(ask: &mut impl Ask, organization: OrganizationId) -> Result<u64> {
    ask.query("SELECT COUNT(*) FROM organization_labels WHERE organization_id = $1")
        .bind(organization)
        .fetch_count()
        .await
}

/// Copies into a repository the labels of whose names it has none, ignoring case: the first by name, so that it has at most
/// `most` labels in all. Returns how many.
pub async fn copy_missing(
    writer: &mut Writer,
    organization: OrganizationId,
    repository: RepositoryId,
    most: u64,
    now: Timestamp,
) -> Result<u64> {
    let room = most.saturating_sub(label::count(writer, repository).await?);
    writer
        .query(
            "INSERT INTO labels (repository_id, name, name_key, color, description, is_exclusive, created_at) \
             SELECT $1, l.name, l.name_key, l.color, l.description, l.is_exclusive, $2 FROM organization_labels l \
             WHERE l.organization_id = $3 AND NOT EXISTS \
             (SELECT 1 FROM labels o WHERE o.repository_id = $1 AND o.name_key = l.name_key) ORDER BY l.name_key",
        )
        .bind(repository)
        .bind(now)
        .bind(organization)
        .limit(room)
        .push(" ON CONFLICT (repository_id, name_key) DO NOTHING")
        .execute()
        .await
}

/// The next `most` repositories of an organisation after `after`, without pending and archived ones.
pub async fn list_repositories_after(
    ask: &mut impl Ask,
    organization: OrganizationId,
    after: RepositoryId,
    most: u64,
) -> Result<Vec<RepositoryId>> {
    let rows: Vec<(RepositoryId,)> = ask
        .query(
            "SELECT id FROM repositories WHERE owner_id = $1 AND id > $2 AND is_pending = $3 AND archived_at IS NULL \
             ORDER BY id",
        )
        .bind(organization)
        .bind(after)
        .bind(false)
        .limit(most)
        .fetch_all()
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
