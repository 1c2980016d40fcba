//! Scenes: what a kind of task may use where, and who may. A kind without a scene may use everything on the shelf.

use hearth_core::{Conflict, Error, Kind, Result, Scope, TaskKind, Timestamp};
use hearth_store::{Ask, Json, Meaning as _, pool, scene as row, spec};
use serde::Deserialize;

pub use hearth_store::scene::Scene;

use crate::{
    Actor, App, Effect, audit,
    audit::Fact,
    draft::{Reading, is_ticked, tick},
};

/// A form about a scene; every field is text, as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Draft {
    pub code: String,
    pub kind: String,
    /// Empty: every pool.
    pub pool: String,
    /// A name; empty: everybody.
    pub owner: String,
    /// Empty: everything on the shelf.
    pub specs: Vec<String>,
    pub is_enabled: String,
}

impl Draft {
    /// The form of a scene that is there.
    pub fn of(scene: &Scene) -> Self {
        Self {
            code: scene.code.clone(),
            kind: scene.kind.to_string(),
            pool: scene.pool_code.clone().unwrap_or_default(),
            owner: scene.owner.as_ref().map(ToString::to_string).unwrap_or_default(),
            specs: scene.spec_codes.0.clone(),
            is_enabled: tick(scene.is_enabled),
        }
    }

    pub fn is_enabled(&self) -> bool {
        is_ticked(&self.is_enabled)
    }

    async fn read(&self, ask: &mut impl Ask, now: Timestamp) -> Result<Scene> {
        let mut reading = Reading::default();
        let kind = reading.0.take("kind", self.kind.parse::<TaskKind>(), |()| "unknown-choice");
        let pool_code = Some(self.pool.clone()).filter(|code| !code.is_empty());
        if let Some(code) = &pool_code
            && pool::find(ask, code).await?.is_none()
        {
            reading.0.add("pool", "unknown-choice");
        }
        let owner = reading.owner(ask, &self.owner).await?;
        let known = spec::list(ask).await?;
        if self.specs.iter().any(|code| !known.iter().any(|spec| spec.code == *code)) {
            reading.0.add("specs", "unknown-choice");
        }
        let code = reading.code("code", &self.code);
        reading.0.into_result()?;
        Ok(Scene {
            code,
            kind: kind.ok_or_else(|| Error::field("kind", "unknown-choice"))?,
            pool_code,
            owner_id: owner.as_ref().map(|user| user.id),
            owner: owner.map(|user| user.name),
            spec_codes: Json(self.specs.clone()),
            is_enabled: self.is_enabled(),
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

pub async fn make(app: &App, actor: &Actor, draft: &Draft) -> Result<Scene> {
    actor.administrator(Scope::WriteAdmin)?;
    let mut writer = app.store().write().await?;
    let new = draft.read(&mut writer, app.now()).await?;
    row::insert(&mut writer, &new).await.on_taken(Conflict::NameTaken)?;
    let fact = Fact { kind: "scene", subject: &new.code, action: "made", before: None, after: Some(&new) };
    audit::save(writer, app, actor, fact).await?;
    Ok(new)
}

/// What [`change`] would touch; every mistake is found here as well.
pub async fn preview(app: &App, actor: &Actor, code: &str, draft: &Draft) -> Result<Effect> {
    let before = find(app, actor, code).await?;
    let draft = Draft { code: code.to_owned(), ..draft.clone() };
    let after = draft.read(&mut app.store().read().await?, app.now()).await?;
    Effect::of(app, |task| task.kind == before.kind || task.kind == after.kind).await
}

pub async fn change(app: &App, actor: &Actor, code: &str, draft: &Draft) -> Result<Scene> {
    actor.administrator(Scope::WriteAdmin)?;
    let mut writer = app.store().write().await?;
    let before = row::lock(&mut writer, code).await?.ok_or(Error::NotFound(Kind::Scene))?;
    let draft = Draft { code: code.to_owned(), ..draft.clone() };
    let after = Scene { created_at: before.created_at, ..draft.read(&mut writer, app.now()).await? };
    row::update(&mut writer, &after).await?;
    let fact =
        Fact { kind: "scene", subject: code, action: "changed", before: Some(&before), after: Some(&after) };
    audit::save(writer, app, actor, fact).await?;
    Ok(after)
}

pub async fn delete(app: &App, actor: &Actor, code: &str) -> Result<()> {
    actor.administrator(Scope::WriteAdmin)?;
    let mut writer = app.store().write().await?;
    let before = row::lock(&mut writer, code).await?.ok_or(Error::NotFound(Kind::Scene))?;
    row::delete(&mut writer, code).await?;
    let fact = Fact { kind: "scene", subject: code, action: "deleted", before: Some(&before), after: None };
    audit::save(writer, app, actor, fact).await
}
