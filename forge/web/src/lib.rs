//! What all pages share: the frame, sessions, forms, errors, charts, differences, styles and scripts. The pages
//! themselves are in the crates of `forge/pages`, which are compiled side by side.

// Templates name this crate as other crates do, so that tests can render them as well.
extern crate self as hearth_web;
#[macro_use]
extern crate hearth_words;

#[macro_use]
pub mod words;
#[macro_use]
pub mod assets;

pub mod activity_row;
pub mod address_names;
pub mod avatar;
pub mod bar;
pub mod chart;
pub mod confirm;
pub mod cookie;
pub mod diff;
pub mod entered;
pub mod error_page;
pub mod failure;
pub mod files_form;
pub mod flash;
pub mod form;
pub mod headers;
pub mod menu;
pub mod new_token;
pub mod organization_head;
pub mod organization_visit;
pub mod page;
pub mod pagination;
pub mod pending_request_row;
pub mod pill;
pub mod prose;
pub mod reactions;
pub mod registry;
pub mod repository_head;
pub mod repository_row;
pub mod repository_visit;
pub mod respond;
pub mod role_fields;
pub mod section;
pub mod session;
pub mod submodule;
pub mod theme;
pub mod time;
pub mod unknown_host;
pub mod visit;

use std::sync::Arc;

use axum::extract::FromRef;
use hearth_app::App;

pub use chart::{Axis, Chart, Gap, Links, Series, View, sparkline};
pub use failure::Failure;
pub use flash::Flash;
pub use form::NoFields;
pub use form::{Form, Mistakes};
pub use hearth_core::Language;
pub use menu::MenuEntry;
pub use organization_head::OrganizationHead;
pub use organization_visit::OrganizationVisit;
pub use page::{Page, Viewer};
pub use registry::Registry;
pub use repository_head::RepositoryHead;
pub use repository_visit::RepositoryVisit;
pub use section::Section;
pub use section::Tab;
pub use theme::Theme;
pub use unknown_host::unknown_host;

/// What all pages share.
#[derive(Clone)]
pub struct Web {
    app: App,
    /// The site's own `scheme://host`; requests that change something must come from it.
    pub origin: Arc<str>,
    /// The tabs and menus of all pages.
    pub registry: &'static Registry,
}

impl Web {
    pub fn new(app: App, registry: &'static Registry) -> Self {
        let root = url::Url::parse(app.urls().root());
        let origin = root.map(|root| root.origin().ascii_serialization()).unwrap_or_default();
        Self { app, origin: origin.into(), registry }
    }

    pub fn app(&self) -> &App {
        &self.app
    }

    /// Whether the site is served over TLS, so that its cookies are `Secure`.
    pub fn is_secure(&self) -> bool {
        self.origin.starts_with("https:")
    }
}

impl FromRef<Web> for App {
    fn from_ref(web: &Web) -> Self {
        web.app.clone()
    }
}
