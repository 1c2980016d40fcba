//! `/user/settings/applications`: access tokens for programs.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use hearth_app::access_token::{self, AccessToken};
use hearth_core::{Scope, TokenId, urls};
use http::{StatusCode, Uri, header::CACHE_CONTROL};
use serde::Deserialize;

use crate::{
    Failure, Flash, Form, MenuEntry, Mistakes, NoFields, Page, Web,
    new_token::{NewToken, shows_token},
    respond::{html_with, safe_return, see_other, see_other_with},
};

pub(crate) const MENU_ENTRY: MenuEntry = MenuEntry {
    name: "applications",
    icon: || icon!("code"),
    label: |page| t!(page, "common-settings-applications"),
    address: || urls::user_settings("applications"),
};

#[derive(Template)]
#[template(path = "pages/user/settings/applications.html")]
struct Applications {
    page: Page,
    section: &'static str,
    tokens: Vec<AccessToken>,
    /// The token just created: shown once, and never stored.
    made: Option<Made>,
    form: TokenForm,
    mistakes: Mistakes,
}

struct Made {
    name: String,
    secret: String,
}

/// The input; a query string with the same names prefills it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct TokenForm {
    name: String,
    scopes: Vec<String>,
    /// Days until it expires; empty: never.
    days: String,
    /// The page that needs the token, where one is led back to; empty: none.
    return_to: String,
}

/// What the form offers first.
const DAYS: &str = "90";

impl Applications {
    /// The scopes to choose from: name, meaning, and whether it was ticked.
    fn offered(&self) -> Vec<(&'static str, String, bool)> {
        let is_for_admins = |scope: &Scope| matches!(scope, Scope::ReadAdmin | Scope::WriteAdmin);
        let offered = Scope::ALL.iter().filter(|scope| self.page.is_admin() || !is_for_admins(scope));
        let described = offered.map(|scope| {
            let key = format!("user-settings-scope-{}", scope.as_str().replace(':', "-"));
            let about = self.page.words().find(&key).unwrap_or_default();
            (scope.as_str(), about, self.form.scopes.iter().any(|ticked| ticked == scope.as_str()))
        });
        described.collect()
    }

    fn lives(&self) -> Vec<(&'static str, String)> {
        let days = |count: u32| t!(self.page, "user-settings-applications-days", count = count);
        vec![
            ("30", days(30)),
            ("90", days(90)),
            ("365", days(365)),
            ("", t!(self.page, "user-settings-applications-forever").to_owned()),
        ]
    }

    fn return_to(&self) -> Option<&str> {
        safe_return(&self.form.return_to)
    }

    fn has_expired(&self, token: &AccessToken) -> bool {
        token.expires_at.is_some_and(|at| at <= self.page.now)
    }
}

async fn show(
    web: &Web,
    page: Page,
    made: Option<Made>,
    form: TokenForm,
    mistakes: Mistakes,
) -> Result<Response, Failure> {
    let tokens = access_token::list(web.app(), &page.actor).await?;
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let is_secret = made.is_some();
    let answer = Applications { page, section: MENU_ENTRY.name, tokens, made, form, mistakes };
    let mut response = html_with(status, &answer)?;
    if is_secret {
        response.headers_mut().insert(CACHE_CONTROL, http::HeaderValue::from_static("no-store"));
    }
    Ok(response)
}

pub(crate) async fn get(State(web): State<Web>, page: Page, uri: Uri) -> Result<Response, Failure> {
    let asked: TokenForm = serde_html_form::from_str(uri.query().unwrap_or_default()).unwrap_or_default();
    let form = TokenForm { days: DAYS.to_owned(), ..asked };
    show(&web, page, None, form, Mistakes::none()).await
}

pub(crate) async fn post(
    State(web): State<Web>,
    page: Page,
    Form(form): Form<TokenForm>,
) -> Result<Response, Failure> {
    // Anything but a number becomes 0 days, which are refused.
    let days = match form.days.as_str() {
        "" => None,
        days => Some(days.parse().unwrap_or(0)),
    };
    let new = access_token::NewToken { name: form.name.clone(), scopes: form.scopes.clone(), days };
    match access_token::mint(web.app(), &page.actor, new).await {
        Ok(minted) => {
            if let Some(asker) = safe_return(&form.return_to)
                && let Some(home) = shows_token(web.app(), &page, asker).await?
            {
                let mut response = see_other(&home);
                NewToken::hand_over(&mut response, &web, &home, &minted.secret);
                return Ok(response);
            }
            let made = Made { name: minted.token.name, secret: minted.secret };
            let form = TokenForm { days: DAYS.to_owned(), return_to: form.return_to, ..TokenForm::default() };
            show(&web, page, Some(made), form, Mistakes::none()).await
        }
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "name")?;
            show(&web, page, None, form, mistakes).await
        }
    }
}

/// `POST /user/settings/applications/{id}/delete`.
pub(crate) async fn delete(
    State(web): State<Web>,
    page: Page,
    Path(id): Path<i64>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Failure> {
    access_token::revoke(web.app(), &page.actor, TokenId(id)).await?;
    Ok(see_other_with(&urls::user_settings("applications"), Flash::new("flash-token-deleted", "")))
}
