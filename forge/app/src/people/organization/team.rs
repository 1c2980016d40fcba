//! Teams: members of an organisation who have the same permissions in the same repositories.

use hearth_core::{
    Action, Administer, Conflict, Error, FieldErrors, Kind, OrganizationId, Page, PageRequest, Permission,
    Read, RepositoryId, Result, Roles, Scope, TeamId, Timestamp, UserId, Visibility,
    event::{Audience, OrganizationEvent, Subject},
};
use hearth_store::{
    Ask, Meaning as _, member as member_row, organization,
    repository::{self, Repository},
    team as row, user,
};

pub use hearth_store::{member::Member, team::Team};

use super::{
    Organization, lock, member, record,
    team_rights::{note, rights, rights_of},
};
use crate::{Access, Actor, App, Operation, access, user::line};

const LONGEST_DESCRIPTION: usize = 500;
/// Path segments that addresses use where a team's name stands.
const RESERVED: &[&str] = &["new", ".", ".."];

/// The fields of a team that a person may set.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    pub name: String,
    pub description: String,
    /// Works in every repository of the organisation, including future ones.
    pub has_all_repositories: bool,
    pub may_create_repositories: bool,
    pub roles: Roles,
}

/// Changes to a team; what is left out stays unchanged.
#[derive(Clone, Debug, Default)]
pub struct Edit {
    pub name: Option<String>,
    pub description: Option<String>,
    pub has_all_repositories: Option<bool>,
    pub may_create_repositories: Option<bool>,
    pub roles: Option<Roles>,
    /// When the team was last changed, as the person saw it: a later change is not overwritten.
    pub seen: Option<Timestamp>,
}

/// A team with its permissions and its number of members.
#[derive(Clone, Debug)]
pub struct TeamInfo {
    pub team: Team,
    pub roles: Roles,
    pub members: u64,
}

fn check(fields: Fields) -> Result<row::Fields> {
    let mut errors = FieldErrors::default();
    let name = line(&mut errors, "name", &fields.name);
    // The name is part of an address.
    if name.is_empty() {
        errors.add("name", "required");
    } else if name.contains('/') {
        errors.add("name", "characters");
    } else if RESERVED.iter().any(|word| name.eq_ignore_ascii_case(word)) {
        errors.add("name", "name-reserved");
    }
    let description = fields.description.trim().to_owned();
    if description.chars().count() > LONGEST_DESCRIPTION {
        errors.add("description", "too-long");
    }
    if fields.roles.is_empty() {
        errors.add("roles", "required");
    }
    errors.into_result()?;
    Ok(row::Fields {
        name,
        description,
        has_all_repositories: fields.has_all_repositories,
        may_create_repositories: fields.may_create_repositories,
        roles: fields.roles,
    })
}

/// Creates a team without members and without selected repositories.
pub async fn create(
    app: &App,
    access: &Access<Administer, Organization>,
    fields: Fields,
) -> Result<TeamInfo> {
    let fields = check(fields)?;
    let id = access.organization().id;
    let mut operation = app.begin().await?;
    let organization = lock(&mut operation, id).await?;
    if row::count(&mut operation, id).await? >= app.limits().teams {
        return Err(Error::TooLarge(app.limits().teams_of_organization()));
    }
    let team = row::insert(&mut operation, id, false, &fields, app.now()).await;
    let team = team.on_taken(Conflict::NameTaken)?;
    let is = rights(&fields);
    note(&mut operation, access.actor(), (&organization, fields.name.as_str()), "created", (None, Some(is)))
        .await?;
    let (team_name, roles) = (fields.name, fields.roles);
    let event = OrganizationEvent::TeamCreated { organization: organization.name, team: team_name, roles };
    record(&mut operation, access.actor().user_id(), id, event).await?;
    finish(operation, team).await
}

/// Changes a team. For the owners' team, only the description may change.
pub async fn edit(
    app: &App,
    access: &Access<Administer, Organization>,
    team: TeamId,
    edit: Edit,
) -> Result<TeamInfo> {
    let (mut operation, organization, before) = begin(app, access, team).await?;
    if edit.seen.is_some_and(|seen| seen != before.updated_at) {
        return Err(Error::Conflict(Conflict::StaleEdit));
    }
    let before = info(&mut operation, before).await?;
    let was = rights_of(&before);
    let fields = Fields {
        name: edit.name.unwrap_or_else(|| before.team.name.clone()),
        description: edit.description.unwrap_or(before.team.description),
        has_all_repositories: edit.has_all_repositories.unwrap_or(before.team.has_all_repositories),
        may_create_repositories: edit.may_create_repositories.unwrap_or(before.team.may_create_repositories),
        roles: edit.roles.unwrap_or_else(|| before.roles.clone()),
    };
    if before.team.is_owners {
        let is_kept = fields.name.trim() == before.team.name
            && fields.has_all_repositories
            && fields.may_create_repositories
            && fields.roles == before.roles;
        if !is_kept {
            return Err(Error::Conflict(Conflict::OwnersTeam));
        }
    }
    let fields = check(fields)?;
    row::update(&mut operation, team, &fields, app.now()).await.on_taken(Conflict::NameTaken)?;
    let is = rights(&fields);
    if is != was {
        let values = (Some(was), Some(is));
        note(&mut operation, access.actor(), (&organization, fields.name.as_str()), "edited", values).await?;
    }
    let (team_name, roles) = (fields.name, fields.roles);
    let event = OrganizationEvent::TeamEdited { organization: organization.name, team: team_name, roles };
    record(&mut operation, access.actor().user_id(), organization.id, event).await?;
    finish(operation, team).await
}

async fn finish(mut operation: Operation, team: TeamId) -> Result<TeamInfo> {
    let team = row::find(&mut operation, team).await?.ok_or(Error::NotFound(Kind::Team))?;
    let info = info(&mut operation, team).await?;
    operation.commit().await?;
    Ok(info)
}

async fn info(ask: &mut impl Ask, team: Team) -> Result<TeamInfo> {
    let mut all = infos(ask, vec![team]).await?;
    all.pop().ok_or_else(|| Error::internal("one team was given"))
}

async fn infos(ask: &mut impl Ask, teams: Vec<Team>) -> Result<Vec<TeamInfo>> {
    let ids: Vec<TeamId> = teams.iter().map(|team| team.id).collect();
    let mut roles = row::list_roles(ask, &ids).await?;
    let members = member_row::count_of_teams(ask, &ids).await?;
    let info = |team: Team| TeamInfo {
        roles: roles.remove(&team.id).unwrap_or_default(),
        members: members.get(&team.id).copied().unwrap_or(0),
        team,
    };
    Ok(teams.into_iter().map(info).collect())
}

/// Begins an operation that locks the organisation, and finds its team.
async fn begin(
    app: &App,
    access: &Access<Administer, Organization>,
    team: TeamId,
) -> Result<(Operation, Organization, Team)> {
    let mut operation = app.begin().await?;
    let (organization, team) = lock_team(&mut operation, access, team).await?;
    Ok((operation, organization, team))
}

async fn lock_team(
    operation: &mut Operation,
    access: &Access<Administer, Organization>,
    team: TeamId,
) -> Result<(Organization, Team)> {
    let organization = lock(operation, access.organization().id).await?;
    let found = row::find(operation, team).await?;
    let found = found.filter(|team| team.organization_id == organization.id);
    Ok((organization, found.ok_or(Error::NotFound(Kind::Team))?))
}

/// Deletes a team. Whoever was in no other team leaves the organisation.
pub async fn delete(app: &App, access: &Access<Administer, Organization>, team: TeamId) -> Result<()> {
    let (mut operation, organization, found) = begin(app, access, team).await?;
    if found.is_owners {
        return Err(Error::Conflict(Conflict::OwnersTeam));
    }
    let was = rights_of(&info(&mut operation, found.clone()).await?);
    row::delete(&mut operation, team).await?;
    member_row::delete_without_team(&mut operation, organization.id).await?;
    note(&mut operation, access.actor(), (&organization, found.name.as_str()), "deleted", (Some(was), None))
        .await?;
    let event = OrganizationEvent::TeamDeleted { organization: organization.name, team: found.name };
    record(&mut operation, access.actor().user_id(), organization.id, event).await?;
    operation.commit().await
}

/// The teams of an organisation, owners first: for its members.
pub async fn list(app: &App, access: &Access<Read, Organization>) -> Result<Vec<TeamInfo>> {
    if !access.inside() {
        return Err(Error::NotFound(Kind::Team));
    }
    let mut reader = app.store().read().await?;
    let teams = row::list(&mut reader, access.organization().id, None).await?;
    infos(&mut reader, teams).await
}

/// The teams that the actor is in, across all organisations, each with its organisation.
pub async fn list_mine(
    app: &App,
    actor: &Actor,
    request: PageRequest,
) -> Result<Page<(Organization, TeamInfo)>> {
    actor.require(Scope::ReadOrganization)?;
    let user = actor.signed_in()?.id;
    let mut reader = app.store().read().await?;
    let teams = row::list_of_person(&mut reader, user, request).await?;
    let total = row::count_of_person(&mut reader, user).await?;
    let ids: Vec<OrganizationId> = teams.iter().map(|team| team.organization_id).collect();
    let organizations = organization::find_all(&mut reader, &ids).await?;
    let infos = infos(&mut reader, teams).await?;
    let with_organization = |info: TeamInfo| {
        let organization = organizations.iter().find(|row| row.id == info.team.organization_id)?;
        Some((organization.clone(), info))
    };
    Ok(Page { items: infos.into_iter().filter_map(with_organization).collect(), total, request })
}

/// Finds a team by its name, ignoring case: for members of its organisation.
pub async fn find_by_name(app: &App, access: &Access<Read, Organization>, name: &str) -> Result<TeamInfo> {
    let mut reader = app.store().read().await?;
    let found = row::find_by_name(&mut reader, access.organization().id, name).await?;
    let found = found.filter(|_| access.inside()).ok_or(Error::NotFound(Kind::Team))?;
    info(&mut reader, found).await
}

/// Finds a team by its id, with its organisation: for members of it.
pub async fn open(app: &App, actor: &Actor, id: TeamId) -> Result<(Access<Read, Organization>, TeamInfo)> {
    let none = || Error::NotFound(Kind::Team);
    let mut reader = app.store().read().await?;
    let team = row::find(&mut reader, id).await?.ok_or_else(none)?;
    let info = info(&mut reader, team).await?;
    drop(reader);
    let entered = access::open_organization_by_id(app, actor, info.team.organization_id).await;
    match entered {
        Ok(access) if access.inside() => Ok((access, info)),
        Ok(_) | Err(Error::NotFound(_)) => Err(none()),
        Err(other) => Err(other),
    }
}

/// Fails unless it is a team of this organisation, and the actor is inside.
async fn check_inside(ask: &mut impl Ask, access: &Access<Read, Organization>, team: TeamId) -> Result<()> {
    let found = row::find(ask, team).await?;
    let is_ours = found.is_some_and(|team| team.organization_id == access.organization().id);
    if is_ours && access.inside() { Ok(()) } else { Err(Error::NotFound(Kind::Team)) }
}

/// The members of a team, by name: for members of the organisation.
pub async fn members(
    app: &App,
    access: &Access<Read, Organization>,
    team: TeamId,
    request: PageRequest,
) -> Result<Page<Member>> {
    let mut reader = app.store().read().await?;
    check_inside(&mut reader, access, team).await?;
    let items = member_row::list_of_team(&mut reader, team, request).await?;
    Ok(Page::of(items, request, member_row::count_of_team(&mut reader, team)).await?)
}

/// A member of a team, by name, ignoring case: for members of the organisation.
pub async fn find_member(
    app: &App,
    access: &Access<Read, Organization>,
    team: TeamId,
    name: &str,
) -> Result<Member> {
    let mut reader = app.store().read().await?;
    check_inside(&mut reader, access, team).await?;
    let found = member_row::find_in_team(&mut reader, team, name).await?;
    found.ok_or(Error::NotFound(Kind::Member))
}

/// Adds a person to a team, and thereby to the organisation. Does nothing if they are already in it.
pub async fn add_member(
    app: &App,
    access: &Access<Administer, Organization>,
    team: TeamId,
    name: &str,
) -> Result<()> {
    let (mut operation, organization, team) = begin(app, access, team).await?;
    let found = user::find_by_name(&mut operation, name.trim()).await?;
    let person = found.filter(|user| !user.is_blocked).ok_or(Error::field("name", "unknown-person"))?;
    check_room(app, &mut operation, &organization, person.id).await?;
    let who = (person.id, &person.name);
    member::add(&mut operation, access.actor().user_id(), &organization, &team, who).await?;
    operation.commit().await
}

/// Fails if the organisation is full and this person is not in it.
pub(super) async fn check_room(
    app: &App,
    operation: &mut Operation,
    organization: &Organization,
    person: UserId,
) -> Result<()> {
    if member_row::find(operation, organization.id, person).await?.is_some() {
        return Ok(());
    }
    if member_row::count(operation, organization.id, false).await? >= app.limits().members {
        return Err(Error::TooLarge(app.limits().members_of_organization()));
    }
    Ok(())
}

/// Removes a person from a team; leaving their last team removes them from the organisation. There is always
/// an owner.
pub async fn remove_member(
    app: &App,
    access: &Access<Administer, Organization>,
    team: TeamId,
    name: &str,
) -> Result<()> {
    let (mut operation, organization, team) = begin(app, access, team).await?;
    let person = user::find_by_name(&mut operation, name).await?.ok_or(Error::NotFound(Kind::Member))?;
    if !member_row::delete_from_team(&mut operation, team.id, person.id).await? {
        return Err(Error::NotFound(Kind::Member));
    }
    member_row::delete_without_team(&mut operation, organization.id).await?;
    if team.is_owners {
        member::check_owners(&mut operation, organization.id).await?;
    }
    let (id, organization, user) = (organization.id, organization.name, person.name);
    let event = OrganizationEvent::MemberRemoved { organization, team: team.name, user };
    record(&mut operation, access.actor().user_id(), id, event).await?;
    operation.commit().await
}

/// The repositories in which a team works, as far as the actor may see them, by name.
pub async fn repositories(
    app: &App,
    access: &Access<Read, Organization>,
    team: TeamId,
    request: PageRequest,
) -> Result<Page<Repository>> {
    let mut reader = app.store().read().await?;
    check_inside(&mut reader, access, team).await?;
    let viewer = crate::repository::viewer(access.actor());
    let filter = repository::Filter {
        viewer,
        team: Some(team),
        order: repository::Order::Name,
        ..repository::Filter::default()
    };
    let items = repository::list(&mut reader, &filter, request).await?;
    Ok(Page::of(items, request, repository::count(&mut reader, &filter)).await?)
}

/// The teams that work in an organisation's repository: for those who may administer it. A person's
/// repository has none.
pub async fn of_repository(app: &App, access: &Access<Read>) -> Result<Vec<TeamInfo>> {
    if !access.can(Permission::Administer) {
        return Err(Error::Forbidden(Action::Administer));
    }
    let mut reader = app.store().read().await?;
    let teams = row::list_of_repository(&mut reader, access.repository().id).await?;
    infos(&mut reader, teams).await
}

/// Lets a team work in one more repository of its organisation.
pub async fn add_repository(
    app: &App,
    access: &Access<Administer, Organization>,
    team: TeamId,
    repository: RepositoryId,
) -> Result<()> {
    let (mut operation, organization, team, found) = begin_in(app, access, team, repository).await?;
    if row::insert_repository(&mut operation, team.id, repository, app.now()).await? {
        let event = OrganizationEvent::TeamRepositoryAdded {
            organization: organization.name,
            team: team.name,
            repository: found.name.to_string(),
        };
        record_of_repository(&mut operation, access.actor(), &found, event).await?;
    }
    operation.commit().await
}

/// Records which repository a team works in; members who may not see the repository do not hear of it.
async fn record_of_repository(
    operation: &mut Operation,
    actor: &Actor,
    repository: &Repository,
    event: OrganizationEvent,
) -> Result<()> {
    let organization = OrganizationId(repository.owner_id.0);
    let audience = match repository.visibility {
        Visibility::Public => Audience::Organization(organization),
        Visibility::Private => Audience::Repository(repository.id),
    };
    operation.record(actor.user_id(), Subject::Organization(organization), audience, event).await?;
    Ok(())
}

/// Removes a repository from a team. This does not limit a team that works in all of them.
pub async fn remove_repository(
    app: &App,
    access: &Access<Administer, Organization>,
    team: TeamId,
    repository: RepositoryId,
) -> Result<()> {
    let (mut operation, organization, team, found) = begin_in(app, access, team, repository).await?;
    if !row::delete_repository(&mut operation, team.id, repository).await? {
        return Err(Error::NotFound(Kind::Repository));
    }
    let event = OrganizationEvent::TeamRepositoryRemoved {
        organization: organization.name,
        team: team.name,
        repository: found.name.to_string(),
    };
    record_of_repository(&mut operation, access.actor(), &found, event).await?;
    operation.commit().await
}

/// The same as [`begin`], with a repository of the organisation. As everywhere, repositories are locked
/// before organisations.
async fn begin_in(
    app: &App,
    access: &Access<Administer, Organization>,
    team: TeamId,
    repository: RepositoryId,
) -> Result<(Operation, Organization, Team, Repository)> {
    let mut operation = app.begin().await?;
    let found = repository::lock(&mut operation, repository).await?;
    let found = found.filter(|row| row.owner_id == access.organization().id);
    let found = found.ok_or(Error::NotFound(Kind::Repository))?;
    let (organization, team) = lock_team(&mut operation, access, team).await?;
    Ok((operation, organization, team, found))
}
