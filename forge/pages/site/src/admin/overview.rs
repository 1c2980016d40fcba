//! `/-/admin`: this site in figures.

use std::net::IpAddr;

use askama::Template;
use axum::{extract::State, response::Response};
use hearth_app::{
    Registration,
    disk::Room,
    registration,
    storage::{self, Fault},
    user::{self, Counts},
};
use hearth_core::urls;

use crate::{Failure, MenuEntry, Page, Web, respond::html, words};

pub(crate) const MENU_ENTRY: MenuEntry = MenuEntry {
    name: "overview",
    icon: || icon!("shield"),
    label: |page| t!(page, "common-admin-overview"),
    address: || urls::admin(""),
};

#[derive(Template)]
#[template(path = "pages/admin/overview.html")]
struct Overview {
    page: Page,
    section: &'static str,
    counts: Counts,
    version: &'static str,
    root: String,
    engine: &'static str,
    registration: Registration,
    room: Option<Room>,
    lost_count: u64,
    lost: Vec<Lost>,
    /// An address that many users seem to share, while no proxy is trusted.
    undeclared_proxy: Option<IpAddr>,
}

/// A large file whose bytes are lost, and a repository that needs it.
struct Lost {
    sha256: String,
    size: String,
    repository: Option<(String, String)>,
}

impl From<Fault> for Lost {
    fn from(Fault { fault, repository }: Fault) -> Self {
        let repository = repository.map(|row| {
            let address = urls::repository(row.kind, row.owner.as_str(), row.name.as_str());
            (format!("{}/{}", row.owner, row.name), address)
        });
        let size = words::bytes(u64::try_from(fault.size_bytes).unwrap_or(0));
        Self { sha256: fault.sha256, size, repository }
    }
}

impl Overview {
    fn registration(&self) -> &'static str {
        super::registration::word(&self.page, self.registration)
    }

    fn database(&self) -> &'static str {
        if self.engine == "postgres" { "PostgreSQL" } else { "SQLite" }
    }
}

pub(crate) async fn get(State(web): State<Web>, page: Page) -> Result<Response, Failure> {
    let app = web.app();
    let counts = user::counts(app, &page.actor).await?;
    let (lost_count, faults) = storage::faults(app, &page.actor).await?;
    let lost = faults.into_iter().map(Lost::from).collect();
    let room = app.disk().room().ok();
    let (root, engine) = (app.urls().root().to_owned(), app.database());
    let registration = registration::current(app).await?;
    let version = env!("CARGO_PKG_VERSION");
    let section = MENU_ENTRY.name;
    let undeclared_proxy = app.guesses().undeclared_proxy();
    html(&Overview {
        page,
        section,
        counts,
        version,
        root,
        engine,
        registration,
        room,
        lost_count,
        lost,
        undeclared_proxy,
    })
}
