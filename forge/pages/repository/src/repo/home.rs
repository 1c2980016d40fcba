use askama::Template;
use axum::{extract::State, response::Response};
use hearth_app::{
    App, code,
    code::RevisionPath,
    compare::{self, RecentBranch},
    fork,
};
use hearth_core::{Error, RepositoryKind, Unit, urls::RepositoryUrls};

use super::{
    RepositoryVisit, empty, origin,
    surroundings::{MOST_BRANCHES, Surroundings, head_and_about},
    view::{self, CommitLink, FolderRows},
};
use crate::{Failure, Page, RepositoryHead, Section, Web, new_token::NewToken, respond, words::Html};

pub const SECTION: Section = Section {
    name: "code",
    icon: || icon!("code"),
    label: |page| t!(page, "common-tab-code"),
    address: |urls| urls.home().to_owned(),
    count: |_| 0,
    is_shown: |head| !head.is_model() && head.is_open(Unit::Code),
};

/// The home page of a model: what it is, before the files that it is made of.
pub const CARD: Section = Section {
    name: "card",
    icon: || icon!("book"),
    label: |page| t!(page, "repo-home-tab-card"),
    address: |urls| urls.home().to_owned(),
    count: |_| 0,
    is_shown: |head| head.is_model() && head.is_open(Unit::Code),
};

/// The files of a model; their pages are those of code.
pub const FILES: Section = Section {
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
    files: FolderRows,
    latest: Option<CommitLink>,
    readme: Option<(String, Html)>,
    pushed: Vec<PushedBranch>,
}

/// A branch that the reader has just pushed, and where it is compared with the default one.
struct PushedBranch {
    sentence: Html,
    address: String,
}

pub(crate) async fn get(
    State(web): State<Web>,
    page: Page,
    visit: RepositoryVisit,
    new_token: NewToken,
) -> Result<Response, Failure> {
    let app = web.app();
    let is_model = visit.access.repository().kind == RepositoryKind::Model;
    let section = if is_model { &CARD } else { &SECTION };
    let ((head, about), rail, pushed, home) = tokio::try_join!(
        head_and_about(app, &page, &visit, section),
        origin::rail(app, &page, &visit),
        pushed(app, &page, &visit),
        code::home(app, &visit.access, MOST_BRANCHES),
    )?;
    let Some(home) = home else {
        return empty::show(&web, page, head, about, &visit, new_token).await;
    };
    let code::Home { place, folder, surroundings } = home;
    let readme = super::folder::readme(app, page.words(), &visit.urls, &place, folder.readme.clone()).await;
    let around = Surroundings::new(&page, &visit, &place, (about, rail), surroundings);
    respond::html(&Home {
        around,
        files: FolderRows::new(&page, &visit.urls, &place, &folder),
        latest: folder.latest.as_ref().map(|latest| CommitLink::new(&page, &visit.urls, latest)),
        page,
        head,
        place,
        readme,
        pushed,
    })
}

/// What the reader may want to open a pull request from.
async fn pushed(app: &App, page: &Page, visit: &RepositoryVisit) -> Result<Vec<PushedBranch>, Error> {
    let own = visit.access.repository();
    // From a fork, people ask its origin.
    let origin = fork::origin(app, &visit.access).await?;
    let base = origin.as_ref().unwrap_or(own);
    let urls = RepositoryUrls::new(base.kind, base.owner.as_str(), base.name.as_str());
    let branch = |recent: RecentBranch| {
        let shown = match &recent.fork {
            Some((owner, name)) => format!("{owner}/{name}:{}", recent.branch),
            None => recent.branch.clone(),
        };
        let head = match &recent.fork {
            None if origin.is_some() => format!("{}/{}:{}", own.owner, own.name, recent.branch),
            None | Some(_) => shown.clone(),
        };
        let (name, time) = (Html::code(&shown), page.time(recent.pushed_at));
        PushedBranch {
            sentence: rich!(page, "repo-compare-strip", branch = name, time = time),
            address: urls.compare_of(&base.default_branch, &head),
        }
    };
    Ok(compare::recent_branches(app, &visit.access).await?.into_iter().map(branch).collect())
}

impl Home {
    /// This page as it is at this commit.
    fn permalink(&self) -> String {
        view::permalink(&self.head.urls, &self.place, RepositoryUrls::source)
    }
}
