//! Starring and watching a repository, and the people who do.

use askama::Template;
use axum::{
    Router,
    extract::{Query, State},
    response::Response,
};
use hearth_app::{App, fork, repository::interest, user::User};
use hearth_core::{Error, Interest, Page as Part, PageRequest, WatchChoice, WatchedPart};
use hearth_http::routing::{get, post};
use serde::Deserialize;

use super::RepositoryVisit;
use crate::{
    Failure, Form, Page, RepositoryHead, Web,
    repository_row::RepositoryRow,
    respond::{html, safe_return, see_other},
    words::Html,
};

/// The people who star or watch a repository, or its forks: the lists behind the counts in its head.
#[derive(Template)]
#[template(path = "pages/repo/interest.html")]
struct People {
    page: Page,
    head: RepositoryHead,
    list: List,
    total: u64,
    pages: Html,
}

enum List {
    Stars(Vec<User>),
    Watchers(Vec<User>),
    Forks(Vec<RepositoryRow>),
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ListQuery {
    page: String,
}

/// The routes below one repository.
pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/forks", get(forks))
        .route("/star", post(star))
        .route("/stars", get(stars))
        .route("/watch", post(watch))
        .route("/watchers", get(watchers))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct StarForm {
    /// `yes`, or empty: no longer.
    star: String,
    /// The path of the page where the button was.
    back: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct WatchForm {
    /// `everything`, `mentions`, `parts` or `nothing`.
    choice: String,
    part: Vec<String>,
    back: String,
}

fn back(visit: &RepositoryVisit, path: &str) -> Response {
    see_other(safe_return(path).unwrap_or_else(|| visit.urls.home()))
}

/// `POST …/star`.
pub(crate) async fn star(
    State(app): State<App>,
    visit: RepositoryVisit,
    Form(form): Form<StarForm>,
) -> Result<Response, Failure> {
    interest::set(&app, &visit.access, Interest::Star, !form.star.is_empty()).await?;
    Ok(back(&visit, &form.back))
}

/// `POST …/watch`: everything, some parts, only mentions, or no longer.
pub(crate) async fn watch(
    State(app): State<App>,
    visit: RepositoryVisit,
    Form(form): Form<WatchForm>,
) -> Result<Response, Failure> {
    match form.choice.as_str() {
        "nothing" => {
            interest::set(&app, &visit.access, Interest::Watch, false).await?;
        }
        choice => interest::watch(&app, &visit.access, &chosen(choice, &form.part)?).await?,
    }
    Ok(back(&visit, &form.back))
}

fn chosen(choice: &str, parts: &[String]) -> Result<WatchChoice, Error> {
    let unknown = |()| Error::field("choice", "unknown-choice");
    match choice {
        "parts" => {
            let parts = parts.iter().map(|part| part.parse::<WatchedPart>());
            Ok(WatchChoice::of_parts(parts.collect::<Result<Vec<_>, ()>>().map_err(unknown)?))
        }
        "everything" | "mentions" => choice.parse().map_err(unknown),
        _ => Err(unknown(())),
    }
}

pub(crate) async fn stars(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Query(query): Query<ListQuery>,
) -> Result<Response, Failure> {
    let found =
        interest::people(&app, &visit.access, Interest::Star, PageRequest::asked(&query.page, 0)).await?;
    show(&app, page, &visit, found, List::Stars).await
}

pub(crate) async fn watchers(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Query(query): Query<ListQuery>,
) -> Result<Response, Failure> {
    let found =
        interest::people(&app, &visit.access, Interest::Watch, PageRequest::asked(&query.page, 0)).await?;
    show(&app, page, &visit, found, List::Watchers).await
}

pub(crate) async fn forks(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Query(query): Query<ListQuery>,
) -> Result<Response, Failure> {
    let found = fork::list_forks(&app, &visit.access, PageRequest::asked(&query.page, 0)).await?;
    show(&app, page, &visit, found.map(RepositoryRow::from), List::Forks).await
}

async fn show<T>(
    app: &App,
    page: Page,
    visit: &RepositoryVisit,
    found: Part<T>,
    list: impl FnOnce(Vec<T>) -> List,
) -> Result<Response, Failure> {
    let head = visit.head(app, &super::home::SECTION).await?;
    let pages = page.pagination(found.request.page(), found.last_page());
    html(&People { page, head, total: found.total, pages, list: list(found.items) })
}
