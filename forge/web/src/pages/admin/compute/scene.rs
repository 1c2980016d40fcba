//! `/-/admin/compute/scenes/{code}`: one scene; and the form for a new one.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use hearth_app::{
    App, Effect, pool,
    pool::Pool,
    scene::{self, Draft},
    spec,
};
use hearth_core::{Scope, TaskKind};

use super::{
    Sure,
    form::{Shown, done},
    status,
};
use crate::{Failure, Form, Mistakes, NoFields, Page, Web, pages::tasks::kind, respond::html_with};

#[derive(Template)]
#[template(path = "pages/admin/compute/scene.html")]
struct Scene {
    page: Page,
    section: &'static str,
    /// None: the form is for a new one.
    code: Option<String>,
    form: Draft,
    mistakes: Mistakes,
    effect: Option<Effect>,
    pools: Vec<Pool>,
    specs: Vec<String>,
}

impl Scene {
    fn pools(&self) -> Vec<(&str, &str)> {
        let rows = self.pools.iter().map(|pool| (pool.code.as_str(), pool.label.as_str()));
        std::iter::once(("", t!(self.page, "admin-compute-scene-every-pool"))).chain(rows).collect()
    }

    fn kinds(&self) -> Vec<(&'static str, &'static str)> {
        TaskKind::ALL.iter().map(|found| (found.as_str(), kind(&self.page, *found))).collect()
    }
}

async fn show(app: &App, page: Page, code: Option<String>, shown: Shown<Draft>) -> Result<Response, Failure> {
    let Shown { form, mistakes, effect } = shown;
    let pools = pool::list(app, &page.actor).await?;
    let specs = spec::list(app).await?.into_iter().map(|spec| spec.code).collect();
    let drawn = Scene { page, section: "scenes", code, form, mistakes, effect, pools, specs };
    html_with(status(&drawn.mistakes), &drawn)
}

pub(crate) async fn new(State(web): State<Web>, page: Page) -> Result<Response, Failure> {
    page.actor.administrator(Scope::ReadAdmin)?;
    let form = Draft { is_enabled: "true".to_owned(), ..Draft::default() };
    show(web.app(), page, None, Shown::new(form)).await
}

pub(crate) async fn create(
    State(web): State<Web>,
    page: Page,
    Form(form): Form<Draft>,
) -> Result<Response, Failure> {
    match scene::make(web.app(), &page.actor, &form).await {
        Ok(made) => Ok(done("scenes", "flash-compute-made", made.code)),
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
    let row = scene::find(web.app(), &page.actor, &code).await?;
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
        scene::change(app, &page.actor, &code, &form).await.map(|_| None)
    } else {
        scene::preview(app, &page.actor, &code, &form).await.map(Some)
    };
    match Shown::answered(&page, form, outcome)? {
        Some(shown) => show(app, page, Some(code), shown).await,
        None => Ok(done("scenes", "flash-compute-changed", code)),
    }
}

/// `POST /-/admin/compute/scenes/{code}/delete`.
pub(crate) async fn delete(
    State(web): State<Web>,
    page: Page,
    Path(code): Path<String>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Failure> {
    scene::delete(web.app(), &page.actor, &code).await?;
    Ok(done("scenes", "flash-compute-deleted", code))
}
