//! `/user/sign_up`: creates an account, under the site's sign-up policy.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use hearth_app::{
    Password,
    user::{self, SignUp, SignUpMode},
};
use hearth_core::{Conflict, Error, urls};
use http::StatusCode;
use serde::Deserialize;
use tower_sessions::Session;

use crate::{
    Failure, Flash, Form, Mistakes, Page, Web,
    respond::{html, html_with, see_other, see_other_with},
    session,
};

#[derive(Template)]
#[template(path = "pages/user/sign_up.html")]
struct SignUpPage {
    page: Page,
    sign_up_mode: SignUpMode,
    form: SignUpForm,
    mistakes: Mistakes,
}

/// The query string of an invitation link.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct InvitationQuery {
    #[serde(default)]
    code: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct SignUpForm {
    name: String,
    email: String,
    password: Password,
    #[serde(default)]
    code: String,
}

pub(crate) async fn get(
    State(web): State<Web>,
    page: Page,
    Query(asked): Query<InvitationQuery>,
) -> Result<Response, Failure> {
    if page.is_signed_in() {
        return Ok(see_other(urls::home()));
    }
    let form = SignUpForm { code: asked.code, ..SignUpForm::default() };
    let sign_up_mode = user::sign_up_mode(web.app()).await?;
    html(&SignUpPage { page, sign_up_mode, form, mistakes: Mistakes::none() })
}

pub(crate) async fn post(
    State(web): State<Web>,
    page: Page,
    session: Session,
    Form(form): Form<SignUpForm>,
) -> Result<Response, Failure> {
    let typed = form.clone();
    let new = SignUp {
        name: form.name,
        email: form.email,
        password: form.password,
        code: form.code,
        language: Some(page.language),
    };
    match user::sign_up(web.app(), new, page.client).await {
        Ok(user) => {
            session::begin(web.app(), &session, &user).await?;
            Ok(see_other_with(urls::home(), Flash::new("flash-welcome", user.name.as_str())))
        }
        Err(error) => {
            let field = if matches!(error, Error::Conflict(Conflict::EmailTaken)) { "email" } else { "name" };
            let mistakes = Mistakes::from_error(&page, error, field)?;
            let sign_up_mode = user::sign_up_mode(web.app()).await?;
            let form = SignUpForm { password: Password::default(), ..typed };
            html_with(StatusCode::UNPROCESSABLE_ENTITY, &SignUpPage { page, sign_up_mode, form, mistakes })
        }
    }
}
