//! Pages of organisations: `/{owner}` where an organisation has the name, and below `/{owner}/-/`, where no
//! repository can be.

pub(crate) mod new;
mod own;
pub(crate) mod people;
pub(crate) mod settings;
pub(crate) mod show;
pub(crate) mod teams;
mod visit;

pub(crate) use visit::OrganizationVisit;

use axum::Router;
use hearth_core::urls::{self, OrganizationUrls};
use hearth_http::routing::get_and_post;

use crate::{OrganizationHead, Section, Web};

/// A tab of an organisation.
pub(crate) type OrganizationSection = Section<OrganizationHead, OrganizationUrls>;

/// The tabs of organisations, in their order.
pub(crate) const SECTIONS: &[&OrganizationSection] =
    &[&show::SECTION, &people::SECTION, &teams::SECTION, &settings::SECTION];

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route(urls::organization_new(), get_and_post(new::get, new::post))
        .nest("/{owner}/-", people::routes().merge(teams::routes()).merge(settings::routes()))
}
