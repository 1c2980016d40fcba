//! The web interface: pages, forms and their texts, styles and scripts.
//!
//! A page is one path: `src/pages/repo/issues/new.rs`, `templates/pages/repo/issues/new.html`, the messages
//! `repo-issues-new-*` and `tests/it/repo/issues/new.rs`. How to add one: `docs/adding-a-page.md`.

// Templates name this crate as other crates do, so that tests can render them as well.
extern crate self as hearth_web;
#[macro_use]
extern crate hearth_words;

#[macro_use]
pub mod words;
#[macro_use]
pub mod assets;

mod activity_row;
mod avatar;
mod bar;
mod chart;
pub mod cookie;
pub mod diff;
mod entered;
mod error_page;
mod failure;
mod files_form;
pub mod flash;
pub mod form;
pub mod headers;
mod menu;
mod new_token;
mod organization_head;
mod page;
mod pages;
mod pagination;
mod pending_request_row;
mod pill;
mod prose;
mod reactions;
mod repository_head;
mod repository_row;
pub mod respond;
mod role_fields;
mod routes;
mod section;
mod session;
mod theme;
pub mod time;
mod unknown_host;
mod visit;

use std::sync::Arc;

use axum::extract::FromRef;
use hearth_app::App;

pub use chart::{Axis, Chart, Gap, Links, Series, View, sparkline};
pub use failure::Failure;
pub use flash::Flash;
pub(crate) use form::NoFields;
pub use form::{Form, Mistakes};
pub use hearth_core::Language;
pub(crate) use menu::MenuEntry;
pub use organization_head::OrganizationHead;
pub use page::{Page, Viewer};
pub use repository_head::RepositoryHead;
pub use routes::router;
pub(crate) use section::Section;
pub use section::Tab;
pub use theme::Theme;
pub use unknown_host::unknown_host;

/// What all pages share.
#[derive(Clone)]
pub struct Web {
    app: App,
    /// The site's own `scheme://host`; requests that change something must come from it.
    pub(crate) origin: Arc<str>,
}

impl Web {
    pub fn new(app: App) -> Self {
        let root = url::Url::parse(app.urls().root());
        let origin = root.map(|root| root.origin().ascii_serialization()).unwrap_or_default();
        Self { app, origin: origin.into() }
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
