//! `/-/admin/users`: all accounts, and the actions on them.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use hearth_app::user::{self, User};
use hearth_core::{Conflict, Error, Kind, PageRequest, Scope, urls};
use serde::Deserialize;

use crate::{
    Failure, Flash, Form, MenuEntry, Page, Web,
    confirm::{ConfirmForm, Question},
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

/// What is done to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    Block,
    Unblock,
    MakeAdmin,
    UnmakeAdmin,
}

impl Act {
    fn parse(text: &str) -> Result<Self, Error> {
        match text {
            "block" => Ok(Self::Block),
            "unblock" => Ok(Self::Unblock),
            "make-admin" => Ok(Self::MakeAdmin),
            "unmake-admin" => Ok(Self::UnmakeAdmin),
            _ => Err(Error::NotFound(Kind::Page)),
        }
    }

    /// Names the account and what follows. Administrator rights are only given with the name typed.
    fn question(self, page: &Page, person: &User, act: &str) -> Question {
        let name = person.name.as_str();
        let (title, consequence, button) = match self {
            Self::Block => (
                t!(page, "admin-users-block-ask", name = name),
                t!(page, "admin-users-block-loss"),
                t!(page, "admin-users-block"),
            ),
            Self::Unblock => (
                t!(page, "admin-users-unblock-ask", name = name),
                t!(page, "admin-users-unblock-loss"),
                t!(page, "admin-users-unblock"),
            ),
            Self::MakeAdmin => (
                t!(page, "admin-users-make-admin-ask", name = name),
                t!(page, "admin-users-make-admin-loss"),
                t!(page, "admin-users-make-admin"),
            ),
            Self::UnmakeAdmin => (
                t!(page, "admin-users-unmake-admin-ask", name = name),
                t!(page, "admin-users-unmake-admin-loss"),
                t!(page, "admin-users-unmake-admin"),
            ),
        };
        Question {
            title,
            consequences: [consequence, t!(page, "admin-users-act-audited")].map(str::to_owned).into(),
            button: button.to_owned(),
            action: urls::admin(&format!("users/{name}/{act}")),
            fields: Vec::new(),
            back: urls::admin("users"),
            typed: (self == Self::MakeAdmin).then(|| name.to_owned()),
        }
    }
}

/// The act, and the question about it. Nobody does anything to their own account.
async fn question(web: &Web, page: &Page, (name, act): &(String, String)) -> Result<(Act, Question), Error> {
    let admin = page.actor.administrator(Scope::WriteAdmin)?;
    let known = Act::parse(act)?;
    let person = user::find(web.app(), &page.actor, name).await?;
    if person.id == admin.id {
        return Err(Error::Conflict(Conflict::State));
    }
    Ok((known, known.question(page, &person, act)))
}

/// `GET /-/admin/users/{name}/{act}`.
pub(crate) async fn ask(
    State(web): State<Web>,
    page: Page,
    Path(path): Path<(String, String)>,
) -> Result<Response, Failure> {
    let (_, question) = question(&web, &page, &path).await?;
    question.ask(page)
}

/// `POST /-/admin/users/{name}/{act}`.
pub(crate) async fn act(
    State(web): State<Web>,
    page: Page,
    Path(path): Path<(String, String)>,
    Form(form): Form<ConfirmForm>,
) -> Result<Response, Failure> {
    let (act, question) = question(&web, &page, &path).await?;
    if let Err(again) = question.check(&page, &form.confirm) {
        return *again;
    }
    let (app, actor, name) = (web.app(), &page.actor, path.0.as_str());
    let changed = match act {
        Act::Block => user::block(app, actor, name).await?,
        Act::Unblock => user::unblock(app, actor, name).await?,
        Act::MakeAdmin => user::make_admin(app, actor, name).await?,
        Act::UnmakeAdmin => user::unmake_admin(app, actor, name).await?,
    };
    Ok(see_other_with(&urls::admin("users"), Flash::new("flash-account-changed", changed.name.as_str())))
}
