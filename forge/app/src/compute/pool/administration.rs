use hearth_core::{Conflict, Error, FieldErrors, Kind, Result, Scope, Timestamp};
use hearth_store::{Meaning as _, accelerator as accelerator_row, pool as row};

use super::{Fields, Pool, survey::proposals};
use crate::{Actor, App, Effect, Operation, audit, audit::Fact};

const LONGEST_MESSAGE: usize = 300;

/// All pools: for administrators.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Pool>> {
    actor.administrator(Scope::ReadAdmin)?;
    Ok(row::list(&mut app.store().read().await?).await?)
}

pub async fn find(app: &App, actor: &Actor, code: &str) -> Result<Pool> {
    actor.administrator(Scope::ReadAdmin)?;
    row::find(&mut app.store().read().await?, code).await?.ok_or(Error::NotFound(Kind::Pool))
}

/// Reports the validation errors that [`make`] would find in the fields alone.
pub async fn check(app: &App, actor: &Actor, fields: &Fields) -> Result<()> {
    actor.administrator(Scope::ReadAdmin)?;
    let kinds = accelerator_row::list(&mut app.store().read().await?).await?;
    fields.check(app, &kinds, app.now()).map(drop)
}

pub async fn make(app: &App, actor: &Actor, fields: &Fields) -> Result<Pool> {
    actor.administrator(Scope::WriteAdmin)?;
    let mut operation = app.begin().await?;
    let kinds = accelerator_row::list(&mut operation).await?;
    let new = fields.check(app, &kinds, app.now())?;
    insert(actor, operation, new).await
}

/// Creates a proposed pool for machines without one.
pub async fn accept(app: &App, actor: &Actor, code: &str) -> Result<Pool> {
    actor.administrator(Scope::WriteAdmin)?;
    let proposed = proposals(app).await?.into_iter().find(|proposal| proposal.pool.code == code);
    let new = proposed.ok_or(Error::NotFound(Kind::Pool))?.pool;
    insert(actor, app.begin().await?, new).await
}

async fn insert(actor: &Actor, mut operation: Operation, new: Pool) -> Result<Pool> {
    row::insert(&mut operation, &new).await.on_taken(Conflict::NameTaken)?;
    let fact = Fact { kind: "pool", subject: &new.code, action: "made", before: None, after: Some(&new) };
    audit::save(operation, actor, fact).await?;
    Ok(new)
}

/// Which tasks [`change`] would affect; also validates the fields.
pub async fn preview(app: &App, actor: &Actor, code: &str, fields: &Fields) -> Result<Effect> {
    let before = find(app, actor, code).await?;
    let kinds = accelerator_row::list(&mut app.store().read().await?).await?;
    let after = Fields { code: code.to_owned(), ..fields.clone() }.check(app, &kinds, app.now())?;
    let now = effect(app, &before).await?;
    let then = effect(app, &after).await?;
    Ok(Effect { waiting: now.waiting.max(then.waiting), running: now.running })
}

/// Changes which machines a pool has. Running tasks continue.
pub async fn change(app: &App, actor: &Actor, code: &str, fields: &Fields) -> Result<Pool> {
    let fields = Fields { code: code.to_owned(), ..fields.clone() };
    edit(app, actor, code, "changed", |before, kinds, now| {
        let read = fields.check(app, kinds, now)?;
        let (is_paused, pause_message) = (before.is_paused, before.pause_message.clone());
        Ok(Pool { created_at: before.created_at, is_paused, pause_message, ..read })
    })
    .await
}

/// Stops new tasks from starting in a pool, and says why. Running tasks continue.
pub async fn pause(app: &App, actor: &Actor, code: &str, message: &str) -> Result<Pool> {
    let mut errors = FieldErrors::default();
    let message = message.trim();
    if message.is_empty() {
        errors.add("message", "required");
    } else if message.chars().count() > LONGEST_MESSAGE {
        errors.add("message", "too-long");
    }
    errors.into_result()?;
    edit(app, actor, code, "paused", |before, _, now| {
        Ok(Pool { is_paused: true, pause_message: message.to_owned(), updated_at: now, ..before.clone() })
    })
    .await
}

pub async fn resume(app: &App, actor: &Actor, code: &str) -> Result<Pool> {
    edit(app, actor, code, "resumed", |before, _, now| {
        Ok(Pool { is_paused: false, pause_message: String::new(), updated_at: now, ..before.clone() })
    })
    .await
}

async fn edit(
    app: &App,
    actor: &Actor,
    code: &str,
    action: &'static str,
    changed: impl FnOnce(&Pool, &[accelerator_row::Accelerator], Timestamp) -> Result<Pool>,
) -> Result<Pool> {
    actor.administrator(Scope::WriteAdmin)?;
    let mut operation = app.begin().await?;
    let before = row::lock(&mut operation, code).await?.ok_or(Error::NotFound(Kind::Pool))?;
    let kinds = accelerator_row::list(&mut operation).await?;
    let after = changed(&before, &kinds, app.now())?;
    row::update(&mut operation, &after).await?;
    let fact = Fact { kind: "pool", subject: code, action, before: Some(&before), after: Some(&after) };
    audit::save(operation, actor, fact).await?;
    Ok(after)
}

/// Deletes a pool in which nothing runs. Its machines move to another matching pool, or are proposed again.
pub async fn delete(app: &App, actor: &Actor, code: &str) -> Result<()> {
    actor.administrator(Scope::WriteAdmin)?;
    let pool = find(app, actor, code).await?;
    if effect(app, &pool).await?.running > 0 {
        return Err(Error::Conflict(Conflict::State));
    }
    let mut operation = app.begin().await?;
    if !row::delete(&mut operation, code).await? {
        return Err(Error::NotFound(Kind::Pool));
    }
    let fact = Fact { kind: "pool", subject: code, action: "deleted", before: Some(&pool), after: None };
    audit::save(operation, actor, fact).await
}

/// Tasks that run in a pool, and those that wait and could run there.
pub async fn effect(app: &App, pool: &Pool) -> Result<Effect> {
    Effect::of(app, |task| {
        if task.pool_code.is_empty() {
            could_serve(pool, task.cards, task.accelerator.as_deref())
        } else {
            task.pool_code == pool.code
        }
    })
    .await
}

/// Whether a task with these requirements may run in a pool.
pub(super) fn could_serve(pool: &Pool, cards: i64, accelerator: Option<&str>) -> bool {
    if cards == 0 {
        return true;
    }
    let Some(code) = &pool.accelerator_code else { return false };
    accelerator.is_none_or(|name| {
        let (kind, model) = name.split_once('/').unwrap_or((name, "*"));
        kind == code && (model == "*" || pool.model.is_empty() || pool.model == model)
    })
}
