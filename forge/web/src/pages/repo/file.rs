use askama::Template;
use axum::response::Response;
use hearth_app::{
    App, code,
    code::{Content, RevisionPath},
    highlight, lfs, markdown,
    markdown::{Base, Links},
};
use hearth_http::download;

use super::{
    RepositoryVisit,
    view::{self, CommitLink},
};
use crate::{
    Failure, Page, RepositoryHead,
    prose::prose,
    respond,
    words::{self, Html},
};

/// A file at a revision.
#[derive(Template)]
#[template(path = "pages/repo/file.html")]
struct FilePage {
    page: Page,
    head: RepositoryHead,
    place: RevisionPath,
    revision: String,
    crumbs: Vec<(String, String)>,
    latest: Option<CommitLink>,
    size: String,
    shown: Shown,
    permalink: String,
    raw: String,
    history: String,
}

/// How the content is shown.
enum Shown {
    Lines { language: Option<&'static str>, lines: Vec<Html>, is_head: bool },
    Prose(Html),
    Picture(String),
    Link(String),
    Lfs { download: String, oid: String, is_lost: bool },
    Nothing,
}

impl FilePage {
    fn line_count(&self) -> u64 {
        match &self.shown {
            Shown::Lines { lines, .. } => lines.len() as u64,
            _ => 0,
        }
    }
}

pub(super) async fn show(
    app: &App,
    page: Page,
    visit: &RepositoryVisit,
    place: RevisionPath,
    file: code::File,
) -> Result<Response, Failure> {
    let head = visit.head(app, &super::home::SECTION).await?;
    let path = place.path.as_str();
    let at_commit = hearth_core::urls::Revision::Commit(place.commit.to_string());
    let raw_address = visit.urls.raw(&place.revision, path);
    let as_source = page.path.contains("display=source");
    let size_bytes = match &file.content {
        Content::Lfs(pointer) => pointer.size_bytes,
        _ => file.size_bytes,
    };
    let shown = match file.content {
        Content::Text(text) if is_markdown(&file.name) && !as_source => {
            let folder = place.path.parent().map(|parent| parent.as_str().to_owned()).unwrap_or_default();
            let base = Some(Base { revision: place.revision.clone(), folder });
            let links =
                Links { repository: Some(visit.urls.clone()), base, is_file: true, ..Links::default() };
            Shown::Prose(prose(page.words(), &markdown::draw(app, text, links).await))
        }
        Content::Text(text) => lines(&file.id.to_string(), &file.name, text, false).await,
        Content::Head(text) => lines(&format!("{}:head", file.id), &file.name, text, true).await,
        Content::Binary if download::is_picture(&file.name) => Shown::Picture(raw_address.clone()),
        Content::Binary => Shown::Nothing,
        Content::Link(target) => Shown::Link(target),
        Content::Lfs(pointer) => Shown::Lfs {
            download: visit.urls.media(&place.revision, path),
            is_lost: lfs::is_lost(app, &visit.access, &pointer.oid).await?,
            oid: pointer.oid.as_str().to_owned(),
        },
    };
    respond::html(&FilePage {
        revision: view::revision_text(&place.revision),
        crumbs: view::crumbs(&visit.urls, &place.revision, &place.path),
        latest: file.latest.as_ref().map(|latest| CommitLink::new(&page, &visit.urls, latest)),
        size: words::bytes(size_bytes),
        permalink: visit.urls.source(&at_commit, path),
        history: visit.urls.commits(&place.revision, path),
        raw: raw_address,
        page,
        head,
        place,
        shown,
    })
}

async fn lines(id: &str, name: &str, text: std::sync::Arc<str>, is_head: bool) -> Shown {
    let coloured = highlight::file(id, name, text).await;
    let lines = coloured.lines.iter().map(|line| Html::trusted(&**line)).collect();
    Shown::Lines { language: coloured.language, lines, is_head }
}

fn is_markdown(name: &str) -> bool {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    ["md", "markdown"].iter().any(|known| known.eq_ignore_ascii_case(ending))
}
