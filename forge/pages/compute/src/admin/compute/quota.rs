//! `/-/admin/compute/quotas/{code}`: one quota; and the form for a new one.

use askama::Template;
use axum::response::Response;
use hearth_app::{
    Actor, App, Effect, accelerator,
    accelerator::Accelerator,
    quota::{self, Fields},
};
use hearth_core::{FieldErrors, Result};
use serde::Deserialize;

use super::{
    row::{Deletable, Row, Shown},
    status,
    text::{FormParser, filled, number_text},
};
use crate::{Failure, Mistakes, Page, respond::html_with};

#[derive(Template)]
#[template(path = "pages/admin/compute/quota.html")]
pub(crate) struct Quota {
    page: Page,
    section: &'static str,
    /// None: the form is for a new one.
    code: Option<String>,
    form: QuotaForm,
    mistakes: Mistakes,
    effect: Option<Effect>,
    kinds: Vec<Accelerator>,
}

impl Quota {
    fn kinds(&self) -> Vec<(String, String)> {
        super::kinds(t!(self.page, "admin-compute-quota-all-cards"), &self.kinds)
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct QuotaForm {
    code: String,
    owner: String,
    accelerator: String,
    nominal_cards: String,
    borrow_cards: String,
    lend_cards: String,
    weekly_hours: String,
}

impl QuotaForm {
    fn of(quota: Fields) -> Self {
        Self {
            code: quota.code,
            owner: quota.owner.unwrap_or_default(),
            accelerator: quota.accelerator.unwrap_or_default(),
            nominal_cards: quota.nominal_cards.to_string(),
            borrow_cards: number_text(quota.borrow_cards),
            lend_cards: number_text(quota.lend_cards),
            weekly_hours: number_text(quota.weekly_hours),
        }
    }
}

impl Row for Quota {
    const SECTION: &'static str = "quotas";

    type Form = QuotaForm;
    type Fields = Fields;

    fn blank() -> QuotaForm {
        QuotaForm { nominal_cards: "0".to_owned(), ..QuotaForm::default() }
    }

    fn read(form: &QuotaForm) -> (Fields, FieldErrors) {
        let mut parser = FormParser::default();
        let fields = Fields {
            code: form.code.clone(),
            owner: filled(&form.owner),
            accelerator: filled(&form.accelerator),
            nominal_cards: parser.number("nominal_cards", &form.nominal_cards),
            borrow_cards: parser.optional_number("borrow_cards", &form.borrow_cards),
            lend_cards: parser.optional_number("lend_cards", &form.lend_cards),
            weekly_hours: parser.optional_number("weekly_hours", &form.weekly_hours),
        };
        parser.finish(fields)
    }

    async fn find(app: &App, actor: &Actor, code: &str) -> Result<QuotaForm> {
        Ok(QuotaForm::of(Fields::of(&quota::find(app, actor, code).await?)))
    }

    async fn check(app: &App, actor: &Actor, fields: &Fields) -> Result<()> {
        quota::check(app, actor, fields).await
    }

    async fn make(app: &App, actor: &Actor, fields: &Fields) -> Result<String> {
        Ok(quota::make(app, actor, fields).await?.code)
    }

    async fn preview(app: &App, actor: &Actor, code: &str, fields: &Fields) -> Result<Effect> {
        quota::preview(app, actor, code, fields).await
    }

    async fn change(app: &App, actor: &Actor, code: &str, fields: &Fields) -> Result<()> {
        quota::change(app, actor, code, fields).await.map(drop)
    }

    async fn show(
        app: &App,
        page: Page,
        code: Option<String>,
        shown: Shown<QuotaForm>,
    ) -> Result<Response, Failure> {
        let Shown { form, mistakes, effect } = shown;
        let kinds = accelerator::list(app, &page.actor).await?;
        let drawn = Self { page, section: Self::SECTION, code, form, mistakes, effect, kinds };
        html_with(status(&drawn.mistakes), &drawn)
    }
}

impl Deletable for Quota {
    async fn delete(app: &App, actor: &Actor, code: &str) -> Result<()> {
        quota::delete(app, actor, code).await
    }
}
