use hearth_app::organization::team::{Edit, Fields, TeamInfo};
use hearth_core::{Error, Timestamp};
use serde::Deserialize;

use crate::role_fields::RoleFields;

/// The fields of the forms for a new team and for a change. As roles are flattened in, every field is text.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct TeamForm {
    #[serde(default)]
    pub(super) name: String,
    #[serde(default)]
    pub(super) description: String,
    /// `all` repositories, or chosen ones.
    #[serde(default)]
    pub(super) reach: String,
    /// A checkbox: `true` or empty.
    #[serde(default)]
    pub(super) may_create: String,
    /// See [`seen`]; empty for a new team.
    #[serde(default)]
    pub(super) seen: String,
    #[serde(flatten)]
    pub(super) roles: RoleFields,
}

/// The version of a team that a form was filled from: when it was last changed, in microseconds.
pub(super) fn seen(info: &TeamInfo) -> String {
    info.team.updated_at.as_microsecond().to_string()
}

impl TeamForm {
    pub(super) fn of(info: &TeamInfo) -> Self {
        Self {
            name: info.team.name.clone(),
            description: info.team.description.clone(),
            reach: if info.team.has_all_repositories { "all" } else { "chosen" }.to_owned(),
            may_create: if info.team.may_create_repositories { "true" } else { "" }.to_owned(),
            seen: seen(info),
            roles: RoleFields::of(&info.roles),
        }
    }

    pub(super) fn has_all(&self) -> bool {
        self.reach == "all"
    }

    pub(super) fn may_create(&self) -> bool {
        self.may_create == "true"
    }

    pub(super) fn fields(&self) -> Result<Fields, Error> {
        Ok(Fields {
            name: self.name.clone(),
            description: self.description.clone(),
            has_all_repositories: self.has_all(),
            may_create_repositories: self.may_create(),
            roles: self.roles.read()?,
        })
    }

    /// The owners' team has a form with a description alone.
    pub(super) fn edit(&self, is_owners: bool) -> Result<Edit, Error> {
        // What cannot be read is not the present version.
        let version = || Timestamp::from_microsecond(self.seen.parse().unwrap_or(0));
        let seen = (!self.seen.is_empty()).then(version);
        let description = Some(self.description.clone());
        if is_owners {
            return Ok(Edit { description, seen, ..Edit::default() });
        }
        Ok(Edit {
            name: Some(self.name.clone()),
            description,
            has_all_repositories: Some(self.has_all()),
            may_create_repositories: Some(self.may_create()),
            roles: Some(self.roles.read()?),
            seen,
        })
    }
}
