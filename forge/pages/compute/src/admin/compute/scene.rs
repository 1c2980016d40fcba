//! `/-/admin/compute/scenes/{code}`: one scene; and the form for a new one.

use askama::Template;
use axum::response::Response;
use hearth_app::{
    Actor, App, Effect, pool,
    pool::Pool,
    scene::{self, Fields},
    spec,
};
use hearth_core::{FieldErrors, Result, TaskKind};
use serde::Deserialize;

use super::{
    row::{Deletable, Row, Shown},
    status,
    text::{FormParser, filled, is_ticked, tick},
};
use crate::{Failure, Mistakes, Page, respond::html_with, tasks::kind};

#[derive(Template)]
#[template(path = "pages/admin/compute/scene.html")]
pub(crate) struct Scene {
    page: Page,
    section: &'static str,
    /// None: the form is for a new one.
    code: Option<String>,
    form: SceneForm,
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

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SceneForm {
    code: String,
    kind: String,
    pool: String,
    owner: String,
    specs: Vec<String>,
    is_enabled: String,
}

impl SceneForm {
    fn of(scene: Fields) -> Self {
        Self {
            code: scene.code,
            kind: scene.kind.to_string(),
            pool: scene.pool.unwrap_or_default(),
            owner: scene.owner.unwrap_or_default(),
            specs: scene.specs,
            is_enabled: tick(scene.is_enabled),
        }
    }

    fn is_enabled(&self) -> bool {
        is_ticked(&self.is_enabled)
    }
}

impl Row for Scene {
    const SECTION: &'static str = "scenes";

    type Form = SceneForm;
    type Fields = Fields;

    fn blank() -> SceneForm {
        SceneForm { is_enabled: tick(true), ..SceneForm::default() }
    }

    fn read(form: &SceneForm) -> (Fields, FieldErrors) {
        let mut parser = FormParser::default();
        let kind = parser.choice("kind", &form.kind).unwrap_or(TaskKind::Train);
        parser.finish(Fields {
            code: form.code.clone(),
            kind,
            pool: filled(&form.pool),
            owner: filled(&form.owner),
            specs: form.specs.clone(),
            is_enabled: form.is_enabled(),
        })
    }

    async fn find(app: &App, actor: &Actor, code: &str) -> Result<SceneForm> {
        Ok(SceneForm::of(Fields::of(&scene::find(app, actor, code).await?)))
    }

    async fn check(app: &App, actor: &Actor, fields: &Fields) -> Result<()> {
        scene::check(app, actor, fields).await
    }

    async fn make(app: &App, actor: &Actor, fields: &Fields) -> Result<String> {
        Ok(scene::make(app, actor, fields).await?.code)
    }

    async fn preview(app: &App, actor: &Actor, code: &str, fields: &Fields) -> Result<Effect> {
        scene::preview(app, actor, code, fields).await
    }

    async fn change(app: &App, actor: &Actor, code: &str, fields: &Fields) -> Result<()> {
        scene::change(app, actor, code, fields).await.map(drop)
    }

    async fn show(
        app: &App,
        page: Page,
        code: Option<String>,
        shown: Shown<SceneForm>,
    ) -> Result<Response, Failure> {
        let Shown { form, mistakes, effect } = shown;
        let pools = pool::list(app, &page.actor).await?;
        let specs = spec::list(app).await?.into_iter().map(|spec| spec.code).collect();
        let drawn = Self { page, section: Self::SECTION, code, form, mistakes, effect, pools, specs };
        html_with(status(&drawn.mistakes), &drawn)
    }
}

impl Deletable for Scene {
    async fn delete(app: &App, actor: &Actor, code: &str) -> Result<()> {
        scene::delete(app, actor, code).await
    }
}
