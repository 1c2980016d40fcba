//! What every folder of a repository has around it: the menus of branches and of clone addresses, the counts,
//! and the rail with what belongs to the repository.

use hearth_app::{
    App,
    code::{self, Counts, RevisionPath, Share},
    release,
    repository::topic,
    ssh_key,
};
use hearth_core::{
    Error, Permission, Unit,
    urls::{self, RepositoryUrls, Revision},
};
use hearth_git::BranchName;

use super::{
    RepositoryVisit,
    origin::Rail,
    transfer::{self, TransferNote},
    view,
};
use crate::{Page, RepositoryHead, Section, words::Html};

/// Branches in the menu; all of them are on their own page.
pub(super) const MOST_BRANCHES: usize = 20;

/// See the module; drawn by `components/browse.html`.
pub(crate) struct Surroundings {
    pub(crate) about: About,
    pub(crate) menu: BranchMenu,
    pub(crate) counts: Counts,
    /// None where they have not been counted.
    pub(crate) languages: Option<Vec<Slice>>,
    pub(crate) rail: Rail,
    /// Where a new file is written and where files are taken, of a branch, for those who are signed in.
    pub(crate) add: Option<(String, String)>,
}

/// The branches on which one can see the same page about the same path.
pub(crate) struct BranchMenu {
    /// The icon of the revision's kind, and its name.
    pub(crate) revision: (Html, String),
    /// Name and address of each branch in the menu, and whether it is shown now.
    pub(crate) branches: Vec<(String, String, bool)>,
}

/// The description of the repository, and its clone address.
pub(crate) struct About {
    pub(crate) description: String,
    pub(crate) website: String,
    pub(crate) clone_address: String,
    pub(crate) topics: Vec<String>,
    pub(crate) can_edit_topics: bool,
    /// Title and tag of the latest release.
    pub(crate) release: Option<(String, String)>,
    /// None: the site is not reached over SSH.
    pub(crate) ssh_address: Option<String>,
    /// Whether the reader could use the SSH address if they had a key.
    lacks_key: bool,
    pub(crate) transfer: Option<TransferNote>,
}

/// A part of the bar of languages, in thousandths of its width.
pub(crate) struct Slice {
    pub(crate) share: Share,
    pub(crate) start: u64,
    pub(crate) colour: usize,
}

/// The head of the page, and what it says about the repository.
pub(super) async fn head_and_about(
    app: &App,
    page: &Page,
    visit: &RepositoryVisit,
    section: &Section,
) -> Result<(RepositoryHead, About), Error> {
    let head = visit.head(app, section).await?;
    let about = Box::pin(About::read(app, page, visit, &head)).await?;
    Ok((head, about))
}

impl About {
    async fn read(
        app: &App,
        page: &Page,
        visit: &RepositoryVisit,
        head: &RepositoryHead,
    ) -> Result<Self, Error> {
        let repository = visit.access.repository();
        let (owner, name) = (repository.owner.as_str(), repository.name.as_str());
        let ssh_address = app.urls().ssh_address(repository.kind, owner, name);
        let may_lack_key = ssh_address.is_some() && page.is_signed_in();
        let lacks_key = async { Ok(may_lack_key && !ssh_key::has_any(app, &page.actor).await?) };
        let (lacks_key, topics, release, transfer) = tokio::try_join!(
            lacks_key,
            topic::list(app, &visit.access),
            latest_release(app, visit, head),
            transfer::note(app, page, visit),
        )?;
        Ok(Self {
            description: repository.description.clone(),
            website: repository.website.clone(),
            clone_address: app.urls().clone_address(repository.kind, owner, name),
            topics,
            can_edit_topics: visit.access.can(Permission::Administer),
            release,
            ssh_address,
            lacks_key,
            transfer,
        })
    }

    /// Where the reader adds an SSH key; none: they have one, or are not signed in.
    pub(crate) fn key_link(&self, page: &Page) -> Option<Html> {
        let address = urls::user_settings("keys");
        self.lacks_key.then(|| Html::link(&address, t!(page, "repo-home-clone-ssh-key-link")))
    }
}

async fn latest_release(
    app: &App,
    visit: &RepositoryVisit,
    head: &RepositoryHead,
) -> Result<Option<(String, String)>, Error> {
    if head.releases == 0 || !visit.access.can_in(Unit::Releases, Permission::Read) {
        return Ok(None);
    }
    let latest = release::latest_row(app, &visit.access).await?;
    Ok(latest.map(|release| (release.shown_title().to_owned(), release.tag_name)))
}

impl BranchMenu {
    /// That over a file, where `address` is the one of the page about a path at a revision.
    pub(super) async fn read(
        app: &App,
        visit: &RepositoryVisit,
        place: &RevisionPath,
        address: fn(&RepositoryUrls, &Revision, &str) -> String,
    ) -> Result<Self, Error> {
        let branches = code::newest_branches(app, &visit.access, MOST_BRANCHES).await?;
        Ok(Self::new(&visit.urls, place, &branches, address))
    }

    fn new(
        urls: &RepositoryUrls,
        place: &RevisionPath,
        branches: &[BranchName],
        address: fn(&RepositoryUrls, &Revision, &str) -> String,
    ) -> Self {
        let branch = |name: &BranchName| {
            let name = name.as_str().to_owned();
            let revision = Revision::Branch(name.clone());
            let is_shown = revision == place.revision;
            (name, address(urls, &revision, place.path.as_str()), is_shown)
        };
        Self {
            revision: (view::revision_icon(&place.revision), view::revision_text(&place.revision)),
            branches: branches.iter().map(branch).collect(),
        }
    }
}

impl Surroundings {
    /// Those of a place; `found` is what the code has around it.
    pub(super) fn new(
        page: &Page,
        visit: &RepositoryVisit,
        place: &RevisionPath,
        (about, rail): (About, Rail),
        found: code::Surroundings,
    ) -> Self {
        let is_branch = matches!(place.revision, Revision::Branch(_));
        let add = (is_branch && page.is_signed_in()).then(|| {
            let folder = place.path.as_str();
            (visit.urls.new_file(&place.revision, folder), visit.urls.upload(&place.revision, folder))
        });
        Self {
            about,
            add,
            menu: BranchMenu::new(&visit.urls, place, &found.branches, RepositoryUrls::source),
            counts: found.counts,
            languages: found.languages.map(|shares| slices(&shares)),
            rail,
        }
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
