//! Who may do what in which repository. The view `grants` is the only source: owners, collaborators of single
//! repositories, and members of teams. What everybody may do follows from the repository's visibility alone.

use hearth_core::{Permission, RepositoryId, Roles, Timestamp, Unit, UserId, UserName, Visibility};
use sqlx::FromRow;

use crate::{Ask, Error, Query, Result, Writer};

/// For whom a list is produced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Viewer {
    /// Sees what is public.
    #[default]
    Anybody,
    /// Also sees what they have been granted access to.
    Person(UserId),
    /// Sees everything.
    Administrator,
}

/// A person's permissions in a repository by grants; empty: no more than everybody has.
pub async fn find_roles(ask: &mut impl Ask, repository: RepositoryId, user: UserId) -> Result<Roles> {
    let lines: Vec<(String, Permission)> = ask
        .query("SELECT g.unit, g.permission FROM grants g WHERE g.repository_id = $1 AND g.user_id = $2")
        .bind(repository)
        .bind(user)
        .fetch_all()
        .await?;
    roles_of(&lines)
}

/// Everybody who has a grant in a repository and may sign in, by name.
pub async fn list_people(ask: &mut impl Ask, repository: RepositoryId, most: u64) -> Result<Vec<UserName>> {
    let rows: Vec<(UserName, String)> = ask
        .query(
            "SELECT o.name, o.name_key FROM owners o JOIN users p ON p.id = o.id WHERE p.is_blocked = $2 \
             AND o.id IN (SELECT g.user_id FROM grants g WHERE g.repository_id = $1) ORDER BY o.name_key",
        )
        .bind(repository)
        .bind(false)
        .limit(most)
        .fetch_all()
        .await?;
    Ok(rows.into_iter().map(|(name, _)| name).collect())
}

/// Those of [`list_people`] who may do at least `least` in a unit.
pub async fn list_people_who_may(
    ask: &mut impl Ask,
    repository: RepositoryId,
    unit: Unit,
    least: Permission,
    most: u64,
) -> Result<Vec<UserName>> {
    let enough: Vec<Permission> = Permission::ALL.iter().copied().filter(|held| *held >= least).collect();
    let rows: Vec<(UserName, String)> = ask
        .query("SELECT o.name, o.name_key FROM owners o JOIN users p ON p.id = o.id WHERE p.is_blocked = ")
        .push_bind(false)
        .push(" AND o.id IN (SELECT g.user_id FROM grants g WHERE g.repository_id = ")
        .push_bind(repository)
        .push(" AND g.unit IN ('*', ")
        .push_bind(unit)
        .push(") AND g.permission")
        .is_one_of(enough)
        .push(") ORDER BY o.name_key")
        .limit(most)
        .fetch_all()
        .await?;
    Ok(rows.into_iter().map(|(name, _)| name).collect())
}

/// The roles that rows of unit and permission make together.
pub(crate) fn roles_of(lines: &[(String, Permission)]) -> Result<Roles> {
    let lines = lines.iter().map(|(unit, permission)| (unit.as_str(), *permission));
    Roles::of_lines(lines).map_err(|error| Error::Statement(sqlx::Error::Decode(Box::new(error))))
}

/// The part of a repository that the viewer must be able to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Any part: they may know that the repository exists.
    Any,
    Unit(Unit),
    /// The one that an event `e` is about.
    OfEvent,
    /// The one that a reference `f` comes from.
    OfReference,
}

/// Appends the condition that the viewer may see that part of the repository `r`.
pub(crate) fn visible_to(query: Query<'_>, viewer: Viewer, part: Part) -> Query<'_> {
    match viewer {
        Viewer::Anybody => query.push(" AND r.visibility = ").push_bind(Visibility::Public),
        Viewer::Person(user) => {
            let query = query.push(" AND (r.visibility = ").push_bind(Visibility::Public).push(" OR ");
            is_granted(query, user, part).push(")")
        }
        Viewer::Administrator => query,
    }
}

/// Appends the condition that the viewer may see what happened in that part of the repository `r`. They must
/// be able to read it now; if that is only because it is public, it must also have been public then:
/// `was_public` is that column.
pub(crate) fn seen_when_it_happened<'c>(
    query: Query<'c>,
    viewer: Viewer,
    part: Part,
    was_public: &'static str,
) -> Query<'c> {
    match viewer {
        Viewer::Administrator => query,
        Viewer::Anybody => visible_to(query, viewer, part).push(" AND ").push(was_public),
        Viewer::Person(user) => {
            let query = query.push(" AND ((r.visibility = ").push_bind(Visibility::Public);
            let query = query.push(" AND ").push(was_public).push(") OR ");
            is_granted(query, user, part).push(")")
        }
    }
}

/// The kinds of events that name who else has to do with a repository, and what is demanded of whom. Only those who may write in it see
/// them, as they see its collaborators, also where it is public.
pub(crate) const OF_SETTINGS: &str = "('repository.transfer_ended', 'collaborator.changed', 'collaborator.removed', 'branch_rule.created', \
      'branch_rule.edited', 'branch_rule.deleted', 'branch_rule.bypassed')";

/// Appends the condition that the person has a grant for that part of the repository `r`. Their grants are
/// read once, not once per row.
pub(crate) fn is_granted(query: Query<'_>, user: UserId, part: Part) -> Query<'_> {
    match part {
        Part::Any => granted(query, user, Grant::Any),
        Part::Unit(unit) => granted(query, user, Grant::In(unit)),
        Part::OfEvent => {
            let query = query.push("CASE WHEN e.kind IN ").push(OF_SETTINGS);
            let query = granted(query.push(" THEN "), user, Grant::ToWrite);
            let query = granted(query.push(" WHEN e.subject = 'issue' THEN "), user, Grant::In(Unit::Issues));
            let query = granted(query.push(" WHEN e.subject = 'task' THEN "), user, Grant::In(Unit::Tasks));
            let query = query.push(" WHEN e.subject = 'pull-request' THEN ");
            let query = granted(query, user, Grant::In(Unit::Pulls));
            granted(query.push(" ELSE "), user, Grant::In(Unit::Code)).push(" END")
        }
        Part::OfReference => {
            let query = query.push("CASE WHEN f.source_thread_id IS NULL THEN ");
            let query = granted(query, user, Grant::In(Unit::Code)).push(
                " WHEN EXISTS (SELECT 1 FROM pull_requests p WHERE p.thread_id = f.source_thread_id) THEN ",
            );
            let query = granted(query, user, Grant::In(Unit::Pulls));
            granted(query.push(" ELSE "), user, Grant::In(Unit::Issues)).push(" END")
        }
    }
}

/// Which grants count.
#[derive(Clone, Copy)]
enum Grant {
    Any,
    In(Unit),
    /// To write or more, in any unit.
    ToWrite,
}

fn granted(query: Query<'_>, user: UserId, grant: Grant) -> Query<'_> {
    let query =
        query.push("r.id IN (SELECT g.repository_id FROM grants g WHERE g.user_id = ").push_bind(user);
    let query = match grant {
        Grant::Any => query,
        Grant::In(unit) => query.push(" AND g.unit").is_one_of([Roles::WHOLE, unit.as_str()]),
        Grant::ToWrite => query.push(" AND g.permission <> ").push_bind(Permission::Read),
    };
    query.push(")")
}

/// A person with direct grants in a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collaborator {
    pub id: UserId,
    pub name: UserName,
    pub display_name: String,
    pub roles: Roles,
}

#[derive(FromRow)]
struct Line {
    id: UserId,
    name: UserName,
    display_name: String,
    unit: String,
    permission: Permission,
}

/// The direct collaborators of this repository, by name. They are few, see `limits.collaborators`.
pub async fn list_collaborators(ask: &mut impl Ask, repository: RepositoryId) -> Result<Vec<Collaborator>> {
    let lines: Vec<Line> = ask
        .query(
            "SELECT o.id, o.name, o.display_name, c.unit, c.permission FROM repository_grants c JOIN owners o ON o.id = c.user_id \
             WHERE c.repository_id = $1 ORDER BY o.name_key, c.unit",
        )
        .bind(repository)
        .fetch_all()
        .await?;
    let mut people: Vec<Collaborator> = Vec::new();
    for Line { id, name, display_name, unit, permission } in lines {
        let roles = roles_of(&[(unit, permission)])?;
        match people.last_mut().filter(|last| last.id == id) {
            Some(last) => last.roles.merge(&roles),
            None => people.push(Collaborator { id, name, display_name, roles }),
        }
    }
    Ok(people)
}

/// A person's direct grants in this repository; empty: none.
pub async fn find_direct_roles(ask: &mut impl Ask, repository: RepositoryId, user: UserId) -> Result<Roles> {
    let lines: Vec<(String, Permission)> = ask
        .query("SELECT unit, permission FROM repository_grants WHERE repository_id = $1 AND user_id = $2")
        .bind(repository)
        .bind(user)
        .fetch_all()
        .await?;
    roles_of(&lines)
}

/// How many direct collaborators this repository has.
pub async fn count_collaborators(ask: &mut impl Ask, repository: RepositoryId) -> Result<u64> {
    ask.query("SELECT COUNT(DISTINCT user_id) FROM repository_grants WHERE repository_id = $1")
        .bind(repository)
        .fetch_count()
        .await
}

/// Grants a person these roles in a repository, replacing earlier ones.
pub async fn set_roles(
    writer: &mut Writer,
    repository: RepositoryId,
    user: UserId,
    roles: &Roles,
    now: Timestamp,
) -> Result<()> {
    revoke(writer, repository, user).await?;
    for (unit, permission) in roles.lines() {
        writer
            .query(
                "INSERT INTO repository_grants (repository_id, user_id, unit, permission, created_at) VALUES ($1, $2, $3, $4, $5)",
            )
            .bind(repository)
            .bind(user)
            .bind(unit)
            .bind(permission)
            .bind(now)
            .execute()
            .await?;
    }
    Ok(())
}

/// Revokes a person's direct grants in a repository. `false`: there were none.
pub async fn revoke(writer: &mut Writer, repository: RepositoryId, user: UserId) -> Result<bool> {
    let rows = writer
        .query("DELETE FROM repository_grants WHERE repository_id = $1 AND user_id = $2")
        .bind(repository)
        .bind(user)
        .execute()
        .await?;
    Ok(rows > 0)
}
