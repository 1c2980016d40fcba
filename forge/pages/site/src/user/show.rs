//! `/{owner}`: a person, their repositories and their activity, as far as the reader may see them; or the
//! page of an organisation.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use hearth_app::{
    Located, activity,
    organization::{Organization, list_of_person},
    owner::{self, Account},
    repository::{self, Filter},
    user::{self, User},
};
use hearth_core::{PageRequest, urls};
use serde::Deserialize;

use crate::{
    Failure, Page, Web,
    activity_row::{ActivityList, before},
    organization,
    repository_row::RepositoryRow,
    respond::{html, moved},
    words::Html,
};

#[derive(Template)]
#[template(path = "pages/user/show.html")]
struct Show {
    page: Page,
    person: User,
    /// Their organisations, as far as the reader may see them.
    organizations: Vec<Organization>,
    /// `None` where the reader may not see it.
    email: Option<String>,
    rows: Vec<RepositoryRow>,
    total: u64,
    /// Pagination links.
    pages: Html,
    /// `None`: the repositories are shown.
    feed: Option<ActivityList>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct ProfileQuery {
    #[serde(default)]
    page: String,
    /// `activity`; anything else shows the repositories.
    #[serde(default)]
    tab: String,
    #[serde(default)]
    before: String,
}

/// How many organisations a profile shows.
const MOST_ORGANIZATIONS: u32 = 24;

impl Show {
    fn is_oneself(&self) -> bool {
        self.page.actor.user_id() == Some(self.person.id)
    }
}

pub(crate) async fn get(
    State(web): State<Web>,
    page: Page,
    Path(owner): Path<String>,
    Query(asked): Query<ProfileQuery>,
) -> Result<Response, Failure> {
    let app = web.app();
    let person = match owner::find_by_name(app, &page.actor, &owner).await? {
        Located::Here(Account::Person(person)) => person,
        Located::Here(Account::Organization(found)) => {
            return organization::show::draw(app, page, found, &asked.page).await;
        }
        Located::Moved(account) => return Ok(moved(&urls::user(account.name().as_str()))),
    };
    let filter = Filter { owner: Some(person.id.into()), ..Filter::default() };
    let request = PageRequest::asked(&asked.page, 0);
    let list = repository::list(app, &page.actor, filter, request).await?;
    let most = PageRequest::new(1, MOST_ORGANIZATIONS);
    let organizations = list_of_person(app, &page.actor, person.id, most).await?.items;
    let email = user::shown_email(&page.actor, &person).map(str::to_owned);
    let pages = page.pagination(list.request.page(), list.last_page());
    let total = list.total;
    let rows = list.items.into_iter().map(RepositoryRow::from).collect();
    let feed = if asked.tab == "activity" {
        let feed = activity::of_person(app, &page.actor, person.id, before(&asked.before)).await?;
        Some(ActivityList::new(&page, &feed, &urls::user_activity(person.name.as_str()), true))
    } else {
        None
    };
    html(&Show { page, person, organizations, email, rows, total, pages, feed })
}
