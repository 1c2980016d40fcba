//! `/-/admin/compute/quotas/{code}`: one quota; and the form for a new one.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use hearth_app::{
    App, Effect, accelerator,
    accelerator::Accelerator,
    quota::{self, Draft},
};
use hearth_core::Scope;

use super::{
    Sure,
    form::{Shown, done},
    status,
};
use crate::{Failure, Form, Mistakes, NoFields, Page, Web, respond::html_with};

#[derive(Template)]
#[template(path = "pages/admin/compute/quota.html")]
struct Quota {
    page: Page,
    section: &'static str,
    /// None: the form is for a new one.
    code: Option<String>,
    form: Draft,
    mistakes: Mistakes,
    effect: Option<Effect>,
    kinds: Vec<Accelerator>,
}

impl Quota {
    fn kinds(&self) -> Vec<(String, String)> {
        super::kinds(t!(self.page, "admin-compute-quota-all-cards"), &self.kinds)
    }
}

async fn show(app: &App, page: Page, code: Option<String>, shown: Shown<Draft>) -> Result<Response, Failure> {
    let Shown { form, mistakes, effect } = shown;
    let kinds = accelerator::list(app, &page.actor).await?;
    let drawn = Quota { page, section: "quotas", code, form, mistakes, effect, kinds };
    html_with(status(&drawn.mistakes), &drawn)
}

pub(crate) async fn new(State(web): State<Web>, page: Page) -> Result<Response, Failure> {
    page.actor.administrator(Scope::ReadAdmin)?;
    let form = Draft { nominal_cards: "0".to_owned(), ..Draft::default() };
    show(web.app(), page, None, Shown::new(form)).await
}

pub(crate) async fn create(
    State(web): State<Web>,
    page: Page,
    Form(form): Form<Draft>,
) -> Result<Response, Failure> {
    match quota::make(web.app(), &page.actor, &form).await {
        Ok(made) => Ok(done("quotas", "flash-compute-made", made.code)),
        Err(error) => {
            let shown = Shown::refused(&page, form, error)?;
            show(web.app(), page, None, shown).await
        }
    }
}

pub(crate) async fn get(
    State(web): State<Web>,
    page: Page,
    Path(code): Path<String>,
) -> Result<Response, Failure> {
    let row = quota::find(web.app(), &page.actor, &code).await?;
    let form = Draft::of(&row);
    show(web.app(), page, Some(code), Shown::new(form)).await
}

pub(crate) async fn post(
    State(web): State<Web>,
    page: Page,
    Path(code): Path<String>,
    Query(sure): Query<Sure>,
    Form(form): Form<Draft>,
) -> Result<Response, Failure> {
    let app = web.app();
    let outcome = if sure.is_given() {
        quota::change(app, &page.actor, &code, &form).await.map(|_| None)
    } else {
        quota::preview(app, &page.actor, &code, &form).await.map(Some)
    };
    match Shown::answered(&page, form, outcome)? {
        Some(shown) => show(app, page, Some(code), shown).await,
        None => Ok(done("quotas", "flash-compute-changed", code)),
    }
}

/// `POST /-/admin/compute/quotas/{code}/delete`.
pub(crate) async fn delete(
    State(web): State<Web>,
    page: Page,
    Path(code): Path<String>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Failure> {
    quota::delete(web.app(), &page.actor, &code).await?;
    Ok(done("quotas", "flash-compute-deleted", code))
}
