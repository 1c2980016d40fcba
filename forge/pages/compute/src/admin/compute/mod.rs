//! `/-/admin/compute`: engines, pools, cards, specs, scenes, images and quotas.

pub mod accelerator;
pub mod accelerators;
pub mod forecasts;
pub mod image;
pub mod images;
pub mod matrix;
pub mod nodes;
pub mod overview;
pub mod pool;
pub mod quota;
pub mod quotas;
pub mod row;
pub mod scene;
pub mod scenes;
pub mod spec;
pub mod specs;
mod text;

use axum::Router;
use hearth_app::accelerator::{Accelerator, FAMILIES};
use hearth_core::urls;
use hearth_http::routing::{get, get_and_post, post};
use http::StatusCode;

use crate::{MenuEntry, Mistakes, Web, words};

/// The compute entries of the administrators' menu.
pub const MENU_ENTRIES: &[&MenuEntry] = &[
    &overview::MENU_ENTRY,
    &nodes::MENU_ENTRY,
    &accelerators::MENU_ENTRY,
    &specs::MENU_ENTRY,
    &images::MENU_ENTRY,
    &matrix::MENU_ENTRY,
    &scenes::MENU_ENTRY,
    &quotas::MENU_ENTRY,
    &forecasts::MENU_ENTRY,
];

pub fn routes() -> Router<Web> {
    Router::new()
        .route("/", get(overview::get))
        .route("/accelerators", get(accelerators::get))
        .merge(row::routes::<accelerator::Accelerator>())
        .route("/forecasts", get(forecasts::get))
        .route("/images", get(images::get))
        .merge(row::routes::<image::Image>())
        .route("/images/{code}/variants", post(image::put_variant))
        .route("/images/{code}/variants/{family}/{act}", post(image::act_on_variant))
        .route("/matrix", get_and_post(matrix::get, matrix::post))
        .route("/nodes", get_and_post(nodes::get, nodes::post))
        .merge(row::routes::<pool::Pool>())
        .route("/pools/{code}/delete", post(pool::delete))
        .route("/pools/{code}/pause", post(pool::pause))
        .route("/pools/{code}/resume", post(pool::resume))
        .route("/quotas", get(quotas::get))
        .merge(row::routes::<quota::Quota>())
        .merge(row::deletion::<quota::Quota>())
        .route("/scenes", get(scenes::get))
        .merge(row::routes::<scene::Scene>())
        .merge(row::deletion::<scene::Scene>())
        .route("/specs", get(specs::get))
        .merge(row::routes::<spec::Spec>())
}

/// The address of a page below `/-/admin/compute`.
fn address(path: &str) -> String {
    urls::admin(&format!("compute/{path}"))
}

fn status(mistakes: &Mistakes) -> StatusCode {
    if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
}

/// Kinds of cards to choose from, after one special choice.
fn kinds(first: &str, rows: &[Accelerator]) -> Vec<(String, String)> {
    let rows = rows.iter().map(|row| (row.code.clone(), row.label.clone()));
    std::iter::once((String::new(), first.to_owned())).chain(rows).collect()
}

/// Families of image variants, with or without `cpu`.
fn families(with_cpu: bool) -> Vec<(&'static str, &'static str)> {
    FAMILIES.iter().filter(|family| with_cpu || **family != "cpu").map(|family| (*family, *family)).collect()
}

/// A number of bytes from the database.
fn bytes(size: i64) -> String {
    words::bytes(u64::try_from(size).unwrap_or(0))
}
