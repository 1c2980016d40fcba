//! Pages of repositories.

pub(crate) mod activity;
pub(crate) mod archive;
pub(crate) mod branches;
pub(crate) mod commit;
pub(crate) mod commits;
pub(crate) mod create;
mod empty;
pub(crate) mod file;
pub(crate) mod folder;
pub(crate) mod home;
pub(crate) mod issues;
pub(crate) mod labels;
pub(crate) mod markdown;
pub(crate) mod models;
mod origin;
pub(crate) mod raw;
pub(crate) mod settings;
pub(crate) mod shortcut;
pub(crate) mod source;
pub(crate) mod tags;
pub(crate) mod tasks;
mod view;
mod visit;

pub(crate) use visit::RepositoryVisit;

use crate::Section;

/// The tabs of repositories, in their order.
pub(crate) const SECTIONS: &[&Section] = &[
    &home::SECTION,
    &issues::SECTION,
    &tasks::SECTION,
    &models::SECTION,
    &models::VERSIONS,
    &activity::SECTION,
    &settings::SECTION,
];
