//! A cluster of machines that nobody starts anything on.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use futures_util::stream::{self, BoxStream, StreamExt as _};
use hearth_app::{
    Actor, accelerator, audit,
    audit::Filter,
    testing::{Choices, TestHearth},
};
use hearth_core::PageRequest;
use hearth_runner::{
    Error, Result,
    engine::{AgentLaunch, Capacity, Card, Change, Device, Engine, Handle, MachineCapacity, Observation},
};
use hearth_store::audit_entry::AuditEntry;

/// One engine with these machines; without any it does not answer.
pub(super) struct Fleet {
    name: &'static str,
    machines: Vec<MachineCapacity>,
}

#[async_trait]
impl Engine for Fleet {
    fn name(&self) -> &str {
        self.name
    }

    async fn capacity(&self, _: &[Device]) -> Result<Capacity> {
        if self.machines.is_empty() {
            return Err(Error::Unreachable("connection refused".into()));
        }
        Ok(Capacity { machines: self.machines.clone() })
    }

    async fn start(&self, launch: AgentLaunch) -> Result<Handle> {
        Ok(Handle(launch.spec.name()))
    }

    async fn stop(&self, _: &Handle, _: Duration) -> Result<()> {
        Ok(())
    }

    async fn kill(&self, _: &Handle) -> Result<()> {
        Ok(())
    }

    async fn observe(&self, _: &Handle) -> Result<Observation> {
        Ok(Observation::Running { machine: None })
    }

    async fn adopt(&self, _: &[Handle]) -> Result<Vec<(Handle, Observation)>> {
        Ok(Vec::new())
    }

    fn watch(&self) -> BoxStream<'static, Change> {
        stream::pending().boxed()
    }

    async fn forget(&self, _: &Handle) -> Result<()> {
        Ok(())
    }
}

pub(super) fn machine(
    name: &str,
    labels: &[(&str, &str)],
    model: Option<&str>,
    cards: u32,
) -> MachineCapacity {
    let card = |index| Card {
        vendor: "nvidia".into(),
        model: model.unwrap_or_default().into(),
        index,
        memory_bytes: 80 << 30,
    };
    MachineCapacity {
        name: name.into(),
        cpus: 64,
        memory_bytes: 512 << 30,
        cards: (0..cards).map(card).collect(),
        labels: labels.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
        is_cordoned: false,
    }
}

/// A site with a cluster `east`: two nodes with eight H200 each, and one without cards.
pub(super) async fn site() -> (TestHearth, Actor) {
    let gpu = [("nvidia.com/gpu.product", "NVIDIA-H200"), ("kubernetes.io/arch", "amd64")];
    let machines = vec![
        machine("gpu-1", &gpu, Some("NVIDIA-H200"), 8),
        MachineCapacity { is_cordoned: true, ..machine("gpu-2", &gpu, Some("NVIDIA-H200"), 8) },
        machine("cpu-1", &[("kubernetes.io/arch", "amd64")], None, 0),
    ];
    with_fleet(vec![Fleet { name: "east", machines }, Fleet { name: "west", machines: Vec::new() }]).await
}

/// A site with this machine alone.
pub(super) async fn with_one(machine: MachineCapacity) -> (TestHearth, Actor) {
    with_fleet(vec![Fleet { name: "local", machines: vec![machine] }]).await
}

async fn with_fleet(fleet: Vec<Fleet>) -> (TestHearth, Actor) {
    let engines = fleet.into_iter().map(|engine| Arc::new(engine) as Arc<dyn Engine>).collect();
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
