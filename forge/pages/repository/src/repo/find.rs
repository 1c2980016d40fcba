//! `/{owner}/{name}/find/{kind}/{revision}`: files by a part of their path.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse as _, Response},
};
use hearth_app::{App, code, code::RevisionPath};
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH},
};

use super::{RepositoryVisit, source::At, view};
use crate::{Failure, Page, RepositoryHead, respond};

#[derive(Template)]
#[template(path = "pages/repo/find.html")]
struct Find {
    page: Page,
    head: RepositoryHead,
    place: RevisionPath,
    revision: String,
    q: String,
    /// Path and address.
    found: Vec<(String, String)>,
    total: u64,
    /// Whether the commit has more files than are searched.
    is_cut: bool,
}

/// What is searched for.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct FindQuery {
    q: String,
}

/// Results on one page.
const MOST_FOUND: usize = 100;
/// Longer queries match no path.
const LONGEST_QUERY: usize = 256;

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<At>,
    Query(asked): Query<FindQuery>,
) -> Result<Response, Failure> {
    let (place, paths) = code::paths(&app, &visit.access, &at.kind, &at.rest).await?;
    let q: String = asked.q.chars().take(LONGEST_QUERY).collect();
    let found = code::find(&app, Arc::clone(&paths), q.clone(), MOST_FOUND).await?;
    let address = |path: String| (path.clone(), visit.urls.source(&place.revision, &path));
    respond::html(&Find {
        head: visit.head(&app, &super::home::SECTION).await?,
        found: found.paths.into_iter().map(address).collect(),
        total: found.total as u64,
        is_cut: !paths.is_whole,
        revision: view::revision_text(&place.revision),
        page,
        place,
        q,
    })
}

/// `/{owner}/{name}/find/{revision}`: by one name, as people type it.
pub(crate) async fn by_name(
    State(app): State<App>,
    visit: RepositoryVisit,
    Path(named): Path<Named>,
) -> Result<Response, Failure> {
    let place = code::resolve(&app, &visit.access, &named.revision).await?;
    Ok(respond::see_other(&visit.urls.find(&place.revision)))
}

/// A revision by one name.
#[derive(serde::Deserialize)]
pub(crate) struct Named {
    revision: String,
}

/// `/{owner}/{name}/paths/{kind}/{revision}`: every path, one a line, for the script.
pub(crate) async fn paths(
    State(app): State<App>,
    visit: RepositoryVisit,
    Path(at): Path<At>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let (_, paths) = code::paths(&app, &visit.access, &at.kind, &at.rest).await?;
    // A tree never changes, and the reader's permission is checked again each time.
    let tag = format!("\"{}\"", paths.tree);
    let told = HeaderMap::from_iter([
        (ETAG, HeaderValue::from_str(&tag).expect("a hash in quotes is a header")),
        (CACHE_CONTROL, HeaderValue::from_static("private, no-cache")),
        (CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8")),
    ]);
    let known = headers.get(IF_NONE_MATCH).and_then(|known| known.to_str().ok());
    // Compression marks the tag as weak.
    if paths.is_whole && known.is_some_and(|known| known.trim_start_matches("W/") == tag) {
        return Ok((StatusCode::NOT_MODIFIED, told).into_response());
    }
    Ok((told, paths.text.clone()).into_response())
}

impl Find {
    fn address(&self) -> String {
        self.head.urls.find(&self.place.revision)
    }
}
