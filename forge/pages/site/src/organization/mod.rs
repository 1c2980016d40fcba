//! Pages of organisations: `/{owner}` where an organisation has the name, and below `/{owner}/-/`, where no
//! repository can be.

pub(crate) mod labels;
pub(crate) mod new;
mod own;
pub(crate) mod people;
pub(crate) mod settings;
pub(crate) mod show;
pub(crate) mod teams;

use axum::Router;
use hearth_core::urls;
use hearth_http::routing::get_and_post;

use hearth_web::{OrganizationVisit, registry::OrganizationSection};

use crate::Web;

/// The tabs of organisations, in their order.
pub(crate) const SECTIONS: &[&OrganizationSection] =
    &[&show::SECTION, &people::SECTION, &teams::SECTION, &settings::SECTION];

pub(crate) fn routes() -> Router<Web> {
    let below = people::routes().merge(teams::routes()).merge(settings::routes()).merge(labels::routes());
    Router::new().route(urls::organization_new(), get_and_post(new::get, new::post)).nest("/{owner}/-", below)
}
