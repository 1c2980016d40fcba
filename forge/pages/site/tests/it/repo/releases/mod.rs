//! Releases, from the form to the download.

mod edit;
mod list;
mod new;
mod show;

use axum::http::StatusCode;

use crate::site::{Browser, Site};

const NEW: &str = "/mei/llm/releases/new";

/// Mei publishes a release of `mei/llm` at a tag that does not exist yet.
async fn publish<'a>(site: &'a Site, tag: &str) -> Browser<'a> {
    let mei = site.signed_in("mei").await;
    let fields =
        [("tag_name", tag), ("title", "First words"), ("notes", "It **reads**."), ("act", "publish")];
    let made = mei.post(NEW, NEW, &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
    assert_eq!(made.header("location"), format!("/mei/llm/releases/tag/{tag}"));
    mei
}
