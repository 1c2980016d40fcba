//! The administrator's view of what the engines have: pools and their usage, machines, and machines without a
//! pool.

use std::collections::BTreeMap;

use hearth_core::{EngineState, Error, Reason, Result, Scope, TaskId, TaskState};
use hearth_runner::{
    TaskSpec,
    engine::{Device, MachineCapacity, Placement},
};
use hearth_store::{Json, Reader, active_task, active_task::ActiveTask, attempt, pool as row};

use super::{Pool, administration::could_serve, of_machine};
use crate::{Actor, App, accelerator};

/// Maximum waiting tasks of a pool that are listed individually.
const MOST_NAMED: usize = 20;

/// Everything that the engines have.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    pub engines: Vec<EngineView>,
    pub pools: Vec<PoolView>,
    pub machines: Vec<MachineView>,
    pub proposals: Vec<Proposal>,
}

/// The state of an engine.
#[derive(Clone, Debug)]
pub struct EngineView {
    pub name: String,
    pub state: EngineState,
    pub machines: usize,
    /// What is wrong, in its own words.
    pub trouble: Option<String>,
    /// The version that it reports, such as a cluster's.
    pub version: Option<String>,
}

/// A pool, and how much of it is in use.
#[derive(Clone, Debug)]
pub struct PoolView {
    pub pool: Pool,
    pub whole: Amount,
    pub used: Amount,
    /// The part on cordoned machines.
    pub cordoned: Amount,
    /// Free cards (or CPUs, if it has no cards) of one machine, and how many machines have that many: largest
    /// first.
    pub shapes: Vec<(u64, u64)>,
    /// Waiting tasks that could run in this pool, oldest first.
    pub waiting: Vec<TaskId>,
    pub waiting_count: u64,
    pub running_count: u64,
    /// A task that the pool's queue in the cluster does not admit: the queue is missing or closed.
    pub shut_out: Option<TaskId>,
}

impl PoolView {
    /// Whether its bar counts cards; otherwise CPUs.
    pub fn counts_cards(&self) -> bool {
        self.pool.accelerator_code.is_some()
    }

    pub fn whole_count(&self) -> u64 {
        self.count(self.whole)
    }

    pub fn used_count(&self) -> u64 {
        self.count(self.used)
    }

    pub fn cordoned_count(&self) -> u64 {
        self.count(self.cordoned)
    }

    /// Cards reserved for uses outside Hearth.
    pub fn reserved_count(&self) -> u64 {
        u64::try_from(self.pool.reserved_cards).unwrap_or(0).min(self.whole.cards)
    }

    fn count(&self, amount: Amount) -> u64 {
        if self.counts_cards() { amount.cards } else { amount.cpus }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amount {
    pub machines: u64,
    pub cards: u64,
    pub cpus: u64,
    pub memory_bytes: u64,
}

impl Amount {
    fn add(&mut self, more: Self) {
        self.machines += more.machines;
        self.cards += more.cards;
        self.cpus += more.cpus;
        self.memory_bytes += more.memory_bytes;
    }

    /// Adds what others than Hearth's tasks hold of a machine.
    fn with(mut self, machine: &MachineCapacity) -> Self {
        let MachineCapacity { others, .. } = machine;
        self.add(Self {
            machines: 0,
            cards: others.cards.values().map(|count| u64::from(*count)).sum(),
            cpus: others.cpus.into(),
            memory_bytes: others.memory_bytes,
        });
        self
    }

    fn of(machine: &MachineCapacity) -> Self {
        Self {
            machines: 1,
            cards: machine.cards.len() as u64,
            cpus: machine.cpus.into(),
            memory_bytes: machine.memory_bytes,
        }
    }
}

/// A machine of an engine.
#[derive(Clone, Debug)]
pub struct MachineView {
    pub engine: String,
    pub machine: MachineCapacity,
    /// The code of its pool; `None` if it is not used.
    pub pool: Option<String>,
    pub used: Amount,
}

impl MachineView {
    /// The models of its cards and how many of each: `4 × nvidia/NVIDIA H200`.
    pub fn cards(&self) -> Vec<(String, u64)> {
        kinds(&self.machine)
    }
}

/// A proposed pool for machines without one.
#[derive(Clone, Debug)]
pub struct Proposal {
    pub pool: Pool,
    pub machines: Vec<String>,
}

struct Found {
    engines: Vec<EngineView>,
    machines: Vec<(String, MachineCapacity)>,
}

/// Queries all engines: for administrators.
pub async fn survey(app: &App, actor: &Actor) -> Result<Survey> {
    actor.administrator(Scope::ReadAdmin)?;
    let devices = accelerator::devices(app).await?;
    let found = ask(app, &devices).await;
    let mut reader = app.store().read().await?;
    let pools = row::list(&mut reader).await?;
    let taken = taken(&mut reader).await?;
    let active = active_task::list(&mut reader).await?;
    drop(reader);
    let machines: Vec<MachineView> = found
        .machines
        .iter()
        .map(|(engine, machine)| MachineView {
            engine: engine.clone(),
            pool: of_machine(&pools, engine, machine).map(|pool| pool.code.clone()),
            used: taken
                .get(&(engine.clone(), machine.name.clone()))
                .copied()
                .unwrap_or_default()
                .with(machine),
            machine: machine.clone(),
        })
        .collect();
    let proposals = propose(app, &pools, &devices, &found.machines);
    let pools = pools.into_iter().map(|pool| view(pool, &machines, &active)).collect();
    Ok(Survey { engines: found.engines, pools, machines, proposals })
}

/// Proposed pools for machines without one.
pub(super) async fn proposals(app: &App) -> Result<Vec<Proposal>> {
    let devices = accelerator::devices(app).await?;
    let found = ask(app, &devices).await;
    let pools = row::list(&mut app.store().read().await?).await?;
    Ok(propose(app, &pools, &devices, &found.machines))
}

async fn ask(app: &App, devices: &[Device]) -> Found {
    let mut found = Found { engines: Vec::new(), machines: Vec::new() };
    for engine in app.engines() {
        let name = engine.name().to_owned();
        let health = engine.health();
        let (state, version) = (health.state, health.version.clone());
        match engine.capacity(devices).await {
            Ok(capacity) => {
                let machines = capacity.machines.len();
                found.machines.extend(capacity.machines.into_iter().map(|machine| (name.clone(), machine)));
                let trouble = (!health.is_good()).then_some(health.detail);
                found.engines.push(EngineView { name, state, machines, trouble, version });
            }
            Err(error) => {
                let (state, detail) = if health.is_good() {
                    (EngineState::Unreachable, hearth_core::chain(&error))
                } else {
                    (state, health.detail)
                };
                found.engines.push(EngineView { name, state, machines: 0, trouble: Some(detail), version });
            }
        }
    }
    found
}

/// What attempts hold on each machine.
async fn taken(reader: &mut Reader) -> Result<BTreeMap<(String, String), Amount>> {
    let mut taken: BTreeMap<(String, String), Amount> = BTreeMap::new();
    for attempt in attempt::list_open(reader).await? {
        let spec: TaskSpec = attempt.spec.read().map_err(Error::internal)?;
        let held = Amount {
            machines: 1,
            cards: spec.resources.accelerators.len() as u64,
            cpus: spec.resources.cpus.into(),
            memory_bytes: spec.resources.memory_bytes,
        };
        let bound = attempt.placement.and_then(|kept| kept.read::<Placement>().ok());
        let machines = bound.map(|bound| bound.machines).filter(|machines| !machines.is_empty());
        for machine in machines.unwrap_or_else(|| vec![attempt.machine]) {
            taken.entry((attempt.engine.clone(), machine)).or_default().add(held);
        }
    }
    Ok(taken)
}

fn view(pool: Pool, machines: &[MachineView], active: &[ActiveTask]) -> PoolView {
    let mut view = PoolView {
        whole: Amount::default(),
        used: Amount::default(),
        cordoned: Amount::default(),
        shapes: Vec::new(),
        waiting: Vec::new(),
        waiting_count: 0,
        running_count: 0,
        shut_out: None,
        pool,
    };
    let mut shapes: BTreeMap<u64, u64> = BTreeMap::new();
    for found in machines.iter().filter(|found| found.pool.as_ref() == Some(&view.pool.code)) {
        let whole = Amount::of(&found.machine);
        view.whole.add(whole);
        view.used.add(found.used);
        if found.machine.is_cordoned {
            view.cordoned.add(whole);
            continue;
        }
        let free = view.count(whole).saturating_sub(view.count(found.used));
        *shapes.entry(free).or_default() += 1;
    }
    view.shapes = shapes.into_iter().rev().collect();
    for task in active {
        let is_waiting = matches!(task.state, TaskState::Preparing | TaskState::Waiting);
        if is_waiting && could_serve(&view.pool, task.cards, task.accelerator.as_deref()) {
            view.waiting_count += 1;
            if view.waiting.len() < MOST_NAMED {
                view.waiting.push(task.id);
            }
        } else if !is_waiting && task.pool_code == view.pool.code {
            view.running_count += 1;
            if task.reason == Reason::QueueClusterClosed {
                view.shut_out = Some(task.id);
            }
        }
    }
    view
}

fn kinds(machine: &MachineCapacity) -> Vec<(String, u64)> {
    let mut kinds: BTreeMap<String, u64> = BTreeMap::new();
    for card in &machine.cards {
        *kinds.entry(format!("{}/{}", card.vendor, card.model)).or_default() += 1;
    }
    kinds.into_iter().collect()
}

/// Proposes one pool for every model of card, and one for each kind of machine without cards.
fn propose(
    app: &App,
    pools: &[Pool],
    devices: &[Device],
    machines: &[(String, MachineCapacity)],
) -> Vec<Proposal> {
    let mut proposals: BTreeMap<String, Proposal> = BTreeMap::new();
    for (engine, machine) in machines {
        if machine.labels.is_empty() || of_machine(pools, engine, machine).is_some() {
            continue;
        }
        let code = code_for(engine, machine);
        let entry = proposals.entry(code.clone()).or_insert_with(|| Proposal {
            pool: proposed(app, code, engine, devices, machine),
            machines: Vec::new(),
        });
        entry.machines.push(machine.name.clone());
    }
    proposals.retain(|code, _| !pools.iter().any(|pool| pool.code == *code));
    proposals.into_values().collect()
}

fn code_for(engine: &str, machine: &MachineCapacity) -> String {
    let kind = match machine.cards.first() {
        Some(card) => format!("{}-{}", card.vendor, card.model),
        None => format!("cpu-{}", machine.labels.get(ARCH).map_or("any", String::as_str)),
    };
    let mut words: Vec<String> = format!("{engine}-{kind}")
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    words.dedup();
    let mut code = words.join("-");
    code.truncate(63);
    code.trim_end_matches('-').to_owned()
}

/// A label that every node of a cluster has; an image is for one architecture.
const ARCH: &str = "kubernetes.io/arch";

fn proposed(app: &App, code: String, engine: &str, devices: &[Device], machine: &MachineCapacity) -> Pool {
    let card = machine.cards.first();
    let model_label = card
        .and_then(|card| devices.iter().find(|device| device.code == card.vendor))
        .and_then(|device| device.model_label.clone());
    let chosen = model_label.filter(|label| machine.labels.contains_key(label)).or_else(|| {
        Some(ARCH.to_owned()).filter(|label| card.is_none() && machine.labels.contains_key(label))
    });
    let selector: BTreeMap<String, String> =
        chosen.map(|label| (label.clone(), machine.labels[&label].clone())).into_iter().collect();
    let now = app.now();
    let label = match card {
        Some(card) => format!("{engine} · {}", card.model),
        None => format!("{engine} · CPU"),
    };
    Pool {
        code,
        label,
        engine: engine.to_owned(),
        accelerator_code: card.map(|card| card.vendor.clone()),
        model: card.map(|card| card.model.clone()).unwrap_or_default(),
        card_memory_bytes: 0,
        node_selector: Json(selector),
        local_queue: None,
        reserved_cards: 0,
        is_paused: false,
        pause_message: String::new(),
        created_at: now,
        updated_at: now,
    }
}
