use hearth_core::{Conflict, Error, Kind, Result, Scope};
use hearth_store::{Meaning as _, accelerator, spec as row, spec::NewSpec};

use super::{Fields, Spec};
use crate::{Actor, App, Effect, audit, audit::Fact};

pub async fn find(app: &App, actor: &Actor, code: &str) -> Result<Spec> {
    actor.administrator(Scope::ReadAdmin)?;
    row::find_by_code(&mut app.store().read().await?, code).await?.ok_or(Error::NotFound(Kind::Spec))
}

/// Reports the validation errors that [`make`] would find in the fields alone.
pub async fn check(app: &App, actor: &Actor, fields: &Fields) -> Result<()> {
    actor.administrator(Scope::ReadAdmin)?;
    let kinds = accelerator::list(&mut app.store().read().await?).await?;
    fields.check(&nothing(app), &kinds).map(drop)
}

pub async fn make(app: &App, actor: &Actor, fields: &Fields) -> Result<Spec> {
    actor.administrator(Scope::WriteAdmin)?;
    let mut operation = app.begin().await?;
    let kinds = accelerator::list(&mut operation).await?;
    let read = fields.check(&nothing(app), &kinds)?;
    let new = NewSpec {
        code: read.code,
        accelerator: read.accelerator,
        cards: read.cards,
        card_memory_bytes: read.card_memory_bytes,
        cpus: read.cpus,
        memory_bytes: read.memory_bytes,
        shared_memory_bytes: read.shared_memory_bytes,
        created_at: read.created_at,
    };
    row::insert(&mut operation, &new, read.is_on_shelf).await.on_taken(Conflict::NameTaken)?;
    let made = row::find_by_code(&mut operation, &new.code).await?.ok_or(Error::NotFound(Kind::Spec))?;
    let fact = Fact { kind: "spec", subject: &made.code, action: "made", before: None, after: Some(&made) };
    audit::save(operation, actor, fact).await?;
    Ok(made)
}

fn nothing(app: &App) -> Spec {
    Spec {
        id: 0,
        code: String::new(),
        accelerator: None,
        cards: 0,
        card_memory_bytes: 0,
        cpus: 0,
        memory_bytes: 0,
        shared_memory_bytes: 0,
        is_on_shelf: true,
        created_at: app.now(),
    }
}

/// Which tasks [`change`] would affect; also validates the fields.
pub async fn preview(app: &App, actor: &Actor, code: &str, fields: &Fields) -> Result<Effect> {
    let before = find(app, actor, code).await?;
    let kinds = accelerator::list(&mut app.store().read().await?).await?;
    Fields { code: code.to_owned(), ..fields.clone() }.check(&before, &kinds)?;
    effect(app, code).await
}

/// Tasks launched with a spec that have not ended. They keep the resources they were launched with.
pub async fn effect(app: &App, code: &str) -> Result<Effect> {
    Effect::of(app, |task| task.spec_code == code).await
}

/// Changes a spec for tasks launched from now on.
pub async fn change(app: &App, actor: &Actor, code: &str, fields: &Fields) -> Result<Spec> {
    actor.administrator(Scope::WriteAdmin)?;
    let mut operation = app.begin().await?;
    let kinds = accelerator::list(&mut operation).await?;
    let before = row::lock(&mut operation, code).await?.ok_or(Error::NotFound(Kind::Spec))?;
    let after = Fields { code: code.to_owned(), ..fields.clone() }.check(&before, &kinds)?;
    row::update(&mut operation, &after).await?;
    let action = match (before.is_on_shelf, after.is_on_shelf) {
        (false, true) => "enabled",
        (true, false) => "disabled",
        _ => "changed",
    };
    let fact = Fact { kind: "spec", subject: code, action, before: Some(&before), after: Some(&after) };
    audit::save(operation, actor, fact).await?;
    Ok(after)
}
