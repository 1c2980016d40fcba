//! Kinds of cards: what a pod asks for, what nodes tell of themselves, which variants of images run there.

mod shipped;

use hearth_core::Result;
use hearth_runner::engine::{Device, DeviceMount, Toleration};
use hearth_store::accelerator as row;

pub use hearth_store::accelerator::Accelerator;

use crate::App;

/// The families of image variants: what of a framework's builds runs on a card; `cpu` is for machines without.
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

/// Writes the kinds of cards that Hearth comes with, unless they are there: what an administrator changed stays.
pub async fn ship(app: &App) -> Result<()> {
    let mut writer = app.store().write().await?;
    for shipped in shipped::rows(app.now()) {
        row::insert_if_new(&mut writer, &shipped).await?;
    }
    writer.commit().await?;
    Ok(())
}

/// The kinds that are switched on, in the words of engines.
pub async fn devices(app: &App) -> Result<Vec<Device>> {
    let rows = row::list_enabled(&mut app.store().read().await?).await?;
    Ok(rows.into_iter().map(device).collect())
}

/// One kind of cards in the words of engines.
pub fn device(row: Accelerator) -> Device {
    let toleration =
        |found: row::Toleration| Toleration { key: found.key, value: found.value, effect: found.effect };
    let mount = |found: row::Mount| DeviceMount { path: found.path, read_only: found.read_only };
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
