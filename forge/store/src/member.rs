//! Members of organisations: the people in their teams.

use std::collections::HashMap;

use hearth_core::{OrganizationId, PageRequest, TeamId, Timestamp, UserId, UserName};
use sqlx::FromRow;

use crate::{Ask, Query, Result, Writer};

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Member {
    pub user_id: UserId,
    pub name: UserName,
    pub display_name: String,
    /// Whether their membership is public.
    pub is_public: bool,
    /// Whether they are in the owners' team.
    pub is_owner: bool,
    pub created_at: Timestamp,
}

const SELECT: &str = "SELECT a.user_id, o.name, o.display_name, a.is_public, EXISTS (SELECT 1 FROM team_members m JOIN teams t \
    ON t.id = m.team_id WHERE t.organization_id = a.organization_id AND t.is_owners AND m.user_id = a.user_id) AS is_owner, \
    a.created_at FROM organization_members a JOIN owners o ON o.id = a.user_id WHERE a.organization_id = $1";

/// The members of a team.
const OF_TEAM: &str = "SELECT m.user_id, o.name, o.display_name, a.is_public, t.is_owners AS is_owner, m.created_at \
    FROM team_members m JOIN teams t ON t.id = m.team_id JOIN owners o ON o.id = m.user_id JOIN organization_members a \
    ON a.organization_id = t.organization_id AND a.user_id = m.user_id WHERE m.team_id = $1";

/// Adds a person to a team and, with their first team, to the organisation. `false`: they were already in the
/// team.
pub async fn insert(
    writer: &mut Writer,
    organization: OrganizationId,
    team: TeamId,
    user: UserId,
    now: Timestamp,
) -> Result<bool> {
    let rows = writer
        .query(
            "INSERT INTO team_members (team_id, user_id, created_at) VALUES ($1, $2, $3) ON CONFLICT (team_id, user_id) DO NOTHING",
        )
        .bind(team)
        .bind(user)
        .bind(now)
        .execute()
        .await?;
    writer
        .query(
            "INSERT INTO organization_members (organization_id, user_id, is_public, created_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (organization_id, user_id) DO NOTHING",
        )
        .bind(organization)
        .bind(user)
        .bind(false)
        .bind(now)
        .execute()
        .await?;
    Ok(rows == 1)
}

/// Removes a person from a team. `false`: they were not in it.
pub async fn delete_from_team(writer: &mut Writer, team: TeamId, user: UserId) -> Result<bool> {
    writer
        .query("DELETE FROM team_members WHERE team_id = $1 AND user_id = $2")
        .bind(team)
        .bind(user)
        .execute_on_one()
        .await
}

/// Removes a person from every team of an organisation.
pub async fn delete_from_teams(
    writer: &mut Writer,
    organization: OrganizationId,
    user: UserId,
) -> Result<()> {
    writer
        .query(
            "DELETE FROM team_members WHERE user_id = $2 AND team_id IN (SELECT id FROM teams WHERE organization_id = $1)",
        )
        .bind(organization)
        .bind(user)
        .execute()
        .await?;
    Ok(())
}

/// The members of an organisation who are no longer in any of its teams.
const WITHOUT_TEAM: &str = "(SELECT a.user_id FROM organization_members a WHERE a.organization_id = $1 AND a.user_id NOT IN \
    (SELECT m.user_id FROM team_members m JOIN teams t ON t.id = m.team_id WHERE t.organization_id = $1))";

/// Removes everybody from an organisation who is no longer in any of its teams, with what they were granted
/// in its repositories and the invitations that they sent or that wait for them.
pub async fn delete_without_team(writer: &mut Writer, organization: OrganizationId) -> Result<()> {
    for statement in [
        "DELETE FROM repository_grants WHERE repository_id IN (SELECT id FROM repositories WHERE owner_id = $1) AND user_id IN ",
        "DELETE FROM organization_invitations WHERE organization_id = $1 AND user_id IN ",
        "DELETE FROM organization_invitations WHERE organization_id = $1 AND invited_by IN ",
        "DELETE FROM organization_members WHERE organization_id = $1 AND user_id IN ",
    ] {
        writer.query(statement).push(WITHOUT_TEAM).bind(organization).execute().await?;
    }
    Ok(())
}

pub async fn find(ask: &mut impl Ask, organization: OrganizationId, user: UserId) -> Result<Option<Member>> {
    ask.query(SELECT).push(" AND a.user_id = $2").bind(organization).bind(user).fetch_optional().await
}

/// By name; only public members if `is_public_only`.
pub async fn list(
    ask: &mut impl Ask,
    organization: OrganizationId,
    is_public_only: bool,
    request: PageRequest,
) -> Result<Vec<Member>> {
    let query = narrowed(ask.query(SELECT).bind(organization), is_public_only);
    query.push(" ORDER BY o.name_key").page(request).fetch_all().await
}

pub async fn count(ask: &mut impl Ask, organization: OrganizationId, is_public_only: bool) -> Result<u64> {
    let query = ask.query("SELECT COUNT(*) FROM organization_members a WHERE a.organization_id = $1");
    narrowed(query.bind(organization), is_public_only).fetch_count().await
}

fn narrowed(query: Query<'_>, is_public_only: bool) -> Query<'_> {
    if is_public_only { query.push(" AND a.is_public") } else { query }
}

/// How many members each of these teams has; those without members are left out.
pub async fn count_of_teams(ask: &mut impl Ask, teams: &[TeamId]) -> Result<HashMap<TeamId, u64>> {
    let rows: Vec<(TeamId, i64)> = ask
        .query("SELECT team_id, COUNT(*) FROM team_members WHERE team_id")
        .is_any_of(teams)
        .push(" GROUP BY team_id")
        .fetch_all()
        .await?;
    Ok(rows.into_iter().map(|(team, members)| (team, u64::try_from(members).unwrap_or(0))).collect())
}

/// How many members a team has.
pub async fn count_of_team(ask: &mut impl Ask, team: TeamId) -> Result<u64> {
    ask.query("SELECT COUNT(*) FROM team_members WHERE team_id = $1").bind(team).fetch_count().await
}

/// A member of a team, by name, ignoring case.
pub async fn find_in_team(ask: &mut impl Ask, team: TeamId, name: &str) -> Result<Option<Member>> {
    ask.query(OF_TEAM)
        .push(" AND o.name_key = $2")
        .bind(team)
        .bind(name.to_ascii_lowercase())
        .fetch_optional()
        .await
}

/// The members of a team, by name.
pub async fn list_of_team(ask: &mut impl Ask, team: TeamId, request: PageRequest) -> Result<Vec<Member>> {
    ask.query(OF_TEAM).push(" ORDER BY o.name_key").bind(team).page(request).fetch_all().await
}

/// Sets whether a membership is public. `false`: they are not a member.
pub async fn set_public(
    writer: &mut Writer,
    organization: OrganizationId,
    user: UserId,
    is_public: bool,
) -> Result<bool> {
    writer
        .query("UPDATE organization_members SET is_public = $3 WHERE organization_id = $1 AND user_id = $2")
        .bind(organization)
        .bind(user)
        .bind(is_public)
        .execute_on_one()
        .await
}
