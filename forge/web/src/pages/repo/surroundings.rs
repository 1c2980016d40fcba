//! What every folder of a repository has around it: the menus of branches and of clone addresses, the counts,
//! and the rail with what belongs to the repository.

use hearth_app::{
    App,
    code::{self, Counts, RevisionPath, Share},
};
use hearth_core::{Error, urls::Revision};

use super::{
    RepositoryVisit,
    origin::{self, Rail},
    transfer::{self, TransferNote},
    view,
};
use crate::{Page, words::Html};

/// Branches in the menu; all of them are on their own page.
pub(super) const MOST_BRANCHES: usize = 20;

/// See the module; drawn by `components/browse.html`.
pub(crate) struct Surroundings {
    pub(crate) about: About,
    /// The icon of the revision's kind, and its name.
    pub(crate) revision: (Html, String),
    /// Name and address of each branch in the menu, and whether it is shown now.
    pub(crate) branches: Vec<(String, String, bool)>,
    pub(crate) counts: Counts,
    /// None where they have not been counted.
    pub(crate) languages: Option<Vec<Slice>>,
    pub(crate) rail: Rail,
}

/// The description of the repository, and its clone address.
pub(crate) struct About {
    pub(crate) description: String,
    pub(crate) website: String,
    pub(crate) clone_address: String,
    pub(crate) transfer: Option<TransferNote>,
}

/// A part of the bar of languages, in thousandths of its width.
pub(crate) struct Slice {
    pub(crate) share: Share,
    pub(crate) start: u64,
    pub(crate) colour: usize,
}

impl About {
    pub(super) async fn read(app: &App, page: &Page, visit: &RepositoryVisit) -> Result<Self, Error> {
        let repository = visit.access.repository();
        let (owner, name) = (repository.owner.as_str(), repository.name.as_str());
        Ok(Self {
            description: repository.description.clone(),
            website: repository.website.clone(),
            clone_address: app.urls().clone_address(repository.kind, owner, name),
            transfer: transfer::note(app, page, visit).await?,
        })
    }
}

impl Surroundings {
    /// Those of a place; `found` is what the code has around it.
    pub(super) async fn new(
        app: &App,
        page: &Page,
        visit: &RepositoryVisit,
        place: &RevisionPath,
        about: About,
        found: code::Surroundings,
    ) -> Result<Self, Error> {
        let branch = |name: &str| {
            let revision = Revision::Branch(name.to_owned());
            let address = visit.urls.source(&revision, place.path.as_str());
            (name.to_owned(), address, revision == place.revision)
        };
        Ok(Self {
            about,
            revision: (view::revision_icon(&place.revision), view::revision_text(&place.revision)),
            branches: found.branches.iter().map(|name| branch(name.as_str())).collect(),
            counts: found.counts,
            languages: found.languages.map(|shares| slices(&shares)),
            rail: origin::rail(app, page, visit).await?,
        })
    }

    pub(crate) fn branch_count(&self, page: &Page) -> String {
        t!(page, "repo-home-branches", count = self.counts.branches)
    }

    pub(crate) fn tag_count(&self, page: &Page) -> String {
        t!(page, "repo-home-tags", count = self.counts.tags)
    }

    /// How many commits there are, as far as that is known.
    pub(crate) fn commit_count(&self, page: &Page) -> String {
        match self.counts.commits {
            None => t!(page, "repo-home-commits-unknown").to_owned(),
            Some(count) if count.is_whole() => t!(page, "repo-home-commits", count = count.value),
            Some(count) => t!(page, "repo-home-commits-more", count = count.value),
        }
    }
}

/// Where each share begins, so that the bar needs attributes only.
fn slices(shares: &[Share]) -> Vec<Slice> {
    let mut start = 0;
    shares
        .iter()
        .enumerate()
        .map(|(colour, share)| {
            let slice = Slice { share: share.clone(), start, colour };
            start += share.permille;
            slice
        })
        .collect()
}

impl Slice {
    /// `83.4`.
    pub(crate) fn percent(&self) -> String {
        format!("{}.{}", self.share.permille / 10, self.share.permille % 10)
    }
}
