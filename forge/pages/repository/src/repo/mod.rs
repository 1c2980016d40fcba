//! Pages of repositories.

pub mod activity;
pub mod archive;
pub mod attachments;
pub mod badges;
pub mod blame;
pub mod branches;
pub mod collaborators;
pub mod commit;
pub mod commits;
pub mod compare;
pub mod contributors;
pub mod create;
pub mod deploy_keys;
pub mod edit;
pub mod empty;
pub mod file;
pub mod find;
pub mod folder;
pub mod fork;
pub mod generate;
pub mod graph;
pub mod home;
pub mod interest;
pub mod issues;
pub mod labels;
pub mod leave;
pub mod lineage;
pub mod markdown;
pub mod milestones;
pub mod models;
mod origin;
pub mod pulls;
pub mod raw;
pub mod releases;
pub mod rules;
pub mod search;
pub mod settings;
pub mod shortcut;
pub mod source;
mod surroundings;
pub mod tags;
pub mod threads;
pub mod topics;
pub mod transfer;
mod verified;
mod view;

use axum::Router;
use hearth_core::urls;
use hearth_http::routing::{get, get_and_post, post};

use hearth_web::RepositoryVisit;

use crate::Web;

/// The pages of repositories; each kind has its own namespace. `further` are the pages of one repository that other
/// crates bring.
pub fn routes(further: &Router<Web>) -> Router<Web> {
    Router::new()
        .route(urls::repository_new(), get_and_post(create::get, create::post))
        .nest("/{owner}/{name}", one().merge(further.clone()))
        .nest("/models/{owner}/{name}", one().merge(further.clone()))
        .nest("/datasets/{owner}/{name}", one().merge(further.clone()))
}

/// The pages of one repository, below its address.
fn one() -> Router<Web> {
    Router::new()
        .route("/", get(home::get))
        .route("/activity", get(activity::get))
        .route("/archive/{*file}", get(archive::get))
        .merge(attachments::routes())
        .route("/blame/{kind}/{*rest}", get(blame::get))
        .route("/blob/{*rest}", get(shortcut::get))
        .merge(badges::routes())
        .merge(branches::routes())
        .route("/commit/{id}", get(commit::get))
        .route("/commits/{kind}/{*rest}", get(commits::get))
        .merge(collaborators::routes())
        .merge(deploy_keys::routes())
        .merge(compare::routes())
        .route("/contributors", get(contributors::get))
        .merge(edit::routes())
        .route("/find/{revision}", get(find::by_name))
        .route("/find/{kind}/{*rest}", get(find::get))
        .merge(fork::routes())
        .merge(generate::routes())
        .route("/graph", get(graph::get))
        .merge(interest::routes())
        .merge(issues::routes())
        .merge(labels::routes())
        .route("/leave", get_and_post(leave::get, leave::post))
        .route("/lineage", get(lineage::get))
        .route("/markdown", post(markdown::post))
        .route("/media/{kind}/{*rest}", get(raw::media))
        .merge(milestones::routes())
        .route("/models", get(models::get))
        .route("/notebook-output/{kind}/{*rest}", get(file::notebook::picture))
        .route("/paths/{kind}/{*rest}", get(find::paths))
        .merge(pulls::routes())
        .route("/raw/{kind}/{*rest}", get(raw::get))
        .merge(releases::routes())
        .merge(rules::routes())
        .route("/search", get(search::get))
        .merge(settings::routes())
        .route("/src", get(source::root))
        .route("/src/{kind}/{*rest}", get(source::get))
        .merge(tags::routes())
        .merge(topics::routes())
        .merge(transfer::routes())
        .route("/tree/{*rest}", get(shortcut::get))
}
