//! Accelerator types: the resource a pod requests, the labels nodes report, and which image variants run on
//! them.

mod fields;
mod shipped;

use hearth_core::{Conflict, Error, Kind, Result, Scope};
use hearth_runner::engine::{Device, DeviceMount, Toleration as DeviceToleration};
use hearth_store::{Meaning as _, accelerator as row};

pub use fields::Fields;
pub use hearth_store::accelerator::{Accelerator, Mount, Toleration};

use crate::{Actor, App, Effect, audit, audit::Fact};

/// The families of image variants, that is, the software stack a framework build targets; `cpu` is for
/// machines without accelerators.
pub const FAMILIES: &[&str] = &[
    "cpu",
    "cuda",
    "rocm",
    "cann",
    "neuware",
    "topsrider",
    "dtk",
    "corex",
    "maca",
    "birensupa",
    "musa",
    "xpu",
];

/// Inserts the accelerator types that ship with Hearth unless they exist: an administrator's changes are
/// kept.
pub async fn insert_shipped(app: &App) -> Result<()> {
    let mut operation = app.begin().await?;
    for shipped in shipped::rows(app.now()) {
        row::insert_if_new(&mut operation, &shipped).await?;
    }
    operation.commit().await?;
    Ok(())
}

/// The enabled accelerator types, in the form engines expect.
pub async fn devices(app: &App) -> Result<Vec<Device>> {
    let rows = row::list_enabled(&mut app.store().read().await?).await?;
    Ok(rows.into_iter().map(device).collect())
}

/// An accelerator type in the form engines expect.
pub fn device(row: Accelerator) -> Device {
    let toleration =
        |found: Toleration| DeviceToleration { key: found.key, value: found.value, effect: found.effect };
    let mount = |found: Mount| DeviceMount { path: found.path, read_only: found.read_only };
    Device {
        code: row.code,
        resource: row.resource_name,
        model_label: row.model_label,
        memory_label: row.memory_label,
        runtime_class: row.runtime_class,
        tolerations: row.tolerations.0.into_iter().map(toleration).collect(),
        environment: row.environment.0,
        mounts: row.mounts.0.into_iter().map(mount).collect(),
    }
}

/// All accelerator types, including disabled ones: for administrators.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Accelerator>> {
    actor.administrator(Scope::ReadAdmin)?;
    Ok(row::list(&mut app.store().read().await?).await?)
}

pub async fn find(app: &App, actor: &Actor, code: &str) -> Result<Accelerator> {
    actor.administrator(Scope::ReadAdmin)?;
    let mut reader = app.store().read().await?;
    row::find(&mut reader, code).await?.ok_or(Error::NotFound(Kind::Accelerator))
}

/// Reports the validation errors that [`make`] would find in the fields alone.
pub fn check(app: &App, actor: &Actor, fields: &Fields) -> Result<()> {
    actor.administrator(Scope::ReadAdmin)?;
    fields.check(app.now()).map(drop)
}

/// Adds an accelerator type.
pub async fn make(app: &App, actor: &Actor, fields: &Fields) -> Result<Accelerator> {
    actor.administrator(Scope::WriteAdmin)?;
    let new = fields.check(app.now())?;
    let mut operation = app.begin().await?;
    row::insert(&mut operation, &new).await.on_taken(Conflict::NameTaken)?;
    let fact =
        Fact { kind: "accelerator", subject: &new.code, action: "made", before: None, after: Some(&new) };
    audit::save(operation, actor, fact).await?;
    Ok(new)
}

/// Which tasks [`change`] would affect; also validates the fields.
pub async fn preview(app: &App, actor: &Actor, code: &str, fields: &Fields) -> Result<Effect> {
    find(app, actor, code).await?;
    Fields { code: code.to_owned(), ..fields.clone() }.check(app.now())?;
    Effect::of(app, |task| {
        let kind = task.accelerator.as_deref().map(|name| name.split('/').next().unwrap_or(name));
        task.cards > 0 && kind.is_none_or(|kind| kind == code)
    })
    .await
}

/// Changes an accelerator type. Running tasks are unaffected: its settings are stored with their placement.
pub async fn change(app: &App, actor: &Actor, code: &str, fields: &Fields) -> Result<Accelerator> {
    actor.administrator(Scope::WriteAdmin)?;
    let now = app.now();
    let mut operation = app.begin().await?;
    let before = row::lock(&mut operation, code).await?.ok_or(Error::NotFound(Kind::Accelerator))?;
    let read = Fields { code: code.to_owned(), ..fields.clone() }.check(now)?;
    let after = Accelerator { created_at: before.created_at, ..read };
    row::update(&mut operation, &after).await?;
    let fact = Fact {
        kind: "accelerator",
        subject: code,
        action: "changed",
        before: Some(&before),
        after: Some(&after),
    };
    audit::save(operation, actor, fact).await?;
    Ok(after)
}
