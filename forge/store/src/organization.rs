//! Organisations: owners that have members.

use hearth_core::{OrganizationId, OwnerId, OwnerKind, PageRequest, Timestamp, UserId, UserName, Visibility};
use sqlx::FromRow;

use crate::{Ask, Query, Result, Writer, grant::Viewer, owner};

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Organization {
    pub id: OrganizationId,
    pub name: UserName,
    pub display_name: String,
    pub description: String,
    pub website: String,
    pub location: String,
    /// Private: only its members know that it exists, and all its repositories are private.
    pub visibility: Visibility,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Organization {
    /// The display name if there is one, otherwise the name.
    pub fn shown_name(&self) -> &str {
        if self.display_name.is_empty() { self.name.as_str() } else { &self.display_name }
    }
}

#[derive(Clone, Debug)]
pub struct NewOrganization {
    pub name: UserName,
    pub display_name: String,
    pub visibility: Visibility,
    pub created_by: UserId,
    pub created_at: Timestamp,
}

/// All columns of an [`Organization`]; its own row is `n`, the owner's `o`.
const SELECT: &str = "SELECT n.id, o.name, o.display_name, o.description, o.website, o.location, n.visibility, o.created_at, \
    o.updated_at FROM organizations n JOIN owners o ON o.id = n.id";

/// Creates an organisation without teams, which follow. Fails with [`crate::Error::Taken`] if the name is
/// taken.
pub async fn insert(writer: &mut Writer, new: &NewOrganization) -> Result<OrganizationId> {
    let kind = OwnerKind::Organization;
    let OwnerId(id) = owner::insert(writer, kind, &new.name, &new.display_name, new.created_at).await?;
    writer
        .query("INSERT INTO organizations (id, visibility, created_by) VALUES ($1, $2, $3)")
        .bind(id)
        .bind(new.visibility)
        .bind(new.created_by)
        .execute()
        .await?;
    Ok(OrganizationId(id))
}

pub async fn find(ask: &mut impl Ask, id: OrganizationId) -> Result<Option<Organization>> {
    ask.query(SELECT).push(" WHERE n.id = $1").bind(id).fetch_optional().await
}

/// The existing ones, in no order.
pub async fn find_all(ask: &mut impl Ask, ids: &[OrganizationId]) -> Result<Vec<Organization>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    ask.query(SELECT).push(" WHERE n.id").is_any_of(ids).fetch_all().await
}

/// By name, ignoring case.
pub async fn find_by_name(ask: &mut impl Ask, name: &str) -> Result<Option<Organization>> {
    ask.query(SELECT).push(" WHERE o.name_key = $1").bind(name.to_ascii_lowercase()).fetch_optional().await
}

/// Like [`find`], and locks the row until the transaction ends. The lock also protects the organisation's
/// owners, repositories and visibility: whoever changes these locks it first.
pub async fn lock(writer: &mut Writer, id: OrganizationId) -> Result<Option<Organization>> {
    writer.lock_row("organizations", id.0).await?;
    find(writer, id).await
}

pub async fn set_visibility(writer: &mut Writer, id: OrganizationId, visibility: Visibility) -> Result<()> {
    writer
        .query("UPDATE organizations SET visibility = $2 WHERE id = $1")
        .bind(id)
        .bind(visibility)
        .execute()
        .await?;
    Ok(())
}

/// How many existing organisations a person created.
pub async fn count_created_by(ask: &mut impl Ask, user: UserId) -> Result<u64> {
    ask.query("SELECT COUNT(*) FROM organizations WHERE created_by = $1").bind(user).fetch_count().await
}

/// Which organisations are requested. An unset field matches all that the viewer may see.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub viewer: Viewer,
    /// Those that this person is a member of, as far as the viewer may know.
    pub member: Option<UserId>,
    /// Those in which this person may create repositories.
    pub creator: Option<UserId>,
    /// Part of the name or display name, ignoring case.
    pub text: Option<String>,
}

impl Filter {
    fn apply<'c>(&self, query: Query<'c>) -> Query<'c> {
        let mut query = match self.viewer {
            Viewer::Anybody => query.push(" WHERE n.visibility = ").push_bind(Visibility::Public),
            Viewer::Person(user) => query
                .push(" WHERE (n.visibility = ")
                .push_bind(Visibility::Public)
                .push(" OR n.id IN (SELECT organization_id FROM organization_members WHERE user_id = ")
                .push_bind(user)
                .push("))"),
            Viewer::Administrator => query.push(" WHERE n.id > 0"),
        };
        if let Some(member) = self.member {
            query = query
                .push(" AND n.id IN (SELECT a.organization_id FROM organization_members a WHERE a.user_id = ")
                .push_bind(member);
            query = match self.viewer {
                Viewer::Anybody => query.push(" AND a.is_public"),
                Viewer::Person(user) if user == member => query,
                Viewer::Person(user) => query
                    .push(" AND (a.is_public OR a.organization_id IN (SELECT b.organization_id FROM organization_members b WHERE b.user_id = ")
                    .push_bind(user)
                    .push("))"),
                Viewer::Administrator => query,
            }
            .push(")");
        }
        if let Some(creator) = self.creator {
            query = query
                .push(
                    " AND n.id IN (SELECT t.organization_id FROM teams t JOIN team_members m ON m.team_id = t.id \
                     WHERE t.may_create_repositories AND m.user_id = ",
                )
                .push_bind(creator)
                .push(")");
        }
        if let Some(text) = &self.text {
            query = query
                .push(" AND (")
                .contains("o.name_key", text)
                .push(" OR ")
                .contains("lower(o.display_name)", text)
                .push(")");
        }
        query
    }
}

/// By name.
pub async fn list(ask: &mut impl Ask, filter: &Filter, request: PageRequest) -> Result<Vec<Organization>> {
    filter.apply(ask.query(SELECT)).push(" ORDER BY o.name_key").page(request).fetch_all().await
}

pub async fn count(ask: &mut impl Ask, filter: &Filter) -> Result<u64> {
    let count = ask.query("SELECT COUNT(*) FROM organizations n JOIN owners o ON o.id = n.id");
    filter.apply(count).fetch_count().await
}

/// A person's role in an organisation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromRow)]
pub struct Membership {
    /// In one of its teams.
    pub is_member: bool,
    /// In the owners' team.
    pub is_owner: bool,
    /// In a team that may create repositories.
    pub may_create: bool,
}

/// A person's role in an organisation through its teams.
pub async fn find_membership(ask: &mut impl Ask, id: OrganizationId, user: UserId) -> Result<Membership> {
    let (teams, owners, creating): (i64, i64, i64) = ask
        .query(
            "SELECT COUNT(*), COUNT(CASE WHEN t.is_owners THEN 1 END), COUNT(CASE WHEN t.may_create_repositories THEN 1 END) \
             FROM teams t JOIN team_members m ON m.team_id = t.id WHERE t.organization_id = $1 AND m.user_id = $2",
        )
        .bind(id)
        .bind(user)
        .fetch_one()
        .await?;
    Ok(Membership { is_member: teams > 0, is_owner: owners > 0, may_create: creating > 0 })
}
