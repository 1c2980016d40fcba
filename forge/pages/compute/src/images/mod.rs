//! What the images hold that tasks run in: for everybody who is signed in.

pub mod list;
pub mod show;

use axum::Router;
use hearth_app::image::Description;
use hearth_http::routing::get;

use crate::{Page, Web};

pub fn routes() -> Router<Web> {
    Router::new().route("/images", get(list::get)).route("/images/{code}", get(show::get))
}

/// Where an image runs: on this machine, and on cards of these families.
fn places(page: &Page, found: &Description) -> Vec<String> {
    let here = found.image.interpreter.is_some().then(|| t!(page, "images-here").to_owned());
    let general = found.image.reference.is_some().then(|| t!(page, "images-cluster").to_owned());
    let families = found.variants.iter().map(|variant| match variant.toolkit.as_str() {
        "" => variant.family.to_uppercase(),
        toolkit => toolkit.to_owned(),
    });
    here.into_iter().chain(general).chain(families).collect()
}
