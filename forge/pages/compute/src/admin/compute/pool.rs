//! `/-/admin/compute/pools/{code}`: one pool, its machines and who waits for it; and the form for a new one.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use hearth_app::{
    Actor, App, Effect, accelerator,
    accelerator::Accelerator,
    pool::{self, Fields, MachineView, PoolView},
};
use hearth_core::{Error, FieldErrors, Result};
use serde::Deserialize;

use super::{
    row::{Row, Shown, done},
    status,
    text::{FormParser, filled, pairs_text, size_text},
};
use crate::{Failure, Form, Mistakes, NoFields, Page, Web, respond::html_with};

#[derive(Template)]
#[template(path = "pages/admin/compute/pool.html")]
pub(crate) struct Pool {
    page: Page,
    section: &'static str,
    /// None: the form is for a new one.
    view: Option<PoolView>,
    machines: Vec<MachineView>,
    form: PoolForm,
    message: String,
    mistakes: Mistakes,
    effect: Option<Effect>,
    kinds: Vec<Accelerator>,
    engines: Vec<String>,
}

impl Pool {
    /// The last segment of its address.
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
pub(crate) struct PoolForm {
    code: String,
    label: String,
    engine: String,
    accelerator: String,
    model: String,
    card_memory: String,
    /// Lines of `label=value`.
    node_selector: String,
    local_queue: String,
    reserved_cards: String,
}

impl PoolForm {
    fn of(pool: Fields) -> Self {
        Self {
            card_memory: size_text(pool.card_memory_bytes),
            node_selector: pairs_text(&pool.node_selector),
            local_queue: pool.local_queue.unwrap_or_default(),
            reserved_cards: pool.reserved_cards.to_string(),
            code: pool.code,
            label: pool.label,
            engine: pool.engine,
            accelerator: pool.accelerator.unwrap_or_default(),
            model: pool.model,
        }
    }
}

impl Row for Pool {
    const SECTION: &'static str = "pools";
    const LIST: &'static str = "";

    type Form = PoolForm;
    type Fields = Fields;

    fn read(form: &PoolForm) -> (Fields, FieldErrors) {
        let mut parser = FormParser::default();
        let fields = Fields {
            code: form.code.clone(),
            label: form.label.clone(),
            engine: form.engine.clone(),
            accelerator: filled(&form.accelerator),
            model: form.model.clone(),
            card_memory_bytes: parser.size("card_memory", &form.card_memory),
            node_selector: parser.pairs("node_selector", &form.node_selector),
            local_queue: filled(&form.local_queue),
            reserved_cards: parser.optional_number("reserved_cards", &form.reserved_cards).unwrap_or(0),
        };
        parser.finish(fields)
    }

    async fn find(app: &App, actor: &Actor, code: &str) -> Result<PoolForm> {
        Ok(PoolForm::of(Fields::of(&pool::find(app, actor, code).await?)))
    }

    async fn check(app: &App, actor: &Actor, fields: &Fields) -> Result<()> {
        pool::check(app, actor, fields).await
    }

    async fn make(app: &App, actor: &Actor, fields: &Fields) -> Result<String> {
        Ok(pool::make(app, actor, fields).await?.code)
    }

    async fn preview(app: &App, actor: &Actor, code: &str, fields: &Fields) -> Result<Effect> {
        pool::preview(app, actor, code, fields).await
    }

    async fn change(app: &App, actor: &Actor, code: &str, fields: &Fields) -> Result<()> {
        pool::change(app, actor, code, fields).await.map(drop)
    }

    async fn show(
        app: &App,
        page: Page,
        code: Option<String>,
        shown: Shown<PoolForm>,
    ) -> Result<Response, Failure> {
        draw(app, page, code.as_deref(), shown, String::new()).await
    }
}

/// `message` is the reason for a pause, as typed.
async fn draw(
    app: &App,
    page: Page,
    code: Option<&str>,
    shown: Shown<PoolForm>,
    message: String,
) -> Result<Response, Failure> {
    let survey = pool::survey(app, &page.actor).await?;
    let view = survey.pools.into_iter().find(|view| code == Some(view.pool.code.as_str()));
    let drawn = Pool {
        machines: survey
            .machines
            .into_iter()
            .filter(|it| code.is_some() && it.pool.as_deref() == code)
            .collect(),
        kinds: accelerator::list(app, &page.actor).await?,
        engines: app.engines().iter().map(|engine| engine.name().to_owned()).collect(),
        section: super::overview::MENU_ENTRY.name,
        view,
        form: shown.form,
        message,
        effect: shown.effect,
        mistakes: shown.mistakes,
        page,
    };
    html_with(status(&drawn.mistakes), &drawn)
}

/// The pool unchanged, with what is wrong with the request.
async fn refuse(
    app: &App,
    page: Page,
    code: &str,
    mistakes: Mistakes,
    message: String,
) -> Result<Response, Failure> {
    let form = Pool::find(app, &page.actor, code).await?;
    draw(app, page, Some(code), Shown { form, mistakes, effect: None }, message).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PauseForm {
    message: String,
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
            refuse(web.app(), page, &code, mistakes, form.message).await
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
        return refuse(web.app(), page, &code, mistakes, String::new()).await;
    }
    pool::delete(web.app(), &page.actor, &code).await?;
    Ok(done("", "flash-compute-deleted", code))
}
