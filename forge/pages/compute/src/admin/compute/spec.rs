//! `/-/admin/compute/specs/{code}`: one spec; and the form for a new one.

use askama::Template;
use axum::response::Response;
use hearth_app::{
    Actor, App, Effect, accelerator,
    accelerator::Accelerator,
    spec::{self, Fields},
};
use hearth_core::{FieldErrors, Result};
use serde::Deserialize;

use super::{
    row::{Row, Shown},
    status,
    text::{FormParser, is_ticked, size_text, tick},
};
use crate::{Failure, Mistakes, Page, respond::html_with};

#[derive(Template)]
#[template(path = "pages/admin/compute/spec.html")]
pub(crate) struct Spec {
    page: Page,
    section: &'static str,
    /// None: the form is for a new one.
    code: Option<String>,
    form: SpecForm,
    mistakes: Mistakes,
    effect: Option<Effect>,
    kinds: Vec<Accelerator>,
}

impl Spec {
    fn kinds(&self) -> Vec<(String, String)> {
        let mut kinds = super::kinds(t!(self.page, "admin-compute-no-cards"), &self.kinds);
        kinds.insert(1, (spec::ANY.to_owned(), t!(self.page, "admin-compute-spec-any").to_owned()));
        kinds
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SpecForm {
    code: String,
    accelerator: String,
    model: String,
    cards: String,
    card_memory: String,
    cpus: String,
    memory: String,
    shared_memory: String,
    is_on_shelf: String,
}

impl SpecForm {
    fn of(spec: Fields) -> Self {
        Self {
            cards: spec.cards.to_string(),
            card_memory: size_text(spec.card_memory_bytes),
            cpus: spec.cpus.to_string(),
            memory: size_text(spec.memory_bytes),
            shared_memory: size_text(spec.shared_memory_bytes),
            is_on_shelf: tick(spec.is_on_shelf),
            code: spec.code,
            accelerator: spec.accelerator,
            model: spec.model,
        }
    }

    fn is_on_shelf(&self) -> bool {
        is_ticked(&self.is_on_shelf)
    }
}

impl Row for Spec {
    const SECTION: &'static str = "specs";

    type Form = SpecForm;
    type Fields = Fields;

    fn blank() -> SpecForm {
        SpecForm { is_on_shelf: tick(true), ..SpecForm::default() }
    }

    fn read(form: &SpecForm) -> (Fields, FieldErrors) {
        let mut parser = FormParser::default();
        let fields = Fields {
            code: form.code.clone(),
            accelerator: form.accelerator.clone(),
            model: form.model.trim().to_owned(),
            cards: parser.optional_number("cards", &form.cards).unwrap_or(0),
            card_memory_bytes: parser.size("card_memory", &form.card_memory),
            cpus: parser.number("cpus", &form.cpus),
            memory_bytes: parser.size("memory", &form.memory),
            shared_memory_bytes: parser.size("shared_memory", &form.shared_memory),
            is_on_shelf: form.is_on_shelf(),
        };
        parser.finish(fields)
    }

    async fn find(app: &App, actor: &Actor, code: &str) -> Result<SpecForm> {
        Ok(SpecForm::of(Fields::of(&spec::find(app, actor, code).await?)))
    }

    async fn check(app: &App, actor: &Actor, fields: &Fields) -> Result<()> {
        spec::check(app, actor, fields).await
    }

    async fn make(app: &App, actor: &Actor, fields: &Fields) -> Result<String> {
        Ok(spec::make(app, actor, fields).await?.code)
    }

    async fn preview(app: &App, actor: &Actor, code: &str, fields: &Fields) -> Result<Effect> {
        spec::preview(app, actor, code, fields).await
    }

    async fn change(app: &App, actor: &Actor, code: &str, fields: &Fields) -> Result<()> {
        spec::change(app, actor, code, fields).await.map(drop)
    }

    async fn show(
        app: &App,
        page: Page,
        code: Option<String>,
        shown: Shown<SpecForm>,
    ) -> Result<Response, Failure> {
        let Shown { form, mistakes, effect } = shown;
        let kinds = accelerator::list(app, &page.actor).await?;
        let drawn = Self { page, section: Self::SECTION, code, form, mistakes, effect, kinds };
        html_with(status(&drawn.mistakes), &drawn)
    }
}
