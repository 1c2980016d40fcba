use hearth_app::organization::team::{Fields, TeamInfo};
use hearth_core::Error;
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
    #[serde(flatten)]
    pub(super) roles: RoleFields,
}

impl TeamForm {
    pub(super) fn of(info: &TeamInfo) -> Self {
        Self {
            name: info.team.name.clone(),
            description: info.team.description.clone(),
            reach: if info.team.has_all_repositories { "all" } else { "chosen" }.to_owned(),
            may_create: if info.team.may_create_repositories { "true" } else { "" }.to_owned(),
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
}
