//! `/{owner}`: a person or an organisation, their repositories and what a person did, as far as the reader may see it.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse as _, Response},
};
use hearth_app::{
    Located, activity,
    owner::{self, Account},
    repository::{self, Filter},
    user,
};
use hearth_core::{PageRequest, urls};
use http::{HeaderValue, StatusCode, header::LOCATION};
use serde::Deserialize;

use crate::{
    Failure, Page, Web,
    activity_row::{ActivityList, before},
    repository_row::RepositoryRow,
    respond::html,
    words::Html,
};

#[derive(Template)]
#[template(path = "pages/user/show.html")]
struct Show {
    page: Page,
    person: Account,
    /// Where the reader may know it.
    email: Option<String>,
    rows: Vec<RepositoryRow>,
    total: u64,
    /// Links to the other parts of the list.
    pages: Html,
    /// None: the repositories are shown.
    feed: Option<ActivityList>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct ProfileQuery {
    #[serde(default)]
    page: String,
    /// `activity`, or the repositories.
    #[serde(default)]
    tab: String,
    #[serde(default)]
    before: String,
}

impl Show {
    fn is_admin(&self) -> bool {
        self.person.person().is_some_and(|user| user.is_admin)
    }

    fn is_oneself(&self) -> bool {
        self.page.actor.user_id().is_some_and(|id| self.person.id() == id)
    }
}

pub(crate) async fn get(
    State(web): State<Web>,
    page: Page,
    Path(owner): Path<String>,
    Query(asked): Query<ProfileQuery>,
) -> Result<Response, Failure> {
    let person = match owner::find_by_name(web.app(), &page.actor, &owner).await? {
        Located::Here(person) => person,
        Located::Moved(person) => return Ok(moved(&urls::user(person.name().as_str()))),
    };
    let filter = Filter { owner: Some(person.id()), ..Filter::default() };
    let request = PageRequest::asked(&asked.page, 0);
    let list = repository::list(web.app(), &page.actor, filter, request).await?;
    let email = person.person().and_then(|user| user::shown_email(&page.actor, user)).map(str::to_owned);
    let pages = page.pagination(list.request.page(), list.last_page());
    let total = list.total;
    let rows = list.items.into_iter().map(RepositoryRow::from).collect();
    let feed = match person.person().filter(|_| asked.tab == "activity") {
        Some(user) => {
            let feed = activity::of_person(web.app(), &page.actor, user.id, before(&asked.before)).await?;
            Some(ActivityList::new(&page, &feed, &urls::user_activity(user.name.as_str()), true))
        }
        None => None,
    };
    html(&Show { page, person, email, rows, total, pages, feed })
}

/// It has another name now.
fn moved(address: &str) -> Response {
    let location = HeaderValue::from_str(address).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::PERMANENT_REDIRECT, [(LOCATION, location)]).into_response()
}
