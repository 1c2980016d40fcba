//! Teams of an organisation, for its members.

pub(crate) mod edit;
mod form;
pub(crate) mod list;
pub(crate) mod new;
pub(crate) mod show;

use axum::Router;
use hearth_http::routing::{get, get_and_post, post};

use super::OrganizationSection;
use crate::Web;

pub(crate) const SECTION: OrganizationSection = OrganizationSection {
    name: "teams",
    icon: || icon!("shield"),
    label: |page| t!(page, "organization-teams-tab"),
    address: |urls| urls.teams(),
    count: |head| head.contents.teams,
    is_shown: |head| head.is_inside,
};

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/teams", get(list::get))
        .route("/teams/new", get_and_post(new::get, new::post))
        .route("/teams/{team}", get(show::get))
        .route("/teams/{team}/delete", post(edit::delete))
        .route("/teams/{team}/edit", get_and_post(edit::get, edit::post))
        .route("/teams/{team}/members", post(show::add_member))
        .route("/teams/{team}/members/remove", post(show::remove_member))
        .route("/teams/{team}/repositories", post(show::add_repository))
        .route("/teams/{team}/repositories/remove", post(show::remove_repository))
}
