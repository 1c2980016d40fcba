use askama::Template;
use axum::{extract::State, response::Response};
use hearth_app::{code, code::RevisionPath};
use hearth_core::{RepositoryKind, Unit, urls::RepositoryUrls};

use super::{
    RepositoryVisit, empty,
    surroundings::{About, MOST_BRANCHES, Surroundings},
    view::{self, CommitLink, EntryRow},
};
use crate::{Failure, Page, RepositoryHead, Section, Web, new_token::NewToken, respond, words::Html};

pub(crate) const SECTION: Section = Section {
    name: "code",
    icon: || icon!("code"),
    label: |page| t!(page, "common-tab-code"),
    address: |urls| urls.home().to_owned(),
    count: |_| 0,
    is_shown: |head| !head.is_model() && head.is_open(Unit::Code),
};

/// The home page of a model: what it is, before the files that it is made of.
pub(crate) const CARD: Section = Section {
    name: "card",
    icon: || icon!("book"),
    label: |page| t!(page, "repo-home-tab-card"),
    address: |urls| urls.home().to_owned(),
    count: |_| 0,
    is_shown: |head| head.is_model() && head.is_open(Unit::Code),
};

/// The files of a model; their pages are those of code.
pub(crate) const FILES: Section = Section {
    name: SECTION.name,
    icon: || icon!("folder"),
    label: |page| t!(page, "repo-home-tab-files"),
    address: |urls| urls.files(),
    count: |_| 0,
    is_shown: |head| head.is_model() && head.is_open(Unit::Code),
};

/// The home page of a repository that is not empty.
#[derive(Template)]
#[template(path = "pages/repo/home.html")]
struct Home {
    page: Page,
    head: RepositoryHead,
    place: RevisionPath,
    around: Surroundings,
    rows: Vec<EntryRow>,
    /// How much is not shown, in words.
    hidden: String,
    latest: Option<CommitLink>,
    readme: Option<(String, Html)>,
}

pub(crate) async fn get(
    State(web): State<Web>,
    page: Page,
    visit: RepositoryVisit,
    new_token: NewToken,
) -> Result<Response, Failure> {
    let app = web.app();
    let is_model = visit.access.repository().kind == RepositoryKind::Model;
    let head = visit.head(app, if is_model { &CARD } else { &SECTION }).await?;
    let about = About::read(app, &page, &visit).await?;
    let Some(home) = code::home(app, &visit.access, MOST_BRANCHES).await? else {
        return empty::show(&web, page, head, about, &visit, new_token).await;
    };
    let code::Home { place, folder, surroundings } = home;
    let readme = super::folder::readme(app, page.words(), &visit.urls, &place, folder.readme.clone()).await;
    let around = Surroundings::new(app, &page, &visit, &place, about, surroundings).await?;
    respond::html(&Home {
        around,
        rows: view::rows(&page, &visit.urls, &place, &folder.entries),
        hidden: view::left_out(&page, &folder),
        latest: folder.latest.as_ref().map(|latest| CommitLink::new(&page, &visit.urls, latest)),
        page,
        head,
        place,
        readme,
    })
}

impl Home {
    /// This page as it is at this commit.
    fn permalink(&self) -> String {
        view::permalink(&self.head.urls, &self.place, RepositoryUrls::source)
    }
}
