//! `/-/admin/compute`: engines, pools, cards, specs, scenes, images and quotas.

pub(crate) mod accelerator;
pub(crate) mod accelerators;
pub(crate) mod forecasts;
pub(crate) mod image;
pub(crate) mod images;
pub(crate) mod matrix;
pub(crate) mod nodes;
pub(crate) mod overview;
pub(crate) mod pool;
pub(crate) mod quota;
pub(crate) mod quotas;
pub(crate) mod row;
pub(crate) mod scene;
pub(crate) mod scenes;
pub(crate) mod spec;
pub(crate) mod specs;
mod text;

use hearth_app::accelerator::{Accelerator, FAMILIES};
use hearth_core::urls;
use http::StatusCode;

use crate::{Mistakes, words};

/// The address of a page below `/-/admin/compute`.
fn address(path: &str) -> String {
    urls::admin(&format!("compute/{path}"))
}

fn status(mistakes: &Mistakes) -> StatusCode {
    if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
}

/// Kinds of cards to choose from, after one choice of the page's own.
fn kinds(first: &str, rows: &[Accelerator]) -> Vec<(String, String)> {
    let rows = rows.iter().map(|row| (row.code.clone(), row.label.clone()));
    std::iter::once((String::new(), first.to_owned())).chain(rows).collect()
}

/// Families of image variants, those of cards alone or with `cpu`.
fn families(with_cpu: bool) -> Vec<(&'static str, &'static str)> {
    FAMILIES.iter().filter(|family| with_cpu || **family != "cpu").map(|family| (*family, *family)).collect()
}

/// A number of bytes from the database.
fn bytes(size: i64) -> String {
    words::bytes(u64::try_from(size).unwrap_or(0))
}
