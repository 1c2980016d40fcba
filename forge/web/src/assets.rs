//! Style, script and icons: compiled in and named by content hash, so that browsers may cache them for ever.

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use hearth_core::{Error, Kind};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};

use crate::{failure::Failure, words::Html};

/// One file that the browser fetches.
#[derive(Clone, Copy, Debug)]
pub struct Asset {
    /// Its address, with the hash of its content.
    pub path: &'static str,
    kind: &'static str,
    pub bytes: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

const ALL: [Asset; 3] = [STYLE, SCRIPT, MARK];

/// `GET /assets/{file}`.
#[expect(clippy::unused_async, reason = "handlers are asynchronous")]
pub async fn get(Path(file): Path<String>) -> Result<Response, Failure> {
    let asset = ALL.into_iter().find(|asset| asset.path.strip_prefix("/assets/") == Some(&file));
    let asset = asset.ok_or(Error::NotFound(Kind::Page))?;
    let headers = [(CONTENT_TYPE, asset.kind), (CACHE_CONTROL, "public, max-age=31536000, immutable")];
    Ok((headers, asset.bytes).into_response())
}

/// `GET /favicon.ico`: browsers ask for it whatever the page says.
#[expect(clippy::unused_async, reason = "handlers are asynchronous")]
pub async fn favicon() -> Response {
    ([(CONTENT_TYPE, MARK.kind), (CACHE_CONTROL, "public, max-age=86400")], MARK.bytes).into_response()
}

/// The index of an icon in the table. Evaluated at compile time, so an unknown name fails the build.
pub const fn icon_place(name: &str, problem: &str) -> usize {
    let mut place = 0;
    while place < ICON_NAMES.len() {
        if is_same(ICON_NAMES[place].as_bytes(), name.as_bytes()) {
            return place;
        }
        place += 1;
    }
    panic!("{}", problem)
}

const fn is_same(left: &[u8], right: &[u8]) -> bool {
    if left.len() != right.len() {
        return false;
    }
    let mut at = 0;
    while at < left.len() && left[at] == right[at] {
        at += 1;
    }
    at == left.len()
}

/// The icon at an index from [`icon_place`]; decorative, so hidden from screen readers.
pub fn icon_at(place: usize) -> Html {
    Html::trusted(format!(
        "<svg class=\"icon\" viewBox=\"0 0 16 16\" aria-hidden=\"true\">{}</svg>",
        ICONS[place]
    ))
}

/// One of `templates/assets/icons/*.svg` by name: `icon!("repository")`.
#[macro_export]
macro_rules! icon {
    ($name:literal) => {{
        const PLACE: usize =
            $crate::assets::icon_place($name, concat!("no icon `", $name, "` in templates/assets/icons"));
        $crate::assets::icon_at(PLACE)
    }};
}
