//! Lists of people and teams in a rule: as names in forms, as ids in the rule.

use hearth_core::{Administer, Error, Result, TeamId, UserId, WhoMay};
use hearth_store::{team, user};

use super::{MOST_LISTED, Rights};
use crate::{Access, App};

/// Those whom a rule lists, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    pub people: Vec<String>,
    /// Teams of the organisation that owns the repository, without its name.
    pub teams: Vec<String>,
}

/// The list of these names. People must have write access, and teams must work in the repository: others are not meant by
/// any rule. `field` is the field of the form.
pub async fn who_may(
    app: &App,
    access: &Access<Administer>,
    field: &'static str,
    names: &Names,
) -> Result<WhoMay> {
    if names.people.len() + names.teams.len() > MOST_LISTED {
        return Err(Error::field(field, "too-many"));
    }
    let mut reader = app.store().read().await?;
    let mut people: Vec<UserId> = Vec::new();
    for name in &names.people {
        let found = user::find_by_name(&mut reader, name.trim().trim_start_matches('@')).await?;
        let person = found.ok_or_else(|| Error::field(field, "unknown-person"))?;
        let rights = Rights::of_person(&mut reader, access.repository(), &person).await?;
        if !rights.may_write {
            return Err(Error::field(field, "unknown-person"));
        }
        people.push(person.id);
    }
    let mut teams: Vec<TeamId> = Vec::new();
    let known = team::list_of_repository(&mut reader, access.repository().id).await?;
    for name in &names.teams {
        let short = short_name(access, name).to_lowercase();
        let found = known.iter().find(|team| team.name.to_lowercase() == short);
        teams.push(found.ok_or_else(|| Error::field(field, "unknown-team"))?.id);
    }
    people.sort_unstable();
    people.dedup();
    teams.sort_unstable();
    teams.dedup();
    Ok(WhoMay::Listed { people, teams })
}

/// A team's name without that of the repository's organisation.
fn short_name<'a>(access: &Access<Administer>, name: &'a str) -> &'a str {
    let name = name.trim().trim_start_matches('@');
    match name.split_once('/') {
        Some((owner, team)) if access.repository().owner.as_str().eq_ignore_ascii_case(owner) => team,
        _ => name,
    }
}

/// The names behind a list; whoever is gone is left out.
pub async fn names(app: &App, _access: &Access<Administer>, who: &WhoMay) -> Result<Names> {
    let WhoMay::Listed { people, teams } = who else { return Ok(Names::default()) };
    let mut reader = app.store().read().await?;
    let mut found = Names::default();
    let people = user::find_all(&mut reader, people).await?;
    found.people = people.into_iter().map(|person| person.name.to_string()).collect();
    for id in teams {
        found.teams.extend(team::find(&mut reader, *id).await?.map(|team| team.name));
    }
    Ok(found)
}
