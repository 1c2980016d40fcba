//! What there is on this site.

pub(crate) mod repositories;
pub(crate) mod users;

use serde::Deserialize;

/// What is looked for, all of it in the address.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct ExploreQuery {
    #[serde(default)]
    q: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    sort: String,
    #[serde(default)]
    page: String,
}

impl ExploreQuery {
    fn request(&self) -> hearth_core::PageRequest {
        hearth_core::PageRequest::asked(&self.page, 0)
    }

    fn text(&self) -> Option<String> {
        Some(self.q.trim().to_owned()).filter(|text| !text.is_empty())
    }
}
