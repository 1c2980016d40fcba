use askama::Template;
use axum::response::Response;
use hearth_app::{
    App, code,
    code::{Readme, RevisionPath},
    markdown,
    markdown::{Base, Links},
};
use hearth_core::urls::RepositoryUrls;

use super::{
    RepositoryVisit,
    surroundings::{About, MOST_BRANCHES, Surroundings},
    view::{self, CommitLink, EntryRow},
};
use crate::{
    Failure, Page, RepositoryHead,
    prose::prose,
    respond,
    words::{Html, Words},
};

/// A folder at a revision.
#[derive(Template)]
#[template(path = "pages/repo/folder.html")]
struct Folder {
    page: Page,
    head: RepositoryHead,
    place: RevisionPath,
    around: Surroundings,
    crumbs: Vec<(String, String)>,
    rows: Vec<EntryRow>,
    /// How much is not shown, in words.
    hidden: String,
    latest: Option<CommitLink>,
    readme: Option<(String, Html)>,
    parent: Option<String>,
}

impl Folder {
    /// This page as it is at this commit.
    fn permalink(&self) -> String {
        view::permalink(&self.head.urls, &self.place, RepositoryUrls::source)
    }
}

pub(super) async fn show(
    app: &App,
    page: Page,
    visit: &RepositoryVisit,
    place: RevisionPath,
    folder: code::Folder,
) -> Result<Response, Failure> {
    let head = visit.head(app, &super::home::SECTION).await?;
    let readme = readme(app, page.words(), &visit.urls, &place, folder.readme.clone()).await;
    let about = About::read(app, &page, visit).await?;
    let found = code::surroundings(app, &visit.access, place.commit, MOST_BRANCHES).await?;
    let around = Surroundings::new(app, &page, visit, &place, about, found).await?;
    respond::html(&Folder {
        around,
        crumbs: view::crumbs(&visit.urls, &place.revision, &place.path),
        rows: view::rows(&page, &visit.urls, &place, &folder.entries),
        hidden: view::left_out(&page, &folder),
        latest: folder.latest.as_ref().map(|latest| CommitLink::new(&page, &visit.urls, latest)),
        parent: place.path.parent().map(|parent| visit.urls.source(&place.revision, parent.as_str())),
        page,
        head,
        place,
        readme,
    })
}

/// Name and rendered HTML of the README of a folder.
pub(super) async fn readme(
    app: &App,
    words: Words,
    urls: &RepositoryUrls,
    place: &RevisionPath,
    readme: Option<Readme>,
) -> Option<(String, Html)> {
    let readme = readme?;
    if !readme.is_markdown {
        let text = Html::text(&readme.text);
        return Some((readme.name, Html::trusted(format!("<pre>{}</pre>", text.as_str()))));
    }
    let links = Links {
        repository: Some(urls.clone()),
        base: Some(Base { revision: place.revision.clone(), folder: place.path.as_str().to_owned() }),
        is_file: true,
        ..Links::default()
    };
    let html = markdown::draw(app, readme.text, links).await;
    Some((readme.name, prose(words, &html)))
}
