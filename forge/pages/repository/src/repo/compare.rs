//! `/{owner}/{name}/compare/{base}...{head}`: what one branch has beyond another, and the form that asks to merge it.

mod choice;
mod form;

use askama::Template;
use axum::{
    Router,
    extract::{Path, Query, Request, State},
    response::Response,
};
use axum_extra::extract::CookieJar;
use hearth_app::{
    App,
    compare::{self, ComparedNames, Comparison},
    fork, pull_request,
};
use hearth_core::{Error, Kind, ThreadNumber, urls::RepositoryUrls};
use hearth_http::routing::{get as on_get, get_and_post};
use http::StatusCode;
use serde::Deserialize;

use self::{
    choice::{ChoiceQuery, Choices},
    form::{NewForm, NewPull},
};
use super::{RepositoryVisit, pulls, view::CommitLink};
use crate::{
    Failure, Mistakes, Page, RepositoryHead, Web,
    diff::{self, DiffFile, DiffQuery, Sides, TreeFile, TreeLine},
    files_form::{self, FilesForm},
    respond::{html, html_with, see_other},
};

#[derive(Template)]
#[template(path = "pages/repo/compare.html")]
struct Compare {
    page: Page,
    head: RepositoryHead,
    choices: Choices,
    /// None: nothing is compared yet.
    shown: Option<Shown>,
    /// None: nothing can be opened, for the reason that `shown` says, or because nobody is signed in.
    form: Option<NewPull>,
    mistakes: Mistakes,
}

/// The pull request that is already open.
struct OpenPull {
    number: ThreadNumber,
    title: String,
}

/// What the head has beyond the base.
struct Shown {
    /// Why there is nothing to merge.
    nothing: Option<&'static str>,
    /// The open pull request for the same branches.
    open: Option<OpenPull>,
    /// Whether a pull request could be opened, by those who are signed in.
    is_mergeable: bool,
    ahead: u64,
    commits: Vec<CommitLink>,
    files: Vec<DiffFile>,
    tree: Vec<TreeLine>,
    tree_files: Vec<TreeFile>,
    changed: String,
    additions: u64,
    deletions: u64,
    is_truncated: bool,
    query: DiffQuery,
    /// This page without a query.
    here: String,
}

pub(crate) fn routes() -> Router<Web> {
    Router::new().route("/compare", on_get(choose)).route("/compare/{*rest}", get_and_post(get, post))
}

#[derive(Debug, Deserialize)]
struct AtComparison {
    rest: String,
}

/// `/compare`: which branches; a form leads from here to the address that names them. Whoever comes from a fork is asked what
/// to merge into its origin, unless they say that they mean the fork itself.
async fn choose(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Query(asked): Query<ChoiceQuery>,
) -> Result<Response, Failure> {
    if let Some(address) = asked.address(&visit) {
        return Ok(see_other(&address));
    }
    if asked.names_nothing()
        && let Some(origin) = fork::origin(&app, &visit.access).await?
    {
        let urls = RepositoryUrls::new(origin.kind, origin.owner.as_str(), origin.name.as_str());
        return Ok(see_other(&urls.compare_from(&choice::full_name(&visit))));
    }
    let head = visit.head(&app, &pulls::SECTION).await?;
    let names = asked.names(&visit);
    let choices = Choices::read(&app, &visit, &names).await?;
    html(&Compare { page, head, choices, shown: None, form: None, mistakes: Mistakes::none() })
}

async fn get(
    State(web): State<Web>,
    page: Page,
    visit: RepositoryVisit,
    jar: CookieJar,
    Path(at): Path<AtComparison>,
    Query(query): Query<DiffQuery>,
    Query(given): Query<form::Given>,
) -> Result<Response, Failure> {
    let query = query.or_preferred(&jar);
    let typed = form::Typed::Given(given);
    let mut response = Box::pin(show(web.app(), page, &visit, (&at.rest, query.clone()), typed)).await?;
    query.keep(&web, response.headers_mut());
    Ok(response)
}

/// Opens the pull request.
async fn post(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<AtComparison>,
    request: Request,
) -> Result<Response, Failure> {
    let FilesForm { form, files, refused } = files_form::receive(&app, &page, &visit, request).await?;
    let form: NewForm = form;
    let form = NewForm { body: files_form::with_files(&form.body, &files, &visit.urls), ..form };
    let error = match refused {
        Some(error) => error,
        None => match open(&app, &visit, &at.rest, &form).await {
            Ok(number) => return Ok(see_other(&visit.urls.pull(number))),
            Err(error) => error,
        },
    };
    let mistakes = match error {
        Error::TooLarge(_) => files_form::mistakes(&page, error)?,
        error => Mistakes::from_error(&page, error, "title")?,
    };
    let typed = form::Typed::Form(form, mistakes);
    Box::pin(show(&app, page, &visit, (&at.rest, DiffQuery::default()), typed)).await
}

async fn open(app: &App, visit: &RepositoryVisit, rest: &str, form: &NewForm) -> Result<ThreadNumber, Error> {
    let names = names(visit, rest);
    let new = form.new_pull_request(compare::head_name(app, &visit.access, &names).await?, names.base);
    Ok(pull_request::open(app, &visit.access, new).await?.pull_request.number)
}

fn names(visit: &RepositoryVisit, rest: &str) -> ComparedNames {
    ComparedNames::parse(rest, &visit.access.repository().default_branch)
}

async fn show(
    app: &App,
    page: Page,
    visit: &RepositoryVisit,
    (rest, query): (&str, DiffQuery),
    typed: form::Typed,
) -> Result<Response, Failure> {
    let head = visit.head(app, &pulls::SECTION).await?;
    let names = names(visit, rest);
    let choices = Choices::read(app, visit, &names).await?;
    let found = match compare::compare(app, &visit.access, &names, &query.wanted()).await {
        // What was chosen stays in its fields.
        Err(Error::NotFound(Kind::Revision)) => {
            let mistakes = Mistakes::one("head", t!(page, "repo-compare-missing").to_owned());
            let nothing = Compare { page, head, choices, shown: None, form: None, mistakes };
            return html_with(StatusCode::NOT_FOUND, &nothing);
        }
        found => found?,
    };
    let here = choices.address(visit);
    let shown = Shown::new(&page, &found, query, here);
    let mut mistakes = Mistakes::none();
    let mut form = None;
    if shown.is_mergeable && page.is_signed_in() {
        let (new, found_mistakes) = NewPull::read(app, visit, &found, typed).await?;
        (form, mistakes) = (Some(new), found_mistakes);
    }
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    html_with(status, &Compare { page, head, choices, shown: Some(shown), form, mistakes })
}

impl Shown {
    fn new(page: &Page, found: &Comparison, query: DiffQuery, here: String) -> Self {
        let repository = found.head.access.repository();
        let urls = RepositoryUrls::new(repository.kind, repository.owner.as_str(), repository.name.as_str());
        let sides = Sides {
            urls: &urls,
            old: found.merge_base.map(|id| id.to_string()),
            new: found.head.commit.to_string(),
            page: &here,
        };
        let files: Vec<DiffFile> =
            found.files.iter().map(|file| diff::draw(page, &sides, &query, file)).collect();
        let tree_files: Vec<TreeFile> = files.iter().map(super::commit::tree_file).collect();
        let nothing = nothing(page, found);
        Self {
            is_mergeable: nothing.is_none() && found.open.is_none() && found.head_name().is_some(),
            nothing,
            open: found.open.as_ref().map(|open| OpenPull { number: open.number, title: open.title.clone() }),
            ahead: found.ahead,
            commits: found.commits.iter().map(|commit| CommitLink::new(page, &urls, commit)).collect(),
            tree: diff::tree(&tree_files),
            tree_files,
            files,
            changed: if found.is_counted_in_part {
                t!(page, "repo-commit-files-more", count = found.total_files as u64)
            } else {
                t!(page, "repo-commit-files", count = found.total_files as u64)
            },
            additions: found.additions as u64,
            deletions: found.deletions as u64,
            is_truncated: found.is_truncated && !query.is_of_one_file(),
            query,
            here,
        }
    }

    /// This page with all files.
    fn address(&self) -> String {
        self.query.address(&self.here)
    }
}

/// Why nothing can be merged, in words.
fn nothing(page: &Page, found: &Comparison) -> Option<&'static str> {
    let is_same_place = found.base.access.repository().id == found.head.access.repository().id;
    if is_same_place && found.base.revision == found.head.revision {
        Some(t!(page, "repo-compare-same"))
    } else if found.base.commit == found.head.commit {
        Some(t!(page, "repo-compare-identical"))
    } else if found.merge_base.is_none() {
        Some(t!(page, "repo-compare-unrelated"))
    } else if found.ahead == 0 {
        Some(t!(page, "repo-compare-contained"))
    } else {
        None
    }
}
