//! Pull requests that build on each other, from the lowest to the highest.

use hearth_app::{App, pull_request};
use hearth_core::{Error, ThreadNumber};

use crate::{Page, pill, repo::RepositoryVisit, words::Html};

/// One of a chain.
pub(crate) struct ChainRow {
    pub(crate) number: ThreadNumber,
    pub(crate) title: String,
    pub(crate) address: String,
    pub(crate) state: Html,
    /// Whether it is the one that is shown.
    pub(crate) is_own: bool,
    /// The branch that it is based on.
    pub(crate) base: String,
}

impl ChainRow {
    /// Empty for one that stands alone.
    pub(super) async fn all(
        app: &App,
        page: &Page,
        visit: &RepositoryVisit,
        number: ThreadNumber,
    ) -> Result<Vec<Self>, Error> {
        let links = pull_request::chain(app, &visit.access, number).await?;
        if links.len() < 2 {
            return Ok(Vec::new());
        }
        let row = |link: pull_request::Link| Self {
            number: link.number,
            address: visit.urls.pull(link.number),
            state: pill::pull(page.words(), link.state, link.is_draft),
            is_own: link.number == number,
            title: link.title,
            base: link.base_branch,
        };
        Ok(links.into_iter().map(row).collect())
    }
}
