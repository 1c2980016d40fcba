//! `/images`: the images that tasks can be launched with.

use askama::Template;
use axum::{extract::State, response::Response};
use hearth_app::{
    App,
    image::{self, Description},
};

use crate::{Failure, Page, respond::html};

#[derive(Template)]
#[template(path = "pages/images/list.html")]
struct List {
    page: Page,
    images: Vec<Description>,
}

pub(crate) async fn get(State(app): State<App>, page: Page) -> Result<Response, Failure> {
    page.require_viewer()?;
    let images = image::descriptions(&app, &page.actor).await?;
    html(&List { page, images })
}

impl List {
    fn places(&self, found: &Description) -> Vec<String> {
        super::places(&self.page, found)
    }

    fn packages(found: &Description) -> Option<usize> {
        found.contents.as_ref().map(|contents| contents.packages.len())
    }
}
