//! Form fields for roles by unit: a row of radio buttons for all units together, and one for each unit.

use std::collections::BTreeMap;

use hearth_core::{Error, Permission, Roles, Unit};
use serde::Deserialize;

use crate::Page;

/// The value for "no more than the row above grants".
const NOTHING: &str = "";

/// The fields `role-all` and `role-{unit}`; other fields are ignored. Flattened into a form, it makes all
/// other fields text.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct RoleFields(BTreeMap<String, String>);

/// A row of the table in `components/roles.html`.
pub struct RoleRow {
    pub field: String,
    pub label: &'static str,
    pub choices: Vec<RoleChoice>,
}

pub struct RoleChoice {
    pub value: &'static str,
    pub label: &'static str,
    pub is_on: bool,
}

/// The field of a unit; `None`: of all units together.
fn field(unit: Option<Unit>) -> String {
    format!("role-{}", unit.map_or("all", Unit::as_str))
}

impl RoleFields {
    /// The fields filled in from existing roles.
    pub fn of(roles: &Roles) -> Self {
        let field_of = |word: &str| if word == Roles::WHOLE { field(None) } else { format!("role-{word}") };
        let lines = roles.lines().map(|(word, role)| (field_of(word), role.as_str().to_owned()));
        Self(lines.collect())
    }

    /// The chosen roles. Values that the form does not offer are refused.
    pub fn read(&self) -> Result<Roles, Error> {
        let mut roles = Roles::default();
        let units = std::iter::once(None).chain(Unit::ALL.iter().copied().map(Some));
        for unit in units {
            match self.0.get(&field(unit)).map_or(NOTHING, String::as_str) {
                NOTHING => {}
                word => {
                    let role = word.parse::<Permission>();
                    roles.add(unit, role.map_err(|()| Error::field("roles", "unknown-choice"))?);
                }
            }
        }
        Ok(roles)
    }

    /// The rows of the table, the one for all units first.
    pub fn rows(&self, page: &Page) -> Vec<RoleRow> {
        let units = std::iter::once(None).chain(Unit::ALL.iter().copied().map(Some));
        let row = |unit: Option<Unit>| {
            let field = field(unit);
            let chosen = self.0.get(&field).map_or(NOTHING, String::as_str);
            let nothing = (NOTHING, t!(page, "common-role-nothing"));
            let roles = Permission::ALL.iter().map(|role| (role.as_str(), role_name(page, *role)));
            let choices = std::iter::once(nothing)
                .chain(roles)
                .map(|(value, label)| RoleChoice { value, label, is_on: value == chosen })
                .collect();
            let label = unit.map_or(t!(page, "common-unit-all"), |unit| unit_name(page, unit));
            RoleRow { field, label, choices }
        };
        units.map(row).collect()
    }
}

pub fn role_name(page: &Page, role: Permission) -> &'static str {
    match role {
        Permission::Read => t!(page, "common-role-read"),
        Permission::Write => t!(page, "common-role-write"),
        Permission::Administer => t!(page, "common-role-administer"),
    }
}

fn unit_name(page: &Page, unit: Unit) -> &'static str {
    match unit {
        Unit::Code => t!(page, "common-unit-code"),
        Unit::Issues => t!(page, "common-unit-issues"),
        Unit::Pulls => t!(page, "common-unit-pulls"),
        Unit::Releases => t!(page, "common-unit-releases"),
        Unit::Tasks => t!(page, "common-unit-tasks"),
        Unit::Packages => t!(page, "common-unit-packages"),
        Unit::Settings => t!(page, "common-unit-settings"),
    }
}

/// Roles in words, for badges: the role for all units first, then those for single units.
pub fn role_badges(page: &Page, roles: &Roles) -> Vec<String> {
    let everywhere = roles.everywhere().map(|role| role_name(page, role).to_owned());
    let units = roles.lines().filter_map(|(word, role)| {
        let unit = word.parse::<Unit>().ok()?;
        let (unit, role) = (unit_name(page, unit), role_name(page, role));
        Some(t!(page, "common-role-of-unit", unit = unit, role = role))
    });
    everywhere.into_iter().chain(units).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_come_back_from_the_form_that_shows_them() {
        let mut roles = Roles::whole(Permission::Read);
        roles.add(Some(Unit::Issues), Permission::Write);
        assert_eq!(RoleFields::of(&roles).read().expect("offered"), roles);
        let odd = RoleFields([("role-code".to_owned(), "rule".to_owned())].into());
        assert!(odd.read().is_err());
    }
}
