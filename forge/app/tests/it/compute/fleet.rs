//! A site with clusters, its administrator, and its audit log.

use hearth_app::{
    Actor, accelerator, audit,
    audit::Filter,
    outbound::{Allowed, Outbound, OutboundSettings},
    testing::{Choices, TestHearth, fleet},
};
use hearth_core::PageRequest;
use hearth_runner::engine::MachineCapacity;
use hearth_store::audit_entry::AuditEntry;

pub(super) use hearth_app::testing::fleet::machine;

/// A site with the clusters of [`fleet::clusters`].
pub(super) async fn site() -> (TestHearth, Actor) {
    with_choices(Choices { engines: fleet::clusters(), ..Choices::default() }).await
}

/// Like [`site`], but it may contact registries on this machine.
pub(super) async fn site_with_registries() -> (TestHearth, Actor) {
    let allowed = Allowed::parse(&["127.0.0.1".to_owned()]).expect("an address");
    let outbound = Outbound::new(OutboundSettings { allowed, proxy: None }).expect("good settings");
    let choices = Choices { engines: fleet::clusters(), outbound: Some(outbound), ..Choices::default() };
    with_choices(choices).await
}

/// A site with this machine alone.
pub(super) async fn with_one(machine: MachineCapacity) -> (TestHearth, Actor) {
    with_choices(Choices { engines: fleet::alone(machine), ..Choices::default() }).await
}

async fn with_choices(choices: Choices) -> (TestHearth, Actor) {
    let hearth = TestHearth::with(choices).await;
    hearth.admin("boss").await;
    accelerator::insert_shipped(&hearth.app).await.expect("kinds of cards");
    let boss = hearth.actor("boss").await;
    (hearth, boss)
}

/// The audit entries of one kind of subject, newest first.
pub(super) async fn audited(hearth: &TestHearth, boss: &Actor, kind: &str) -> Vec<AuditEntry> {
    let filter = Filter { kind: Some(kind.into()), ..Filter::default() };
    let page = audit::list(&hearth.app, boss, &filter, PageRequest::default()).await.expect("entries");
    page.items
}
