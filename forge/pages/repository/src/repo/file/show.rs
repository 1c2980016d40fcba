use askama::Template;
use axum::response::{IntoResponse as _, Response};
use hearth_app::{
    App, code,
    code::{Content, RevisionPath},
    lfs::{self, Presence},
};
use hearth_core::urls::{RepositoryUrls, Revision};

use super::{Drawn, FileQuery, Subject, lines};
use crate::{
    Failure, Page, RepositoryHead, RepositoryVisit,
    repo::{
        home,
        surroundings::BranchMenu,
        view::{self, CommitLink},
    },
    respond, submodule,
    words::{self, Html},
};

/// A file at a revision.
#[derive(Template)]
#[template(path = "pages/repo/file/show.html")]
struct FilePage {
    page: Page,
    head: RepositoryHead,
    place: RevisionPath,
    menu: BranchMenu,
    crumbs: Vec<(String, String)>,
    latest: Option<CommitLink>,
    /// What is known of the file: its lines, size, language and encoding.
    facts: Vec<String>,
    shown: Shown,
    /// The addresses of the view and of the source, and whether the view is shown.
    views: Option<(String, String, bool)>,
    /// Why the file has no view, in a sentence.
    no_view: Option<String>,
    followed: Option<(String, String)>,
    permalink: String,
    raw: String,
    history: String,
    /// Of a text that is shown.
    blame: Option<String>,
    /// The addresses that edit and delete the file, of a branch, for those who are signed in.
    edit: Option<(String, String)>,
}

/// How the content is shown.
enum Shown {
    Lines(Html),
    View(Html),
    Empty,
    Link { target: String, folder: Option<String> },
    Submodule { commit: String, address: Option<String>, link: Option<String> },
    Lfs { download: String, oid: String, presence: Presence },
    Binary,
}

/// The page of a file, or only its lines.
pub(in crate::repo) async fn show(
    app: &App,
    page: Page,
    visit: &RepositoryVisit,
    place: RevisionPath,
    file: code::File,
    query: FileQuery,
) -> Result<Response, Failure> {
    let subject = Subject { app, page: &page, visit, place: &place, file: &file, query: &query };
    if let Some(text) = subject.text().filter(|_| query.is_part()) {
        let headers = [(http::header::CONTENT_TYPE, "text/html; charset=utf-8")];
        return Ok((headers, lines::draw_rows(&subject, text).await?.to_string()).into_response());
    }
    let mut facts = Vec::new();
    let presence = match &file.content {
        Content::Lfs(pointer) => lfs::presence(app, &visit.access, &pointer.oid).await?,
        _ => Presence::Here,
    };
    let kind = subject.view().filter(|_| presence == Presence::Here && file.size_bytes > 0);
    let drawn = match kind {
        Some(view) if !query.is_about_lines() => Some(view.draw(&subject).await?),
        _ => None,
    };
    let (view, no_view) = match drawn {
        Some(Drawn::View(html)) => (Some(html), None),
        Some(Drawn::Not(sentence)) => (None, Some(sentence)),
        None => (None, None),
    };
    let is_view = view.is_some();
    let shown = match view {
        Some(html) => Shown::View(html),
        None => content(&subject, presence, &mut facts).await?,
    };
    if !matches!(file.content, Content::Link { .. } | Content::Submodule { .. }) {
        facts.insert(facts.len().min(1), words::bytes(file.size_bytes));
    }
    if let Some(encoding) = subject.text().and_then(|text| text.encoding) {
        facts.push(t!(page, "repo-file-decoded", encoding = encoding));
    }
    let path = place.path.as_str();
    let views = kind.filter(|_| subject.text().is_some()).map(|_| {
        let address = subject.address();
        (address.clone(), format!("{address}?display=source"), is_view)
    });
    respond::html(&FilePage {
        head: visit.head(app, &home::SECTION).await?,
        menu: BranchMenu::read(app, visit, &place, RepositoryUrls::source).await?,
        crumbs: view::crumbs(&visit.urls, &place.revision, &place.path),
        latest: file.latest.as_ref().map(|latest| CommitLink::new(&page, &visit.urls, latest)),
        facts,
        shown,
        views,
        no_view,
        followed: file.followed.is_some().then(|| {
            let target = file.path.as_str();
            (target.to_owned(), visit.urls.source(&place.revision, target))
        }),
        permalink: visit.urls.source(&Revision::Commit(place.commit.to_string()), path),
        history: visit.urls.commits(&place.revision, path),
        blame: subject.text().filter(|text| text.is_whole).map(|_| visit.urls.blame(&place.revision, path)),
        edit: (page.is_signed_in() && is_editable(&place, &file))
            .then(|| (visit.urls.edit(&place.revision, path), visit.urls.delete(&place.revision, path))),
        raw: subject.bytes_address(),
        page,
        place,
    })
}

/// A file without a view of its own.
async fn content(
    subject: &Subject<'_>,
    presence: Presence,
    facts: &mut Vec<String>,
) -> Result<Shown, Failure> {
    let Subject { page, visit, place, file, .. } = *subject;
    Ok(match &file.content {
        Content::Text(text) if text.text.is_empty() => Shown::Empty,
        Content::Text(text) => {
            let drawn = lines::draw(subject, text).await?;
            facts.push(t!(page, "repo-file-lines", count = drawn.total as u64));
            facts.extend(drawn.language.map(str::to_owned));
            Shown::Lines(drawn.html)
        }
        Content::Binary => Shown::Binary,
        Content::Lfs(pointer) => {
            Shown::Lfs { download: subject.bytes_address(), oid: pointer.oid.as_str().to_owned(), presence }
        }
        Content::Link { target, folder } => Shown::Link {
            target: target.clone(),
            folder: folder.as_ref().map(|folder| visit.urls.source(&place.revision, folder.as_str())),
        },
        Content::Submodule { address } => {
            let commit = file.id.to_string();
            let home =
                address.as_deref().and_then(|address| submodule::repository_page(&visit.urls, address));
            let link = home.map(|home| format!("{home}/commit/{commit}"));
            Shown::Submodule { commit, address: address.clone(), link }
        }
    })
}

/// Whether the file is one of a branch, and not only a pointer to something else.
fn is_editable(place: &RevisionPath, file: &code::File) -> bool {
    let is_own = matches!(file.content, Content::Text(_) | Content::Binary | Content::Lfs(_));
    is_own && file.followed.is_none() && matches!(place.revision, Revision::Branch(_))
}
