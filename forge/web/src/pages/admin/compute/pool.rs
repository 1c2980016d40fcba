//! `/-/admin/compute/pools/{code}`: one pool, its machines and who waits for it; and the form for a new one.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use hearth_app::{
    App, Effect, accelerator,
    accelerator::Accelerator,
    pool::{self, Draft, MachineView, PoolView},
};
use hearth_core::Error;
use serde::Deserialize;

use super::{
    Sure,
    form::{Shown, done},
    status,
};
use crate::{Failure, Form, Mistakes, NoFields, Page, Web, respond::html_with};

#[derive(Template)]
#[template(path = "pages/admin/compute/pool.html")]
struct Pool {
    page: Page,
    section: &'static str,
    /// None: the form is for a new one.
    view: Option<PoolView>,
    machines: Vec<MachineView>,
    form: Draft,
    message: String,
    mistakes: Mistakes,
    effect: Option<Effect>,
    kinds: Vec<Accelerator>,
    engines: Vec<String>,
}

impl Pool {
    /// The end of its address.
    fn code(&self) -> &str {
        self.view.as_ref().map_or("new", |view| view.pool.code.as_str())
    }

    fn kinds(&self) -> Vec<(String, String)> {
        super::kinds(t!(self.page, "admin-compute-no-cards"), &self.kinds)
    }

    fn engines(&self) -> Vec<(&str, &str)> {
        self.engines.iter().map(|name| (name.as_str(), name.as_str())).collect()
    }

    fn shape(&self, view: &PoolView, free: u64, count: u64) -> String {
        if view.counts_cards() {
            t!(self.page, "admin-compute-pool-shape-cards", free = free, count = count)
        } else {
            t!(self.page, "admin-compute-pool-shape-cpus", free = free, count = count)
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PauseForm {
    message: String,
}

/// Without a form: that of the pool as it is. `message` is what was typed as the reason of a pause.
async fn show(
    app: &App,
    page: Page,
    code: Option<&str>,
    shown: Shown<Option<Draft>>,
    message: String,
) -> Result<Response, Failure> {
    let survey = pool::survey(app, &page.actor).await?;
    let mut found = None;
    if let Some(code) = code {
        let row = pool::find(app, &page.actor, code).await?;
        found = survey.pools.into_iter().find(|view| view.pool.code == row.code);
    }
    let form = shown.form.or_else(|| found.as_ref().map(|view| Draft::of(&view.pool)));
    let drawn = Pool {
        machines: survey
            .machines
            .into_iter()
            .filter(|it| code.is_some() && it.pool.as_deref() == code)
            .collect(),
        kinds: accelerator::list(app, &page.actor).await?,
        engines: app.engines().iter().map(|engine| engine.name().to_owned()).collect(),
        section: "compute",
        view: found,
        form: form.unwrap_or_default(),
        message,
        effect: shown.effect,
        mistakes: shown.mistakes,
        page,
    };
    html_with(status(&drawn.mistakes), &drawn)
}

pub(crate) async fn new(State(web): State<Web>, page: Page) -> Result<Response, Failure> {
    show(web.app(), page, None, Shown::default(), String::new()).await
}

pub(crate) async fn create(
    State(web): State<Web>,
    page: Page,
    Form(form): Form<Draft>,
) -> Result<Response, Failure> {
    match pool::make(web.app(), &page.actor, &form).await {
        Ok(made) => Ok(done("", "flash-compute-made", made.code)),
        Err(error) => {
            let shown = Shown::refused(&page, Some(form), error)?;
            show(web.app(), page, None, shown, String::new()).await
        }
    }
}

pub(crate) async fn get(
    State(web): State<Web>,
    page: Page,
    Path(code): Path<String>,
) -> Result<Response, Failure> {
    show(web.app(), page, Some(&code), Shown::default(), String::new()).await
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
        pool::change(app, &page.actor, &code, &form).await.map(|_| None)
    } else {
        pool::preview(app, &page.actor, &code, &form).await.map(Some)
    };
    match Shown::answered(&page, Some(form), outcome)? {
        Some(shown) => show(app, page, Some(&code), shown, String::new()).await,
        None => Ok(done("", "flash-compute-changed", code)),
    }
}

/// `POST /-/admin/compute/pools/{code}/pause`.
pub(crate) async fn pause(
    State(web): State<Web>,
    page: Page,
    Path(code): Path<String>,
    Form(form): Form<PauseForm>,
) -> Result<Response, Failure> {
    match pool::pause(web.app(), &page.actor, &code, &form.message).await {
        Ok(_) => Ok(done("", "flash-compute-paused", code)),
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "message")?;
            let shown = Shown { mistakes, ..Shown::default() };
            show(web.app(), page, Some(&code), shown, form.message).await
        }
    }
}

/// `POST /-/admin/compute/pools/{code}/resume`.
pub(crate) async fn resume(
    State(web): State<Web>,
    page: Page,
    Path(code): Path<String>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Failure> {
    pool::resume(web.app(), &page.actor, &code).await?;
    Ok(done("", "flash-compute-resumed", code))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct DeleteForm {
    name: String,
}

/// `POST /-/admin/compute/pools/{code}/delete`.
pub(crate) async fn delete(
    State(web): State<Web>,
    page: Page,
    Path(code): Path<String>,
    Form(form): Form<DeleteForm>,
) -> Result<Response, Failure> {
    if form.name != code {
        let mistakes = Mistakes::from_error(&page, Error::field("name", "confirm-name"), "name")?;
        let shown = Shown { mistakes, ..Shown::default() };
        return show(web.app(), page, Some(&code), shown, String::new()).await;
    }
    pool::delete(web.app(), &page.actor, &code).await?;
    Ok(done("", "flash-compute-deleted", code))
}
