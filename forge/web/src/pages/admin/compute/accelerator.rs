//! `/-/admin/compute/accelerators/{code}`: one kind of cards; and the form for a new one.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use hearth_app::{
    Effect,
    accelerator::{self, Draft},
};
use hearth_core::Scope;

use super::{
    Sure,
    form::{Shown, done},
    status,
};
use crate::{Failure, Form, Mistakes, Page, Web, respond::html_with};

#[derive(Template)]
#[template(path = "pages/admin/compute/accelerator.html")]
struct Accelerator {
    page: Page,
    section: &'static str,
    /// None: the form is for a new one.
    code: Option<String>,
    form: Draft,
    mistakes: Mistakes,
    effect: Option<Effect>,
}

impl Accelerator {
    fn families() -> Vec<(&'static str, &'static str)> {
        super::families(false)
    }
}

fn show(page: Page, code: Option<String>, shown: Shown<Draft>) -> Result<Response, Failure> {
    let Shown { form, mistakes, effect } = shown;
    let drawn = Accelerator { page, section: "accelerators", code, form, mistakes, effect };
    html_with(status(&drawn.mistakes), &drawn)
}

pub(crate) async fn new(page: Page) -> Result<Response, Failure> {
    page.actor.administrator(Scope::ReadAdmin)?;
    let form = Draft { is_enabled: "true".to_owned(), ..Draft::default() };
    show(page, None, Shown::new(form))
}

pub(crate) async fn create(
    State(web): State<Web>,
    page: Page,
    Form(form): Form<Draft>,
) -> Result<Response, Failure> {
    match accelerator::make(web.app(), &page.actor, &form).await {
        Ok(made) => Ok(done("accelerators", "flash-compute-made", made.code)),
        Err(error) => {
            let shown = Shown::refused(&page, form, error)?;
            show(page, None, shown)
        }
    }
}

pub(crate) async fn get(
    State(web): State<Web>,
    page: Page,
    Path(code): Path<String>,
) -> Result<Response, Failure> {
    let row = accelerator::find(web.app(), &page.actor, &code).await?;
    let form = Draft::of(&row);
    show(page, Some(code), Shown::new(form))
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
        accelerator::change(app, &page.actor, &code, &form).await.map(|_| None)
    } else {
        accelerator::preview(app, &page.actor, &code, &form).await.map(Some)
    };
    match Shown::answered(&page, form, outcome)? {
        Some(shown) => show(page, Some(code), shown),
        None => Ok(done("accelerators", "flash-compute-changed", code)),
    }
}
