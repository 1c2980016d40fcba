//! Addresses of releases and their files.

use std::borrow::Borrow;

use super::{RepositoryUrls, path, segment};
use crate::ReleaseId;

impl RepositoryUrls {
    pub fn releases(&self) -> String {
        format!("{}/releases", self.0)
    }

    /// The form for a new release.
    pub fn release_new(&self) -> String {
        format!("{}/releases/new", self.0)
    }

    /// The form for a new release of a tag that exists.
    pub fn release_new_of(&self, tag: &str) -> String {
        format!("{}/releases/new?tag={}", self.0, segment(tag))
    }

    /// The release of a tag.
    pub fn release(&self, tag: &str) -> String {
        format!("{}/releases/tag/{}", self.0, path(tag))
    }

    /// Whichever release is the latest one.
    pub fn release_latest(&self) -> String {
        format!("{}/releases/latest", self.0)
    }

    /// The form for changing a release; drafts are found by their id, because their tag may change.
    pub fn release_edit(&self, id: impl Borrow<ReleaseId>) -> String {
        format!("{}/releases/edit/{}", self.0, id.borrow())
    }

    /// An action on a release: `delete`, `assets`, `uploads`, …
    pub fn release_part(&self, id: impl Borrow<ReleaseId>, part: &str) -> String {
        format!("{}/releases/{}/{part}", self.0, id.borrow())
    }

    /// A file of the release of a tag.
    pub fn release_asset(&self, tag: &str, name: &str) -> String {
        format!("{}/releases/download/{}/{}", self.0, path(tag), segment(name))
    }

    /// The releases as an Atom feed.
    pub fn releases_feed(&self) -> String {
        format!("{}/releases.atom", self.0)
    }
}
