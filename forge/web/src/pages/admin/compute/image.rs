//! `/-/admin/compute/images/{code}`: one image and its variants; and the form for a new one.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use hearth_app::{
    App, Effect,
    image::{self, Draft, Entry, VariantDraft},
};
use hearth_core::{Error, Kind, Scope};

use super::{Nothing, Sure, address, status};
use crate::{
    Failure, Flash, Form, Mistakes, Page, Web,
    respond::{html_with, see_other_with},
};

#[derive(Template)]
#[template(path = "pages/admin/compute/image.html")]
struct Image {
    page: Page,
    section: &'static str,
    /// None: the form is for a new one.
    code: Option<String>,
    form: Draft,
    mistakes: Mistakes,
    effect: Option<Effect>,
    entry: Option<Entry>,
    variant: VariantDraft,
}

impl Image {
    fn families() -> Vec<(&'static str, &'static str)> {
        super::families(true)
    }
}

/// What was typed, and what is to be said of it.
#[derive(Default)]
struct Shown {
    form: Draft,
    variant: VariantDraft,
    mistakes: Mistakes,
    effect: Option<Effect>,
}

async fn show(app: &App, page: Page, code: Option<String>, shown: Shown) -> Result<Response, Failure> {
    let Shown { form, variant, mistakes, effect } = shown;
    let entry = match &code {
        Some(code) => Some(image::find(app, &page.actor, code).await?),
        None => None,
    };
    let drawn = Image { page, section: "images", code, form, mistakes, effect, entry, variant };
    html_with(status(&drawn.mistakes), &drawn)
}

pub(crate) async fn new(State(web): State<Web>, page: Page) -> Result<Response, Failure> {
    page.actor.administrator(Scope::ReadAdmin)?;
    show(web.app(), page, None, Shown::default()).await
}

pub(crate) async fn create(
    State(web): State<Web>,
    page: Page,
    Form(form): Form<Draft>,
) -> Result<Response, Failure> {
    match image::make(web.app(), &page.actor, &form).await {
        Ok(made) => Ok(see_other_with(&address("images"), Flash::new("flash-compute-made", made.code))),
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "code")?;
            show(web.app(), page, None, Shown { form, mistakes, ..Shown::default() }).await
        }
    }
}

pub(crate) async fn get(
    State(web): State<Web>,
    page: Page,
    Path(code): Path<String>,
) -> Result<Response, Failure> {
    let row = image::find(web.app(), &page.actor, &code).await?;
    let form = Draft::of(&row.image);
    show(web.app(), page, Some(code), Shown { form, ..Shown::default() }).await
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
        image::change(app, &page.actor, &code, &form).await.map(|_| None)
    } else {
        image::preview(app, &page.actor, &code, &form).await.map(Some)
    };
    let mut shown = Shown { form, ..Shown::default() };
    match outcome {
        Ok(None) => return Ok(see_other_with(&address("images"), Flash::new("flash-compute-changed", code))),
        Ok(effect) => shown.effect = effect,
        Err(error) => shown.mistakes = Mistakes::from_error(&page, error, "code")?,
    }
    show(app, page, Some(code), shown).await
}

/// `POST /-/admin/compute/images/{code}/variants`.
pub(crate) async fn put_variant(
    State(web): State<Web>,
    page: Page,
    Path(code): Path<String>,
    Form(variant): Form<VariantDraft>,
) -> Result<Response, Failure> {
    match image::put_variant(web.app(), &page.actor, &code, &variant).await {
        Ok(_) => Ok(back(&code, "flash-compute-changed")),
        Err(error) => again(&web, page, code, variant, error).await,
    }
}

/// `POST /-/admin/compute/images/{code}/variants/{family}/{act}`.
pub(crate) async fn act_on_variant(
    State(web): State<Web>,
    page: Page,
    Path((code, family, act)): Path<(String, String, String)>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    match act.as_str() {
        "pin" => match image::resolve_variant(web.app(), &page.actor, &code, &family).await {
            Ok(_) => Ok(back(&code, "flash-image-pinned")),
            Err(error) => {
                let entry = image::find(web.app(), &page.actor, &code).await?;
                let found = entry.variants.into_iter().find(|variant| variant.family == family);
                let variant = found.map(|found| VariantDraft {
                    family: found.family,
                    toolkit: found.toolkit,
                    reference: found.reference,
                });
                again(&web, page, code, variant.unwrap_or_default(), error).await
            }
        },
        "delete" => {
            image::delete_variant(web.app(), &page.actor, &code, &family).await?;
            Ok(back(&code, "flash-compute-deleted"))
        }
        _ => Err(Error::NotFound(Kind::Page).into()),
    }
}

fn back(code: &str, flash: &'static str) -> Response {
    see_other_with(&address(&format!("images/{code}")), Flash::new(flash, code))
}

/// The page once more, with what was wrong with the variant.
async fn again(
    web: &Web,
    page: Page,
    code: String,
    variant: VariantDraft,
    error: Error,
) -> Result<Response, Failure> {
    let mistakes = Mistakes::from_error(&page, error, "reference")?;
    let form = Draft::of(&image::find(web.app(), &page.actor, &code).await?.image);
    show(web.app(), page, Some(code), Shown { form, variant, mistakes, effect: None }).await
}
