//! `/images/{code}`: the interpreter and the packages of an image.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use hearth_app::{
    App,
    image::{self, Description, Package},
};
use serde::Deserialize;

use crate::{Failure, Page, respond::html};

#[derive(Template)]
#[template(path = "pages/images/show.html")]
struct Show {
    page: Page,
    found: Description,
    asked: PackageQuery,
    /// Those that the search leaves.
    packages: Vec<Package>,
}

/// A search among the packages.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PackageQuery {
    q: String,
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    Path(code): Path<String>,
    Query(asked): Query<PackageQuery>,
) -> Result<Response, Failure> {
    page.require_viewer()?;
    let found = image::describe(&app, &page.actor, &code).await?;
    let all = found.contents.as_ref().map(|contents| contents.packages.as_slice()).unwrap_or_default();
    let packages = all.iter().filter(|package| asked.finds(package)).cloned().collect();
    html(&Show { page, found, asked, packages })
}

impl PackageQuery {
    /// Whether the name of the package or of one of its modules contains the text.
    fn finds(&self, package: &Package) -> bool {
        let text = self.q.trim().to_lowercase();
        let names = std::iter::once(&package.name).chain(&package.modules);
        text.is_empty() || names.into_iter().any(|name| name.to_lowercase().contains(&text))
    }
}

impl Show {
    fn places(&self) -> String {
        super::places(&self.page, &self.found).join(" · ")
    }

    /// The modules of a package, unless they are named like it.
    fn modules(package: &Package) -> String {
        if package.modules.as_slice() == [package.name.clone()] {
            return String::new();
        }
        package.modules.join(", ")
    }
}
