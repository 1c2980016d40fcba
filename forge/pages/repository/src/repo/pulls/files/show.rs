//! `/{owner}/{name}/pulls/{number}/files`: what a pull request changes, with its review.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use axum_extra::extract::CookieJar;
use hearth_app::{
    App,
    changes::{Asked, Span},
    pull_request::{self, Version},
    review::{self, Look},
};
use hearth_core::{ReviewVerdict, ThreadNumber};
use http::StatusCode;

use super::{
    query::{FilesQuery, Shown},
    range::Pair,
    say::Draft,
    since::{self, Since},
    view::{Counts, Reader, View},
};
use crate::{
    Failure, Mistakes, Page, RepositoryHead, Web,
    diff::{self, DiffFile, TreeFile, TreeLine},
    repo::{
        RepositoryVisit,
        pulls::{AtPull, Framed, Part, PullFrame, frame},
    },
    respond::{html_with, see_other},
    words::Html,
};

#[derive(Template)]
#[template(path = "pages/repo/pulls/files/show.html")]
struct Show {
    page: Page,
    head: RepositoryHead,
    frame: PullFrame,
    query: FilesQuery,
    /// This page, without a query.
    here: String,
    version: i64,
    newest: i64,
    since: Vec<Since>,
    shown: Shown,
    counts: Counts,
    files: Vec<DiffFile>,
    tree: Vec<TreeLine>,
    tree_files: Vec<TreeFile>,
    /// The commits that changed since a version; none: files are shown.
    pairs: Option<Vec<Pair>>,
    /// Threads of files that are not on the page, by path.
    other_threads: Vec<(String, Html)>,
    review: ReviewForm,
    /// The form to comment, for scripts to copy; none: the reader may not comment.
    say: Option<Html>,
    can_apply: bool,
    /// Whether the commits are still being fetched.
    is_preparing: bool,
}

/// The form that submits a review.
struct ReviewForm {
    can_review: bool,
    /// Nobody approves what they have written.
    is_own: bool,
    pending: u64,
    verdict: ReviewVerdict,
    body: String,
    mistakes: Mistakes,
}

/// What a form of the page held when it is shown again.
#[derive(Debug, Default)]
pub(crate) struct Entered {
    pub(crate) say: Draft,
    pub(crate) review: Option<(ReviewVerdict, Draft)>,
}

impl Show {
    fn verdicts(&self) -> [(ReviewVerdict, &'static str, &'static str); 3] {
        let page = &self.page;
        [
            (
                ReviewVerdict::Comment,
                t!(page, "repo-pulls-files-verdict-comment"),
                t!(page, "repo-pulls-files-verdict-comment-help"),
            ),
            (
                ReviewVerdict::Approve,
                t!(page, "repo-pulls-files-verdict-approve"),
                t!(page, "repo-pulls-files-verdict-approve-help"),
            ),
            (
                ReviewVerdict::RequestChanges,
                t!(page, "repo-pulls-files-verdict-request"),
                t!(page, "repo-pulls-files-verdict-request-help"),
            ),
        ]
    }

    /// The version since which changes are shown.
    fn since_version(&self) -> Option<i64> {
        match self.shown {
            Shown::Since { version, .. } => Some(version),
            Shown::Everything | Shown::Commit(_) => None,
        }
    }

    /// The same changes in one difference of the files, or commit by commit.
    fn in_other_form(&self) -> Option<(String, bool)> {
        let Shown::Since { version, by_commit } = &self.shown else { return None };
        let since = version.to_string();
        let by = if *by_commit { "files" } else { "commits" };
        Some((self.query.only(&self.here, &[("since", &since), ("by", by)]), *by_commit))
    }
}

pub(crate) async fn get(
    State(web): State<Web>,
    page: Page,
    visit: RepositoryVisit,
    jar: CookieJar,
    Path(at): Path<AtPull>,
    Query(query): Query<FilesQuery>,
) -> Result<Response, Failure> {
    let number = at.number()?;
    let query = query.prepared(&jar);
    if let Some(address) = last_look(web.app(), &page, &visit, number, &query).await? {
        return Ok(see_other(&address));
    }
    let mut response =
        show(web.app(), page, &visit, number, query.clone(), Entered::default(), StatusCode::OK).await?;
    query.diff.keep(&web, response.headers_mut());
    Ok(response)
}

/// Where a returning reader sees what changed since their last look; none: they have seen the newest version, or none.
async fn last_look(
    app: &App,
    page: &Page,
    visit: &RepositoryVisit,
    number: ThreadNumber,
    query: &FilesQuery,
) -> Result<Option<String>, Failure> {
    if !page.is_signed_in() || !query.leaves_choice() {
        return Ok(None);
    }
    let look = review::look(app, &visit.access, number).await?;
    let newest = since::newest_prepared(&pull_request::versions(app, &visit.access, number).await?);
    let since = look.last_version.filter(|seen| newest.is_some_and(|newest| *seen < newest));
    let here = visit.urls.pull_part(number, "files");
    Ok(since.map(|since| query.diff.address_with(&here, &[("since", &since.to_string())])))
}

pub(crate) async fn show(
    app: &App,
    page: Page,
    visit: &RepositoryVisit,
    number: ThreadNumber,
    query: FilesQuery,
    entered: Entered,
    status: StatusCode,
) -> Result<Response, Failure> {
    let Framed { head, frame } = frame(app, &page, visit, number, Part::Files).await?;
    let versions = pull_request::versions(app, &visit.access, number).await?;
    let (mut look, mut pending) = (Look::default(), None);
    if page.is_signed_in() {
        look = review::look(app, &visit.access, number).await?;
        pending = review::pending(app, &visit.access, number).await?;
    }
    let shown = query.shown();
    let asked = Asked { span: span(&shown), version: query.version(), wanted: query.diff.wanted() };
    let by_commit = matches!(shown, Shown::Since { by_commit: true, .. }) && !query.diff.is_of_one_file();
    let reader = Reader { app, page: &page, visit, number, query: &query, frame: &frame };
    let view = match (&shown, by_commit) {
        _ if !are_prepared(&versions, &asked) => View::preparing(frame.pull().newest_version),
        (Shown::Since { version, .. }, true) => reader.commits(*version, &versions).await?,
        _ => reader.files(&asked, &shown, &look, pending.as_ref(), &entered.say).await?,
    };
    if page.is_signed_in() && !view.is_preparing {
        review::note_visit(app, &visit.access, number, view.version).await?;
    }
    let is_own = visit.access.actor().user_id() == Some(frame.pull().author_id);
    let (verdict, draft) = entered.review.unwrap_or((ReviewVerdict::Comment, Draft::default()));
    html_with(
        status,
        &Show {
            since: since::choices(&page, &versions, view.newest, look.last_version, &shown),
            here: reader.here(),
            can_apply: reader.may_apply(),
            review: ReviewForm {
                can_review: reader.may_comment(),
                is_own,
                pending: pending.map_or(0, |pending| pending.comments.len() as u64),
                verdict,
                body: draft.body,
                mistakes: draft.mistakes,
            },
            version: view.version,
            newest: view.newest,
            counts: view.counts,
            files: view.files,
            tree: diff::tree(&view.tree_files),
            tree_files: view.tree_files,
            pairs: view.pairs,
            other_threads: view.other_threads,
            say: view.say,
            is_preparing: view.is_preparing,
            shown,
            query,
            page,
            head,
            frame,
        },
    )
}

/// Whether all versions that are asked for can be compared.
fn are_prepared(versions: &[Version], asked: &Asked) -> bool {
    let since = match asked.span {
        Span::Since(version) => Some(version),
        Span::Whole | Span::Commit(_) => None,
    };
    let is_asked_for = |version: &&Version| [asked.version, since].contains(&Some(version.number));
    since::newest_prepared(versions).is_some() && versions.iter().filter(is_asked_for).all(since::is_prepared)
}

fn span(shown: &Shown) -> Span {
    match shown {
        Shown::Everything => Span::Whole,
        Shown::Since { version, .. } => Span::Since(*version),
        Shown::Commit(id) => Span::Commit(id.clone()),
    }
}
