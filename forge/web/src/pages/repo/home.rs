use askama::Template;
use axum::{extract::State, response::Response};
use hearth_app::{
    App, code,
    code::{Counts, RevisionPath, Share},
};
use hearth_core::{Unit, urls};

use super::{
    RepositoryVisit, empty,
    origin::{self, Rail},
    transfer::{self, TransferNote},
    view::{self, CommitLink, EntryRow},
};
use crate::{Failure, Page, RepositoryHead, Section, respond, words::Html};

pub(crate) const SECTION: Section = Section {
    name: "code",
    icon: || icon!("code"),
    label: |page| t!(page, "common-tab-code"),
    address: |urls| urls.home().to_owned(),
    count: |_| 0,
    is_shown: |head| head.is_open(Unit::Code),
};

/// The home page of a repository that is not empty.
#[derive(Template)]
#[template(path = "pages/repo/home.html")]
struct Home {
    page: Page,
    head: RepositoryHead,
    about: About,
    place: RevisionPath,
    rows: Vec<EntryRow>,
    /// How much is not shown, in words.
    hidden: String,
    latest: Option<CommitLink>,
    counts: Counts,
    readme: Option<(String, Html)>,
    /// None where they have not been counted.
    languages: Option<Vec<Slice>>,
    branches: Vec<(String, String)>,
    rail: Rail,
}

/// The description of the repository, and its clone addresses.
pub(super) struct About {
    pub(super) description: String,
    pub(super) website: String,
    pub(super) clone_address: String,
    pub(super) transfer: Option<TransferNote>,
}

/// A part of the bar of languages, in thousandths of its width.
struct Slice {
    share: Share,
    start: u64,
    colour: usize,
}

/// Branches in the menu; all of them are on their own page.
const MOST_BRANCHES: usize = 20;

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
) -> Result<Response, Failure> {
    let head = visit.head(&app, &SECTION).await?;
    let repository = visit.access.repository();
    let about = About {
        description: repository.description.clone(),
        website: repository.website.clone(),
        clone_address: app.urls().clone_address(
            repository.kind,
            repository.owner.as_str(),
            repository.name.as_str(),
        ),
        transfer: transfer::note(&app, &page, &visit).await?,
    };
    let Some(home) = code::home(&app, &visit.access, MOST_BRANCHES).await? else {
        return empty::show(page, head, about, &visit);
    };
    let code::Home { place, folder, counts, languages, branches } = home;
    let branches = branches
        .iter()
        .map(|branch| {
            let revision = urls::Revision::Branch(branch.as_str().to_owned());
            (branch.as_str().to_owned(), visit.urls.source(&revision, ""))
        })
        .collect();
    let readme = super::folder::readme(&app, page.words(), &visit.urls, &place, folder.readme.clone()).await;
    let rail = origin::rail(&app, &page, &visit).await?;
    respond::html(&Home {
        rail,
        rows: view::rows(&page, &visit.urls, &place, &folder.entries),
        hidden: view::left_out(&page, &folder),
        latest: folder.latest.as_ref().map(|latest| CommitLink::new(&page, &visit.urls, latest)),
        page,
        head,
        about,
        place,
        counts,
        readme,
        languages: languages.map(|shares| slices(&shares)),
        branches,
    })
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

impl Home {
    /// How many commits there are, as far as that is known.
    fn commits(&self) -> String {
        match self.counts.commits {
            None => t!(self.page, "repo-home-commits-unknown").to_owned(),
            Some(count) if count.is_whole() => t!(self.page, "repo-home-commits", count = count.value),
            Some(count) => t!(self.page, "repo-home-commits-more", count = count.value),
        }
    }
}

impl Slice {
    /// `83.4`.
    fn percent(&self) -> String {
        format!("{}.{}", self.share.permille / 10, self.share.permille % 10)
    }
}
