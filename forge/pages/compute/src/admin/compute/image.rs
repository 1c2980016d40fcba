//! `/-/admin/compute/images/{code}`: one image and its variants; and the form for a new one.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use hearth_app::{
    Actor, App, Effect,
    image::{self, Entry, Fields, VariantFields},
};
use hearth_core::{Error, FieldErrors, Kind, Result};
use serde::Deserialize;

use super::{
    row::{Row, Shown, done},
    status,
    text::{is_ticked, tick},
};
use crate::{Failure, Form, Mistakes, NoFields, Page, Web, respond::html_with};

#[derive(Template)]
#[template(path = "pages/admin/compute/image.html")]
pub(crate) struct Image {
    page: Page,
    section: &'static str,
    /// None: the form is for a new one.
    code: Option<String>,
    form: ImageForm,
    mistakes: Mistakes,
    effect: Option<Effect>,
    entry: Option<Entry>,
    variant: VariantForm,
}

impl Image {
    fn families() -> Vec<(&'static str, &'static str)> {
        super::families(true)
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ImageForm {
    code: String,
    label: String,
    framework: String,
    framework_version: String,
    python_version: String,
    is_enabled: String,
}

impl ImageForm {
    fn of(image: Fields) -> Self {
        Self {
            code: image.code,
            label: image.label,
            framework: image.framework,
            framework_version: image.framework_version,
            python_version: image.python_version,
            is_enabled: tick(image.is_enabled),
        }
    }

    fn is_enabled(&self) -> bool {
        is_ticked(&self.is_enabled)
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct VariantForm {
    family: String,
    toolkit: String,
    reference: String,
}

impl Row for Image {
    const SECTION: &'static str = "images";

    type Form = ImageForm;
    type Fields = Fields;

    fn read(form: &ImageForm) -> (Fields, FieldErrors) {
        let fields = Fields {
            code: form.code.clone(),
            label: form.label.clone(),
            framework: form.framework.clone(),
            framework_version: form.framework_version.clone(),
            python_version: form.python_version.clone(),
            is_enabled: form.is_enabled(),
        };
        (fields, FieldErrors::default())
    }

    async fn find(app: &App, actor: &Actor, code: &str) -> Result<ImageForm> {
        Ok(ImageForm::of(Fields::of(&image::find(app, actor, code).await?.image)))
    }

    async fn check(app: &App, actor: &Actor, fields: &Fields) -> Result<()> {
        image::check(app, actor, fields)
    }

    async fn make(app: &App, actor: &Actor, fields: &Fields) -> Result<String> {
        Ok(image::make(app, actor, fields).await?.code)
    }

    async fn preview(app: &App, actor: &Actor, code: &str, fields: &Fields) -> Result<Effect> {
        image::preview(app, actor, code, fields).await
    }

    async fn change(app: &App, actor: &Actor, code: &str, fields: &Fields) -> Result<()> {
        image::change(app, actor, code, fields).await.map(drop)
    }

    async fn show(
        app: &App,
        page: Page,
        code: Option<String>,
        shown: Shown<ImageForm>,
    ) -> Result<Response, Failure> {
        draw(app, page, code, shown, VariantForm::default()).await
    }
}

async fn draw(
    app: &App,
    page: Page,
    code: Option<String>,
    shown: Shown<ImageForm>,
    variant: VariantForm,
) -> Result<Response, Failure> {
    let Shown { form, mistakes, effect } = shown;
    let entry = match &code {
        Some(code) => Some(image::find(app, &page.actor, code).await?),
        None => None,
    };
    let drawn = Image { page, section: Image::SECTION, code, form, mistakes, effect, entry, variant };
    html_with(status(&drawn.mistakes), &drawn)
}

/// `POST /-/admin/compute/images/{code}/variants`.
pub(crate) async fn put_variant(
    State(web): State<Web>,
    page: Page,
    Path(code): Path<String>,
    Form(variant): Form<VariantForm>,
) -> Result<Response, Failure> {
    let fields = VariantFields {
        family: variant.family.clone(),
        toolkit: variant.toolkit.clone(),
        reference: variant.reference.clone(),
    };
    match image::put_variant(web.app(), &page.actor, &code, &fields).await {
        Ok(_) => Ok(back(&code, "flash-compute-changed")),
        Err(error) => redisplay(&web, page, code, variant, error).await,
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
                let variant = found.map(|found| VariantForm {
                    family: found.family,
                    toolkit: found.toolkit,
                    reference: found.reference,
                });
                redisplay(&web, page, code, variant.unwrap_or_default(), error).await
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

/// The page again, with the mistakes of the variant.
async fn redisplay(
    web: &Web,
    page: Page,
    code: String,
    variant: VariantForm,
    error: Error,
) -> Result<Response, Failure> {
    let mistakes = Mistakes::from_error(&page, error, "reference")?;
    let form = Image::find(web.app(), &page.actor, &code).await?;
    draw(web.app(), page, Some(code), Shown { form, mistakes, effect: None }, variant).await
}
