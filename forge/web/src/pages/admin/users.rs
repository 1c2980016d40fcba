//! `/-/admin/users`: all accounts, and the actions on them.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use hearth_app::user::{self, User};
use hearth_core::{Error, Kind, PageRequest, urls};
use serde::Deserialize;

use crate::{
    Failure, Flash, Form, MenuEntry, NoFields, Page, Web,
    respond::{html, see_other_with},
    words::Html,
};

pub(crate) const MENU_ENTRY: MenuEntry = MenuEntry {
    name: "users",
    icon: || icon!("users"),
    label: |page| t!(page, "common-admin-users"),
    address: || urls::admin("users"),
};

#[derive(Template)]
#[template(path = "pages/admin/users.html")]
struct Users {
    page: Page,
    section: &'static str,
    q: String,
    people: Vec<User>,
    total: u64,
    /// Pagination links.
    pages: Html,
}

impl Users {
    fn is_oneself(&self, person: &User) -> bool {
        self.page.actor.user_id() == Some(person.id)
    }
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct UserListQuery {
    #[serde(default)]
    q: String,
    #[serde(default)]
    page: String,
}

pub(crate) async fn get(
    State(web): State<Web>,
    page: Page,
    Query(asked): Query<UserListQuery>,
) -> Result<Response, Failure> {
    let request = PageRequest::asked(&asked.page, 0);
    let list = user::list_all(web.app(), &page.actor, &asked.q, request).await?;
    let pages = page.pagination(list.request.page(), list.last_page());
    let total = list.total;
    html(&Users { page, section: MENU_ENTRY.name, q: asked.q, people: list.items, total, pages })
}

/// `POST /-/admin/users/{name}/{act}`.
pub(crate) async fn act(
    State(web): State<Web>,
    page: Page,
    Path((name, act)): Path<(String, String)>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Failure> {
    let (app, actor) = (web.app(), &page.actor);
    let changed = match act.as_str() {
        "block" => user::block(app, actor, &name).await?,
        "unblock" => user::unblock(app, actor, &name).await?,
        "make-admin" => user::make_admin(app, actor, &name).await?,
        "unmake-admin" => user::unmake_admin(app, actor, &name).await?,
        _ => return Err(Error::NotFound(Kind::Page).into()),
    };
    Ok(see_other_with(&urls::admin("users"), Flash::new("flash-account-changed", changed.name.as_str())))
}
