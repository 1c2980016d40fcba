use std::{collections::BTreeMap, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::Permission;

text_enum! {
    /// A part of a repository. Permissions are granted per unit.
    pub enum Unit {
        /// Files, branches, tags, commits, large files; every kind of repository has this unit.
        Code = "code",
        Issues = "issues",
        Pulls = "pulls",
        Releases = "releases",
        Tasks = "tasks",
        /// Published versions of models and datasets.
        Packages = "packages",
        /// Its name, visibility, access and deletion.
        Settings = "settings",
    }
}

/// What somebody may do in each unit of a repository.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "BTreeMap<String, Permission>", into = "BTreeMap<String, Permission>")]
pub struct Roles {
    /// In every unit, including units added later.
    whole: Option<Permission>,
    /// In individual units, where it is more.
    units: BTreeMap<Unit, Permission>,
}

/// Not the name of a unit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown unit {0:?}")]
pub struct BadRoles(pub String);

impl Roles {
    /// Stands for all units, in the database and in events.
    pub const WHOLE: &'static str = "*";

    /// The same permission in every unit.
    pub fn whole(permission: Permission) -> Self {
        Self { whole: Some(permission), units: BTreeMap::new() }
    }

    /// Permissions in these units only.
    pub fn of_units(units: impl IntoIterator<Item = (Unit, Permission)>) -> Self {
        let mut roles = Self::default();
        for (unit, permission) in units {
            roles.add(Some(unit), permission);
        }
        roles
    }

    /// The permission in one unit; none if they may not know what is in it.
    pub fn of(&self, unit: Unit) -> Option<Permission> {
        self.whole.max(self.units.get(&unit).copied())
    }

    /// The highest permission in any unit; none if they may not know that the repository exists.
    pub fn most(&self) -> Option<Permission> {
        self.whole.max(self.units.values().copied().max())
    }

    /// The permission that holds in every unit.
    pub const fn everywhere(&self) -> Option<Permission> {
        self.whole
    }

    /// Adds a permission in one unit, or in every unit; a higher one stays.
    pub fn add(&mut self, unit: Option<Unit>, permission: Permission) {
        match unit {
            None => self.whole = self.whole.max(Some(permission)),
            Some(unit) => {
                let held = self.units.entry(unit).or_insert(permission);
                *held = (*held).max(permission);
            }
        }
    }

    /// Adds all permissions that somebody has through other roles.
    pub fn merge(&mut self, other: &Self) {
        self.whole = self.whole.max(other.whole);
        for (unit, permission) in &other.units {
            self.add(Some(*unit), *permission);
        }
    }

    /// The same, but at most reading in every unit except one.
    #[must_use]
    pub fn only_read_except(&self, kept: Unit) -> Self {
        let read = Some(Permission::Read);
        let units = Unit::ALL.iter().copied().filter_map(|unit| {
            let held = self.of(unit)?;
            Some((unit, if unit == kept { held } else { held.min(Permission::Read) }))
        });
        Self { whole: self.whole.min(read), units: units.collect() }
    }

    pub fn is_empty(&self) -> bool {
        self.most().is_none()
    }

    /// One entry per grant: the name of the unit, and the permission there.
    pub fn lines(&self) -> impl Iterator<Item = (&'static str, Permission)> + '_ {
        let units = self.units.iter().map(|(unit, permission)| (unit.as_str(), *permission));
        self.whole.map(|permission| (Self::WHOLE, permission)).into_iter().chain(units)
    }

    /// Reads entries as [`Roles::lines`] returns them.
    pub fn of_lines<'a>(lines: impl IntoIterator<Item = (&'a str, Permission)>) -> Result<Self, BadRoles> {
        let mut roles = Self::default();
        for (word, permission) in lines {
            let unit = if word == Self::WHOLE {
                None
            } else {
                Some(Unit::from_str(word).map_err(|()| BadRoles(word.to_owned()))?)
            };
            roles.add(unit, permission);
        }
        Ok(roles)
    }
}

impl TryFrom<BTreeMap<String, Permission>> for Roles {
    type Error = BadRoles;

    fn try_from(lines: BTreeMap<String, Permission>) -> Result<Self, BadRoles> {
        Self::of_lines(lines.iter().map(|(word, permission)| (word.as_str(), *permission)))
    }
}

impl From<Roles> for BTreeMap<String, Permission> {
    fn from(roles: Roles) -> Self {
        roles.lines().map(|(word, permission)| (word.to_owned(), permission)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_more_counts_whether_it_was_given_for_a_unit_or_for_all() {
        let mut roles = Roles::whole(Permission::Read);
        roles.add(Some(Unit::Issues), Permission::Write);
        roles.add(Some(Unit::Issues), Permission::Read);
        assert_eq!(roles.of(Unit::Issues), Some(Permission::Write));
        assert_eq!(roles.of(Unit::Code), Some(Permission::Read));
        assert_eq!(roles.most(), Some(Permission::Write));
        assert_eq!(roles.everywhere(), Some(Permission::Read));
    }

    #[test]
    fn one_unit_says_nothing_of_the_others() {
        let roles = Roles::of_units([(Unit::Tasks, Permission::Administer)]);
        assert_eq!(roles.of(Unit::Code), None);
        assert!(!roles.is_empty() && Roles::default().is_empty());
    }

    #[test]
    fn what_is_left_of_an_archived_repository_is_reading_and_its_settings() {
        let all = Roles::whole(Permission::Administer).only_read_except(Unit::Settings);
        assert_eq!(all.of(Unit::Settings), Some(Permission::Administer));
        assert_eq!((all.of(Unit::Code), all.everywhere()), (Some(Permission::Read), Some(Permission::Read)));
        let some = Roles::of_units([(Unit::Issues, Permission::Write)]).only_read_except(Unit::Settings);
        assert_eq!((some.of(Unit::Issues), some.of(Unit::Code)), (Some(Permission::Read), None));
    }

    #[test]
    fn roles_are_read_as_they_were_written() {
        let roles = Roles::of_lines([("*", Permission::Read), ("code", Permission::Write)]).expect("units");
        assert_eq!(Roles::of_lines(roles.lines()), Ok(roles.clone()));
        let json = serde_json::to_string(&roles).expect("JSON");
        assert_eq!(json, r#"{"*":"read","code":"write"}"#);
        assert_eq!(serde_json::from_str::<Roles>(&json).expect("the same"), roles);
        assert_eq!(Roles::of_lines([("moon", Permission::Read)]), Err(BadRoles("moon".into())));
    }
}
