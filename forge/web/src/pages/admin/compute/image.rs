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

use super::{
    Sure,
    form::{Shown, done},
    status,
};
use crate::{Failure, Form, Mistakes, NoFields, Page, Web, respond::html_with};

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

async fn show(
    app: &App,
    page: Page,
    code: Option<String>,
    shown: Shown<Draft>,
    variant: VariantDraft,
) -> Result<Response, Failure> {
    let Shown { form, mistakes, effect } = shown;
    let entry = match &code {
        Some(code) => Some(image::find(app, &page.actor, code).await?),
        None => None,
    };
    let drawn = Image { page, section: "images", code, form, mistakes, effect, entry, variant };
    html_with(status(&drawn.mistakes), &drawn)
}

pub(crate) async fn new(State(web): State<Web>, page: Page) -> Result<Response, Failure> {
    page.actor.administrator(Scope::ReadAdmin)?;
    show(web.app(), page, None, Shown::default(), VariantDraft::default()).await
}

pub(crate) async fn create(
    State(web): State<Web>,
    page: Page,
    Form(form): Form<Draft>,
) -> Result<Response, Failure> {
    match image::make(web.app(), &page.actor, &form).await {
        Ok(made) => Ok(done("images", "flash-compute-made", made.code)),
        Err(error) => {
            let shown = Shown::refused(&page, form, error)?;
            show(web.app(), page, None, shown, VariantDraft::default()).await
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
    show(web.app(), page, Some(code), Shown::new(form), VariantDraft::default()).await
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
    match Shown::answered(&page, form, outcome)? {
        Some(shown) => show(app, page, Some(code), shown, VariantDraft::default()).await,
        None => Ok(done("images", "flash-compute-changed", code)),
    }
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
    Form(NoFields {}): Form<NoFields>,
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
    done(&format!("images/{code}"), flash, code)
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
    show(web.app(), page, Some(code), Shown { form, mistakes, effect: None }, variant).await
}
