use std::collections::BTreeMap;

use hearth_app::{
    App,
    organization::{Organization as Row, team::TeamInfo},
};
use hearth_core::{Error, Permission, Result, Roles, Unit, Visibility, urls};
use serde::Serialize;
use utoipa::ToSchema;

/// An organisation.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Organization {
    id: i64,
    name: String,
    /// The same as `name`.
    username: String,
    full_name: String,
    email: &'static str,
    avatar_url: String,
    description: String,
    website: String,
    location: String,
    /// `public` or `private`.
    #[schema(value_type = String)]
    visibility: Visibility,
    repo_admin_change_team_access: bool,
    html_url: String,
}

impl Organization {
    pub(crate) fn new(app: &App, row: &Row) -> Self {
        Self {
            id: row.id.0,
            name: row.name.to_string(),
            username: row.name.to_string(),
            full_name: row.display_name.clone(),
            email: "",
            avatar_url: super::user::avatar(app, row.name.as_str()),
            description: row.description.clone(),
            website: row.website.clone(),
            location: row.location.clone(),
            visibility: row.visibility,
            repo_admin_change_team_access: false,
            html_url: app.urls().absolute(&urls::user(row.name.as_str())),
        }
    }
}

/// A team of an organisation.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Team {
    id: i64,
    name: String,
    description: String,
    organization: Organization,
    includes_all_repositories: bool,
    can_create_org_repo: bool,
    /// `owner`, `admin`, `write`, `read`, or `none` where only `units_map` applies.
    permission: &'static str,
    units: Vec<&'static str>,
    /// What its members may do in each unit: `read`, `write` or `admin`.
    units_map: BTreeMap<&'static str, &'static str>,
}

impl Team {
    pub(crate) fn new(app: &App, organization: &Row, info: &TeamInfo) -> Self {
        let units_map: BTreeMap<_, _> = Unit::ALL
            .iter()
            .filter_map(|unit| Some((unit_word(*unit), word(info.roles.of(*unit)?))))
            .collect();
        Self {
            id: info.team.id.0,
            name: info.team.name.clone(),
            description: info.team.description.clone(),
            organization: Organization::new(app, organization),
            includes_all_repositories: info.team.has_all_repositories,
            can_create_org_repo: info.team.may_create_repositories,
            permission: if info.team.is_owners {
                "owner"
            } else {
                info.roles.everywhere().map_or("none", word)
            },
            units: units_map.keys().copied().collect(),
            units_map,
        }
    }
}

/// Gitea's word for what somebody may do.
pub(crate) const fn word(permission: Permission) -> &'static str {
    match permission {
        Permission::Read => "read",
        Permission::Write => "write",
        Permission::Administer => "admin",
    }
}

/// Gitea's word for a unit. Tasks correspond to its actions; settings, which it lacks, are named alike.
const fn unit_word(unit: Unit) -> &'static str {
    match unit {
        Unit::Code => "repo.code",
        Unit::Issues => "repo.issues",
        Unit::Pulls => "repo.pulls",
        Unit::Releases => "repo.releases",
        Unit::Tasks => "repo.actions",
        Unit::Packages => "repo.packages",
        Unit::Settings => "repo.settings",
    }
}

/// Parses a word of [`word`]; mistakes are of the field `field`.
pub(crate) fn permission(field: &'static str, word: &str) -> Result<Permission> {
    match word {
        "read" => Ok(Permission::Read),
        "write" => Ok(Permission::Write),
        "admin" => Ok(Permission::Administer),
        _ => Err(Error::field(field, "unknown-choice")),
    }
}

/// The roles in a request: by unit where given, else the same for the listed units, else the same for all.
/// Units that Hearth lacks, such as a wiki, are ignored, and so is `none`.
pub(crate) fn roles(
    whole: Option<&str>,
    units: &[String],
    by_unit: &BTreeMap<String, String>,
) -> Result<Roles> {
    let find = |name: &str| Unit::ALL.iter().copied().find(|unit| unit_word(*unit) == name);
    if !by_unit.is_empty() {
        let given = by_unit.iter().filter(|(_, word)| *word != "none");
        let known = given.filter_map(|(name, word)| Some((find(name)?, word)));
        let read = known.map(|(unit, word)| Ok((unit, permission("units_map", word)?)));
        return Ok(Roles::of_units(read.collect::<Result<Vec<_>>>()?));
    }
    let whole = permission("permission", whole.unwrap_or("read"))?;
    if units.is_empty() || whole == Permission::Administer {
        return Ok(Roles::whole(whole));
    }
    Ok(Roles::of_units(units.iter().filter_map(|name| Some((find(name)?, whole)))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_read_by_unit_from_a_list_or_for_everything() {
        let units = BTreeMap::from(
            [("repo.code", "write"), ("repo.issues", "none"), ("repo.wiki", "read")]
                .map(|(name, word)| (name.to_owned(), word.to_owned())),
        );
        let by_unit = roles(None, &[], &units).expect("roles");
        assert_eq!(by_unit, Roles::of_units([(Unit::Code, Permission::Write)]));
        let listed = roles(Some("write"), &["repo.code".to_owned()], &BTreeMap::new()).expect("roles");
        assert_eq!(listed, by_unit);
        let all = roles(Some("admin"), &["repo.code".to_owned()], &BTreeMap::new()).expect("roles");
        assert_eq!(all, Roles::whole(Permission::Administer));
        assert!(roles(Some("god"), &[], &BTreeMap::new()).is_err());
    }
}
