//! A site with a cluster, its administrator, and what was written down about it.

use std::sync::Arc;

use hearth_app::{
    Actor, accelerator, audit,
    audit::Filter,
    testing::{Choices, TestHearth, fleet},
};
use hearth_core::PageRequest;
use hearth_runner::engine::{Engine, MachineCapacity};
use hearth_store::audit_entry::AuditEntry;

pub(super) use hearth_app::testing::fleet::machine;

/// A site with the clusters of [`fleet::clusters`].
pub(super) async fn site() -> (TestHearth, Actor) {
    with_engines(fleet::clusters()).await
}

/// A site with this machine alone.
pub(super) async fn with_one(machine: MachineCapacity) -> (TestHearth, Actor) {
    with_engines(fleet::alone(machine)).await
}

async fn with_engines(engines: Vec<Arc<dyn Engine>>) -> (TestHearth, Actor) {
    let hearth = TestHearth::with(Choices { engines, ..Choices::default() }).await;
    hearth.admin("boss").await;
    accelerator::ship(&hearth.app).await.expect("kinds of cards");
    let boss = hearth.actor("boss").await;
    (hearth, boss)
}

/// What the audit log says of one kind of thing, the newest first.
pub(super) async fn audited(hearth: &TestHearth, boss: &Actor, kind: &str) -> Vec<AuditEntry> {
    let filter = Filter { subject_kind: Some(kind.into()), subject: None };
    let page = audit::list(&hearth.app, boss, &filter, PageRequest::default()).await.expect("entries");
    page.items
}
