//! Scenes: which pools and specs a kind of task may use, and for which owner. A kind without a scene may use
//! everything that is offered.

use hearth_core::{Conflict, Error, Kind, Result, Scope, TaskKind, Timestamp};
use hearth_store::{Ask, Json, Meaning as _, pool, scene as row, spec};

pub use hearth_store::scene::Scene;

use crate::{Actor, App, Effect, audit, audit::Fact, fields::Checks};

/// The fields of a scene.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fields {
    pub code: String,
    pub kind: TaskKind,
    /// `None` means every pool.
    pub pool: Option<String>,
    /// An owner's name; `None` means everybody.
    pub owner: Option<String>,
    /// Empty means every offered spec.
    pub specs: Vec<String>,
    pub is_enabled: bool,
}

impl Fields {
    /// The fields of an existing scene.
    pub fn of(scene: &Scene) -> Self {
        Self {
            code: scene.code.clone(),
            kind: scene.kind,
            pool: scene.pool_code.clone(),
            owner: scene.owner.as_ref().map(ToString::to_string),
            specs: scene.spec_codes.0.clone(),
            is_enabled: scene.is_enabled,
        }
    }

    async fn check(&self, ask: &mut impl Ask, now: Timestamp) -> Result<Scene> {
        let mut checks = Checks::default();
        let pool_code = self.pool.clone();
        if let Some(code) = &pool_code
            && pool::find(ask, code).await?.is_none()
        {
            checks.0.add("pool", "unknown-choice");
        }
        let owner = checks.owner(ask, self.owner.as_deref()).await?;
        let known = spec::list(ask).await?;
        if self.specs.iter().any(|code| !known.iter().any(|spec| spec.code == *code)) {
            checks.0.add("specs", "unknown-choice");
        }
        let code = checks.code("code", &self.code);
        checks.0.into_result()?;
        Ok(Scene {
            code,
            kind: self.kind,
            pool_code,
            owner_id: owner.as_ref().map(|owner| owner.id),
            owner: owner.map(|owner| owner.name),
            spec_codes: Json(self.specs.clone()),
            is_enabled: self.is_enabled,
            created_at: now,
            updated_at: now,
        })
    }
}

/// All scenes: for administrators.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Scene>> {
    actor.administrator(Scope::ReadAdmin)?;
    Ok(row::list(&mut app.store().read().await?).await?)
}

pub async fn find(app: &App, actor: &Actor, code: &str) -> Result<Scene> {
    actor.administrator(Scope::ReadAdmin)?;
    row::find(&mut app.store().read().await?, code).await?.ok_or(Error::NotFound(Kind::Scene))
}

/// Reports the validation errors that [`make`] would find in the fields alone.
pub async fn check(app: &App, actor: &Actor, fields: &Fields) -> Result<()> {
    actor.administrator(Scope::ReadAdmin)?;
    fields.check(&mut app.store().read().await?, app.now()).await.map(drop)
}

pub async fn make(app: &App, actor: &Actor, fields: &Fields) -> Result<Scene> {
    actor.administrator(Scope::WriteAdmin)?;
    let mut operation = app.begin().await?;
    let new = fields.check(&mut operation, app.now()).await?;
    row::insert(&mut operation, &new).await.on_taken(Conflict::NameTaken)?;
    let fact = Fact { kind: "scene", subject: &new.code, action: "made", before: None, after: Some(&new) };
    audit::save(operation, actor, fact).await?;
    Ok(new)
}

/// Which tasks [`change`] would affect; also validates the fields.
pub async fn preview(app: &App, actor: &Actor, code: &str, fields: &Fields) -> Result<Effect> {
    let before = find(app, actor, code).await?;
    let fields = Fields { code: code.to_owned(), ..fields.clone() };
    let after = fields.check(&mut app.store().read().await?, app.now()).await?;
    Effect::of(app, |task| task.kind == before.kind || task.kind == after.kind).await
}

pub async fn change(app: &App, actor: &Actor, code: &str, fields: &Fields) -> Result<Scene> {
    actor.administrator(Scope::WriteAdmin)?;
    let mut operation = app.begin().await?;
    let before = row::lock(&mut operation, code).await?.ok_or(Error::NotFound(Kind::Scene))?;
    let fields = Fields { code: code.to_owned(), ..fields.clone() };
    let after = Scene { created_at: before.created_at, ..fields.check(&mut operation, app.now()).await? };
    row::update(&mut operation, &after).await?;
    let fact =
        Fact { kind: "scene", subject: code, action: "changed", before: Some(&before), after: Some(&after) };
    audit::save(operation, actor, fact).await?;
    Ok(after)
}

pub async fn delete(app: &App, actor: &Actor, code: &str) -> Result<()> {
    actor.administrator(Scope::WriteAdmin)?;
    let mut operation = app.begin().await?;
    let before = row::lock(&mut operation, code).await?.ok_or(Error::NotFound(Kind::Scene))?;
    row::delete(&mut operation, code).await?;
    let fact = Fact { kind: "scene", subject: code, action: "deleted", before: Some(&before), after: None };
    audit::save(operation, actor, fact).await
}
