//! Pages of repositories.

pub(crate) mod activity;
pub(crate) mod archive;
pub(crate) mod attachments;
pub(crate) mod branches;
pub(crate) mod collaborators;
pub(crate) mod commit;
pub(crate) mod commits;
pub(crate) mod create;
pub(crate) mod empty;
pub(crate) mod file;
pub(crate) mod find;
pub(crate) mod folder;
pub(crate) mod home;
pub(crate) mod issues;
pub(crate) mod labels;
pub(crate) mod leave;
pub(crate) mod lineage;
pub(crate) mod markdown;
pub(crate) mod models;
mod origin;
pub(crate) mod raw;
pub(crate) mod settings;
pub(crate) mod shortcut;
pub(crate) mod source;
mod surroundings;
pub(crate) mod tags;
pub(crate) mod tasks;
pub(crate) mod transfer;
mod view;
mod visit;

pub(crate) use visit::{RepositoryVisit, kind_of};

use axum::Router;
use hearth_core::urls;
use hearth_http::routing::{get, get_and_post, post};

use crate::{Section, Web};

/// The tabs of repositories, in order.
pub(crate) const SECTIONS: &[&Section] = &[
    &home::SECTION,
    &home::CARD,
    &home::FILES,
    &issues::SECTION,
    &tasks::SECTION,
    &models::SECTION,
    &models::VERSIONS,
    &lineage::SECTION,
    &activity::SECTION,
    &settings::SECTION,
];

/// The tabs of their settings, in order.
pub(crate) const SETTINGS_SECTIONS: &[&Section] =
    &[&settings::GENERAL, &collaborators::SECTION, &transfer::SECTION];

/// The pages of repositories; each kind has its own namespace.
pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route(urls::repository_new(), get_and_post(create::get, create::post))
        .nest("/{owner}/{name}", one())
        .nest("/models/{owner}/{name}", one())
        .nest("/datasets/{owner}/{name}", one())
}

/// The pages of one repository, below its address.
fn one() -> Router<Web> {
    Router::new()
        .route("/", get(home::get))
        .route("/activity", get(activity::get))
        .route("/archive/{*file}", get(archive::get))
        .merge(attachments::routes())
        .route("/blob/{*rest}", get(shortcut::get))
        .route("/branches", get(branches::get))
        .route("/commit/{id}", get(commit::get))
        .route("/commits/{kind}/{*rest}", get(commits::get))
        .merge(collaborators::routes())
        .route("/find/{revision}", get(find::by_name))
        .route("/find/{kind}/{*rest}", get(find::get))
        .merge(issues::routes())
        .merge(labels::routes())
        .route("/leave", get_and_post(leave::get, leave::post))
        .route("/lineage", get(lineage::get))
        .route("/markdown", post(markdown::post))
        .route("/media/{kind}/{*rest}", get(raw::media))
        .route("/models", get(models::get))
        .route("/notebook-output/{kind}/{*rest}", get(file::notebook::picture))
        .route("/paths/{kind}/{*rest}", get(find::paths))
        .route("/raw/{kind}/{*rest}", get(raw::get))
        .merge(settings::routes())
        .route("/src", get(source::root))
        .route("/src/{kind}/{*rest}", get(source::get))
        .route("/tags", get(tags::get))
        .merge(tasks::routes())
        .merge(transfer::routes())
        .route("/tree/{*rest}", get(shortcut::get))
}
