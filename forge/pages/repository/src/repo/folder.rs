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
    RepositoryVisit, origin,
    surroundings::{MOST_BRANCHES, Surroundings, head_and_about},
    view::{self, CommitLink, FolderRows},
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
    files: FolderRows,
    latest: Option<CommitLink>,
    readme: Option<(String, Html)>,
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
    let ((head, about), rail, found) = tokio::try_join!(
        head_and_about(app, &page, visit, &super::home::SECTION),
        origin::rail(app, &page, visit),
        code::surroundings(app, &visit.access, place.commit, MOST_BRANCHES),
    )?;
    let readme = readme(app, page.words(), &visit.urls, &place, folder.readme.clone()).await;
    let around = Surroundings::new(&page, visit, &place, (about, rail), found);
    respond::html(&Folder {
        around,
        crumbs: view::crumbs(&visit.urls, &place.revision, &place.path),
        files: FolderRows::new(&page, &visit.urls, &place, &folder),
        latest: folder.latest.as_ref().map(|latest| CommitLink::new(&page, &visit.urls, latest)),
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
