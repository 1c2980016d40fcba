//! Teams of organisations: who may do what in which of its repositories.

use std::collections::HashMap;

use hearth_core::{OrganizationId, PageRequest, Permission, RepositoryId, Roles, TeamId, Timestamp, UserId};
use sqlx::FromRow;

use crate::{
    Ask, Result, Writer,
    grant::{self, Viewer},
};

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Team {
    pub id: TeamId,
    pub organization_id: OrganizationId,
    pub name: String,
    pub description: String,
    /// Whether this is the owners' team, which may do everything.
    pub is_owners: bool,
    /// Has access to every repository of the organisation, including later ones.
    pub has_all_repositories: bool,
    pub may_create_repositories: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// A team that a text names, by the keys of its organisation's name and of its own.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct NamedTeam {
    pub id: TeamId,
    pub organization: String,
    pub team: String,
}

/// The editable fields of a team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fields {
    pub name: String,
    pub description: String,
    pub has_all_repositories: bool,
    pub may_create_repositories: bool,
    pub roles: Roles,
}

const SELECT: &str = "SELECT t.id, t.organization_id, t.name, t.description, t.is_owners, t.has_all_repositories, \
    t.may_create_repositories, t.created_at, t.updated_at FROM teams t";

/// Fails with [`crate::Error::Taken`] if the organisation has a team of this name.
pub async fn insert(
    writer: &mut Writer,
    organization: OrganizationId,
    is_owners: bool,
    fields: &Fields,
    now: Timestamp,
) -> Result<TeamId> {
    let (id,): (TeamId,) = writer
        .query(
            "INSERT INTO teams (organization_id, name, name_key, description, is_owners, has_all_repositories, \
             may_create_repositories, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8) RETURNING id",
        )
        .bind(organization)
        .bind(fields.name.clone())
        .bind(fields.name.to_lowercase())
        .bind(fields.description.clone())
        .bind(is_owners)
        .bind(fields.has_all_repositories)
        .bind(fields.may_create_repositories)
        .bind(now)
        .fetch_one()
        .await?;
    set_roles(writer, id, &fields.roles).await?;
    Ok(id)
}

/// Fails with [`crate::Error::Taken`] if the organisation has another team of this name.
pub async fn update(writer: &mut Writer, id: TeamId, fields: &Fields, now: Timestamp) -> Result<()> {
    writer
        .query(
            "UPDATE teams SET name = $2, name_key = $3, description = $4, has_all_repositories = $5, \
             may_create_repositories = $6, updated_at = $7 WHERE id = $1",
        )
        .bind(id)
        .bind(fields.name.clone())
        .bind(fields.name.to_lowercase())
        .bind(fields.description.clone())
        .bind(fields.has_all_repositories)
        .bind(fields.may_create_repositories)
        .bind(now)
        .execute()
        .await?;
    set_roles(writer, id, &fields.roles).await
}

async fn set_roles(writer: &mut Writer, id: TeamId, roles: &Roles) -> Result<()> {
    writer.query("DELETE FROM team_grants WHERE team_id = $1").bind(id).execute().await?;
    for (unit, permission) in roles.lines() {
        writer
            .query("INSERT INTO team_grants (team_id, unit, permission) VALUES ($1, $2, $3)")
            .bind(id)
            .bind(unit)
            .bind(permission)
            .execute()
            .await?;
    }
    Ok(())
}

/// The roles of these teams in their repositories.
pub async fn list_roles(ask: &mut impl Ask, ids: &[TeamId]) -> Result<HashMap<TeamId, Roles>> {
    let rows: Vec<(TeamId, String, Permission)> = ask
        .query("SELECT team_id, unit, permission FROM team_grants WHERE team_id")
        .is_any_of(ids)
        .fetch_all()
        .await?;
    let mut all: HashMap<TeamId, Roles> = HashMap::new();
    for (team, unit, permission) in rows {
        all.entry(team).or_default().merge(&grant::roles_of(&[(unit, permission)])?);
    }
    Ok(all)
}

pub async fn delete(writer: &mut Writer, id: TeamId) -> Result<()> {
    writer.query("DELETE FROM teams WHERE id = $1").bind(id).execute().await?;
    Ok(())
}

pub async fn find(ask: &mut impl Ask, id: TeamId) -> Result<Option<Team>> {
    ask.query(SELECT).push(" WHERE t.id = $1").bind(id).fetch_optional().await
}

/// By name, ignoring case.
pub async fn find_by_name(
    ask: &mut impl Ask,
    organization: OrganizationId,
    name: &str,
) -> Result<Option<Team>> {
    ask.query(SELECT)
        .push(" WHERE t.organization_id = $1 AND t.name_key = $2")
        .bind(organization)
        .bind(name.to_lowercase())
        .fetch_optional()
        .await
}

/// The existing ones among these pairs of an organisation's name and a team's, both lowercase, of organisations
/// that the viewer is in; in no order.
pub async fn find_named(
    ask: &mut impl Ask,
    names: &[(&str, &str)],
    viewer: Viewer,
) -> Result<Vec<NamedTeam>> {
    let organizations: Vec<&str> = names.iter().map(|(organization, _)| *organization).collect();
    let whole: Vec<String> =
        names.iter().map(|(organization, team)| format!("{organization}/{team}")).collect();
    // Organisations are found by their index; whole names alone would be compared with every team.
    let query = ask
        .query(
            "SELECT t.id, o.name_key AS organization, t.name_key AS team FROM owners o \
             JOIN teams t ON t.organization_id = o.id WHERE o.name_key",
        )
        .is_any_of(organizations.as_slice())
        .push(" AND (o.name_key || '/' || t.name_key)")
        .is_any_of(whole.as_slice());
    let query = match viewer {
        Viewer::Anybody => return Ok(Vec::new()),
        Viewer::Person(user) => query
            .push(" AND o.id IN (SELECT a.organization_id FROM organization_members a WHERE a.user_id = ")
            .push_bind(user)
            .push(")"),
        Viewer::Administrator => query,
    };
    query.fetch_all().await
}

/// The owners' team first, then by name; only the teams of one person if one is given. They are few, see
/// `limits.teams`.
pub async fn list(
    ask: &mut impl Ask,
    organization: OrganizationId,
    member: Option<UserId>,
) -> Result<Vec<Team>> {
    let query = ask.query(SELECT).push(" WHERE t.organization_id = $1").bind(organization);
    let query = match member {
        Some(user) => query
            .push(" AND t.id IN (SELECT team_id FROM team_members WHERE user_id = ")
            .push_bind(user)
            .push(")"),
        None => query,
    };
    query.push(" ORDER BY CASE WHEN t.is_owners THEN 0 ELSE 1 END, t.name_key").fetch_all().await
}

/// All teams of a person, by organisation and name.
pub async fn list_of_person(ask: &mut impl Ask, user: UserId, request: PageRequest) -> Result<Vec<Team>> {
    ask.query(SELECT)
        .push(" JOIN team_members m ON m.team_id = t.id WHERE m.user_id = $1 ORDER BY t.organization_id, t.name_key")
        .bind(user)
        .page(request)
        .fetch_all()
        .await
}

/// All teams that a person is in.
pub async fn list_ids_of_person(ask: &mut impl Ask, user: UserId) -> Result<Vec<TeamId>> {
    let rows: Vec<(TeamId,)> =
        ask.query("SELECT team_id FROM team_members WHERE user_id = $1").bind(user).fetch_all().await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

pub async fn count_of_person(ask: &mut impl Ask, user: UserId) -> Result<u64> {
    ask.query("SELECT COUNT(*) FROM team_members WHERE user_id = $1").bind(user).fetch_count().await
}

/// The teams with access to a repository.
pub async fn list_of_repository(ask: &mut impl Ask, repository: RepositoryId) -> Result<Vec<Team>> {
    ask.query(SELECT)
        .push(
            " JOIN repositories r ON r.owner_id = t.organization_id WHERE r.id = $1 AND (t.has_all_repositories OR EXISTS \
             (SELECT 1 FROM team_repositories c WHERE c.team_id = t.id AND c.repository_id = r.id)) \
             ORDER BY CASE WHEN t.is_owners THEN 0 ELSE 1 END, t.name_key",
        )
        .bind(repository)
        .fetch_all()
        .await
}

pub async fn count(ask: &mut impl Ask, organization: OrganizationId) -> Result<u64> {
    ask.query("SELECT COUNT(*) FROM teams WHERE organization_id = $1").bind(organization).fetch_count().await
}

/// Gives a team access to a repository. `false`: it already had access.
pub async fn insert_repository(
    writer: &mut Writer,
    id: TeamId,
    repository: RepositoryId,
    now: Timestamp,
) -> Result<bool> {
    writer
        .query(
            "INSERT INTO team_repositories (team_id, repository_id, created_at) VALUES ($1, $2, $3) \
             ON CONFLICT (team_id, repository_id) DO NOTHING",
        )
        .bind(id)
        .bind(repository)
        .bind(now)
        .execute_on_one()
        .await
}

/// Revokes a team's access to a repository. `false`: it had none.
pub async fn delete_repository(writer: &mut Writer, id: TeamId, repository: RepositoryId) -> Result<bool> {
    writer
        .query("DELETE FROM team_repositories WHERE team_id = $1 AND repository_id = $2")
        .bind(id)
        .bind(repository)
        .execute_on_one()
        .await
}

/// Revokes every team's access to the repository.
pub async fn forget_repository(writer: &mut Writer, repository: RepositoryId) -> Result<()> {
    writer.query("DELETE FROM team_repositories WHERE repository_id = $1").bind(repository).execute().await?;
    Ok(())
}
