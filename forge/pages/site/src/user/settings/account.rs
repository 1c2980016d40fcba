//! `/user/settings/account`: password, email address, sessions.

use askama::Template;
use axum::{extract::State, response::Response};
use hearth_app::{Password, lfs_room, session as sessions, user};
use hearth_core::urls;
use http::StatusCode;
use serde::Deserialize;
use tower_sessions::Session;

use crate::{
    Failure, Flash, Form, MenuEntry, Mistakes, NoFields, Page, Web, large_files,
    respond::{html_with, see_other_with},
    session,
};

pub(crate) const MENU_ENTRY: MenuEntry = MenuEntry {
    name: "account",
    icon: || icon!("lock"),
    label: |page| t!(page, "common-settings-account"),
    address: || urls::user_settings("account"),
};

#[derive(Template)]
#[template(path = "pages/user/settings/account.html")]
struct Account {
    page: Page,
    section: &'static str,
    email: String,
    sessions: u64,
    large_files: String,
    mistakes: Mistakes,
}

#[derive(Debug, Deserialize)]
pub(crate) struct PasswordForm {
    current_password: Password,
    new_password: Password,
}

#[derive(Debug, Deserialize)]
pub(crate) struct EmailForm {
    email: String,
    current_password: Password,
}

async fn show(web: &Web, page: Page, email: String, mistakes: Mistakes) -> Result<Response, Failure> {
    let sessions = sessions::count(web.app(), &page.actor).await?;
    let usage = lfs_room::of_owner(web.app(), page.actor.signed_in()?.id.into()).await?;
    let large_files = large_files::used(&page, usage);
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    html_with(status, &Account { page, section: MENU_ENTRY.name, email, sessions, large_files, mistakes })
}

pub(crate) async fn get(State(web): State<Web>, page: Page) -> Result<Response, Failure> {
    let email = page.actor.signed_in()?.email.to_string();
    show(&web, page, email, Mistakes::none()).await
}

/// `POST /user/settings/account/password`. Every other browser is signed out.
pub(crate) async fn password(
    State(web): State<Web>,
    page: Page,
    session: Session,
    Form(form): Form<PasswordForm>,
) -> Result<Response, Failure> {
    let (current, new) = (&form.current_password, &form.new_password);
    match user::change_password(web.app(), &page.actor, current, new, page.client).await {
        Ok(()) => {
            session::begin(web.app(), &session, page.actor.signed_in()?).await?;
            Ok(saved("flash-password-changed"))
        }
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "new_password")?;
            let email = page.actor.signed_in()?.email.to_string();
            show(&web, page, email, mistakes).await
        }
    }
}

/// `POST /user/settings/account/email`.
pub(crate) async fn email(
    State(web): State<Web>,
    page: Page,
    Form(form): Form<EmailForm>,
) -> Result<Response, Failure> {
    let current = &form.current_password;
    match user::change_email(web.app(), &page.actor, current, &form.email, page.client).await {
        Ok(()) => Ok(saved("flash-saved")),
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "email")?;
            show(&web, page, form.email, mistakes).await
        }
    }
}

/// `POST /user/settings/account/sessions`: signs out everywhere else.
pub(crate) async fn sessions(
    State(web): State<Web>,
    page: Page,
    session: Session,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Failure> {
    sessions::end_all(web.app(), &page.actor).await?;
    session::begin(web.app(), &session, page.actor.signed_in()?).await?;
    Ok(saved("flash-signed-out-elsewhere"))
}

fn saved(flash: &'static str) -> Response {
    see_other_with(&urls::user_settings("account"), Flash::new(flash, ""))
}
