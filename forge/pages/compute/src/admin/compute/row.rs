//! The forms of all kinds of rows: creation, changes that are previewed before they are saved, deletion. The
//! input is shown again, with its mistakes or with what it would affect.

use axum::{
    Router,
    extract::{Path, Query, State},
    response::Response,
};
use hearth_app::{Actor, App, Effect};
use hearth_core::{Error, FieldErrors, Result, Scope};
use hearth_http::routing::{get, post};
use serde::{Deserialize, de::DeserializeOwned};

use super::address;
use crate::{Failure, Flash, Form, Mistakes, NoFields, Page, Web, respond::see_other_with};

/// A kind of row: what is specific to its form.
pub(crate) trait Row: 'static {
    /// Its part of the addresses below `/-/admin/compute`.
    const SECTION: &'static str;
    /// The same for the list of its rows.
    const LIST: &'static str = Self::SECTION;

    /// The input; every field is text.
    type Form: Default + DeserializeOwned + Send + Sync;
    /// The parsed input.
    type Fields: Send + Sync;

    /// The form for a new one.
    fn blank() -> Self::Form {
        Self::Form::default()
    }

    /// Parses the input. Unreadable fields are reported, and get default values.
    fn read(form: &Self::Form) -> (Self::Fields, FieldErrors);

    /// The form of an existing row.
    fn find(app: &App, actor: &Actor, code: &str) -> impl Future<Output = Result<Self::Form>> + Send;

    /// Validates the fields of a new row.
    fn check(app: &App, actor: &Actor, fields: &Self::Fields) -> impl Future<Output = Result<()>> + Send;

    /// Creates the row; returns its code.
    fn make(app: &App, actor: &Actor, fields: &Self::Fields) -> impl Future<Output = Result<String>> + Send;

    fn preview(
        app: &App,
        actor: &Actor,
        code: &str,
        fields: &Self::Fields,
    ) -> impl Future<Output = Result<Effect>> + Send;

    fn change(
        app: &App,
        actor: &Actor,
        code: &str,
        fields: &Self::Fields,
    ) -> impl Future<Output = Result<()>> + Send;

    /// Draws the page; `code` is none for a new row.
    fn show(
        app: &App,
        page: Page,
        code: Option<String>,
        shown: Shown<Self::Form>,
    ) -> impl Future<Output = Result<Response, Failure>> + Send;
}

/// A kind whose rows can be deleted with one click.
pub(crate) trait Deletable: Row {
    fn delete(app: &App, actor: &Actor, code: &str) -> impl Future<Output = Result<()>> + Send;
}

/// The input, with its mistakes or its effect.
#[derive(Default)]
pub(crate) struct Shown<F> {
    pub(super) form: F,
    pub(super) mistakes: Mistakes,
    pub(super) effect: Option<Effect>,
}

impl<F> Shown<F> {
    /// Without mistakes or effect.
    pub(super) fn new(form: F) -> Self {
        Self { form, mistakes: Mistakes::default(), effect: None }
    }

    /// Refused input, with the reason.
    fn refused(page: &Page, form: F, error: Error) -> Result<Self, Failure> {
        Ok(Self { mistakes: Mistakes::from_error(page, error, "code")?, ..Self::new(form) })
    }
}

/// `/{section}/new` and `/{section}/{code}`.
pub(crate) fn routes<R: Row>() -> Router<Web> {
    Router::new()
        .route(&format!("/{}/new", R::SECTION), get(blank::<R>).post(make::<R>))
        .route(&format!("/{}/{{code}}", R::SECTION), get(show::<R>).post(change::<R>))
}

/// `/{section}/{code}/delete`.
pub(crate) fn deletion<R: Deletable>() -> Router<Web> {
    Router::new().route(&format!("/{}/{{code}}/delete", R::SECTION), post(delete::<R>))
}

/// Redirects to a list below `/-/admin/compute`, with a message about one of its rows.
pub(super) fn done(list: &str, flash: &'static str, code: impl Into<String>) -> Response {
    see_other_with(&address(list), Flash::new(flash, code))
}

async fn blank<R: Row>(State(web): State<Web>, page: Page) -> Result<Response, Failure> {
    page.actor.administrator(Scope::ReadAdmin)?;
    R::show(web.app(), page, None, Shown::new(R::blank())).await
}

async fn make<R: Row>(
    State(web): State<Web>,
    page: Page,
    Form(form): Form<R::Form>,
) -> Result<Response, Failure> {
    let (app, actor) = (web.app(), &page.actor);
    actor.administrator(Scope::WriteAdmin)?;
    let (fields, unreadable) = R::read(&form);
    let made = match unreadable.merge(R::check(app, actor, &fields).await) {
        Ok(()) => R::make(app, actor, &fields).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(code) => Ok(done(R::LIST, "flash-compute-made", code)),
        Err(error) => {
            let shown = Shown::refused(&page, form, error)?;
            R::show(web.app(), page, None, shown).await
        }
    }
}

async fn show<R: Row>(
    State(web): State<Web>,
    page: Page,
    Path(code): Path<String>,
) -> Result<Response, Failure> {
    let form = R::find(web.app(), &page.actor, &code).await?;
    R::show(web.app(), page, Some(code), Shown::new(form)).await
}

/// A change is saved once its author has confirmed what it affects.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Confirmation {
    sure: String,
}

async fn change<R: Row>(
    State(web): State<Web>,
    page: Page,
    Path(code): Path<String>,
    Query(confirmation): Query<Confirmation>,
    Form(form): Form<R::Form>,
) -> Result<Response, Failure> {
    let (app, actor) = (web.app(), &page.actor);
    R::find(app, actor, &code).await?;
    actor.administrator(Scope::WriteAdmin)?;
    let (fields, unreadable) = R::read(&form);
    let outcome = if unreadable.is_empty() && confirmation.sure == "yes" {
        R::change(app, actor, &code, &fields).await.map(|()| None)
    } else {
        unreadable.merge(R::preview(app, actor, &code, &fields).await).map(Some)
    };
    let shown = match outcome {
        Ok(None) => return Ok(done(R::LIST, "flash-compute-changed", code)),
        Ok(effect) => Shown { effect, ..Shown::new(form) },
        Err(error) => Shown::refused(&page, form, error)?,
    };
    R::show(app, page, Some(code), shown).await
}

async fn delete<R: Deletable>(
    State(web): State<Web>,
    page: Page,
    Path(code): Path<String>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Failure> {
    R::delete(web.app(), &page.actor, &code).await?;
    Ok(done(R::LIST, "flash-compute-deleted", code))
}
