//! The tabs and menus of all pages: a noun that has one adds a line.

use hearth_pages_compute::repo::tasks;
use hearth_pages_repository::repo::{
    activity, collaborators, deploy_keys, home, issues, lineage, models, pulls, releases, rules, settings,
    transfer,
};
use hearth_web::Registry;

use crate::{admin, organization, user};

/// Handed to the frame by [`crate::router`].
pub static REGISTRY: Registry = Registry {
    repository: &[
        &home::SECTION,
        &home::CARD,
        &home::FILES,
        &issues::SECTION,
        &pulls::SECTION,
        &tasks::SECTION,
        &models::SECTION,
        &models::VERSIONS,
        &lineage::SECTION,
        &releases::SECTION,
        &activity::SECTION,
        &settings::SECTION,
    ],
    repository_settings: &[
        &settings::GENERAL,
        &collaborators::SECTION,
        &deploy_keys::SECTION,
        &pulls::settings::SETTINGS,
        &rules::SECTION,
        &transfer::SECTION,
    ],
    organization: organization::SECTIONS,
    administration: admin::MENU,
    user_settings: user::settings::MENU,
};
