//! Owners of repositories: people and organisations in one namespace, with their shared profile fields.

use hearth_core::{OwnerId, OwnerKind, Timestamp, UserName};
use sqlx::FromRow;

use crate::{Ask, Result, Writer};

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Owner {
    pub id: OwnerId,
    pub kind: OwnerKind,
    pub name: UserName,
    pub display_name: String,
    pub description: String,
    pub website: String,
    pub location: String,
    /// The basis of its namespace's name in a cluster: its first name, or a variant of it if that is taken.
    pub namespace: String,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Owner {
    /// The display name if there is one, otherwise the name.
    pub fn shown_name(&self) -> &str {
        if self.display_name.is_empty() { self.name.as_str() } else { &self.display_name }
    }
}

const SELECT: &str = "SELECT o.id, o.kind, o.name, o.display_name, o.description, o.website, o.location, o.namespace, \
    o.created_at, o.updated_at FROM owners o";

/// Creates an owner; the row of the person or organisation follows. Fails with [`crate::Error::Taken`] if the
/// name is taken; removes any redirect from it.
pub(crate) async fn insert(
    writer: &mut Writer,
    kind: OwnerKind,
    name: &UserName,
    display_name: &str,
    now: Timestamp,
) -> Result<OwnerId> {
    let (id,): (OwnerId,) = writer
        .query(
            "INSERT INTO owners (kind, name, name_key, namespace, display_name, description, website, location, created_at, \
             updated_at) VALUES ($1, $2, $3, '~' || $3, $4, '', '', '', $5, $5) RETURNING id",
        )
        .bind(kind)
        .bind(name.clone())
        .bind(name.key())
        .bind(display_name)
        .bind(now)
        .fetch_one()
        .await?;
    // No name contains a `~`, so a name made of the id is free as well.
    writer
        .query(
            "UPDATE owners SET namespace = CASE WHEN EXISTS (SELECT 1 FROM owners b WHERE b.id <> $1 AND lower(b.namespace) = $2) \
             OR EXISTS (SELECT 1 FROM retired_namespaces d WHERE d.namespace = $2) THEN $3 || '~' || CAST(id AS TEXT) ELSE $3 END WHERE id = $1",
        )
        .bind(id)
        .bind(name.key())
        .bind(name.clone())
        .execute()
        .await?;
    writer.query("DELETE FROM owner_redirects WHERE name_key = $1").bind(name.key()).execute().await?;
    Ok(id)
}

pub async fn find(ask: &mut impl Ask, id: OwnerId) -> Result<Option<Owner>> {
    ask.query(SELECT).push(" WHERE o.id = $1").bind(id).fetch_optional().await
}

/// The existing ones, in no order.
pub async fn find_all(ask: &mut impl Ask, ids: &[OwnerId]) -> Result<Vec<Owner>> {
    ask.query(SELECT).push(" WHERE o.id").is_any_of(ids).fetch_all().await
}

/// By name, ignoring case.
pub async fn find_by_name(ask: &mut impl Ask, name: &str) -> Result<Option<Owner>> {
    ask.query(SELECT).push(" WHERE o.name_key = $1").bind(name.to_ascii_lowercase()).fetch_optional().await
}

/// The owner who had this name before being renamed. None while another owner has the name.
pub async fn find_renamed(ask: &mut impl Ask, name: &str) -> Result<Option<Owner>> {
    ask.query(SELECT)
        .push(" JOIN owner_redirects d ON d.owner_id = o.id WHERE d.name_key = $1")
        .bind(name.to_ascii_lowercase())
        .fetch_optional()
        .await
}

/// Like [`find`], and locks the row until the transaction ends.
pub async fn lock(writer: &mut Writer, id: OwnerId) -> Result<Option<Owner>> {
    writer.query(SELECT).push(" WHERE o.id = $1").bind(id).locked("o").fetch_optional().await
}

/// Renames an owner; the old name redirects to it. Fails with [`crate::Error::Taken`] if the name is taken.
pub async fn rename(writer: &mut Writer, owner: &Owner, name: &UserName, now: Timestamp) -> Result<()> {
    writer
        .query("UPDATE owners SET name = $2, name_key = $3, updated_at = $4 WHERE id = $1")
        .bind(owner.id)
        .bind(name.clone())
        .bind(name.key())
        .bind(now)
        .execute()
        .await?;
    writer.query("DELETE FROM owner_redirects WHERE name_key = $1").bind(name.key()).execute().await?;
    // If only the case changed, the old name is the same as the new one.
    if owner.name.key() != name.key() {
        writer
            .query(
                "INSERT INTO owner_redirects (name_key, owner_id) VALUES ($1, $2) \
                 ON CONFLICT (name_key) DO UPDATE SET owner_id = $2",
            )
            .bind(owner.name.key())
            .bind(owner.id)
            .execute()
            .await?;
    }
    Ok(())
}

/// The profile of an owner.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnerProfile {
    pub display_name: String,
    pub description: String,
    pub website: String,
    pub location: String,
}

pub async fn set_profile(
    writer: &mut Writer,
    id: OwnerId,
    profile: &OwnerProfile,
    now: Timestamp,
) -> Result<()> {
    writer
        .query(
            "UPDATE owners SET display_name = $2, description = $3, website = $4, location = $5, updated_at = $6 WHERE id = $1",
        )
        .bind(id)
        .bind(profile.display_name.clone())
        .bind(profile.description.clone())
        .bind(profile.website.clone())
        .bind(profile.location.clone())
        .bind(now)
        .execute()
        .await?;
    Ok(())
}

/// Deletes an owner with everything that belongs to it alone; it must not own repositories any more. Nobody
/// ever gets its namespace.
pub async fn delete(writer: &mut Writer, id: OwnerId) -> Result<()> {
    writer
        .query("INSERT INTO retired_namespaces (namespace) SELECT lower(namespace) FROM owners WHERE id = $1 ON CONFLICT DO NOTHING")
        .bind(id)
        .execute()
        .await?;
    writer.query("DELETE FROM owners WHERE id = $1").bind(id).execute().await?;
    Ok(())
}
