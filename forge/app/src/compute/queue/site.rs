//! The inventory: pools, machines and their cards, and what of it is free. Plain values, rebuilt for every
//! pass.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use hearth_runner::{engine::MachineCapacity, spec::Accelerator};

use super::Need;

/// The family of an image on machines without cards.
pub(crate) const CPU: &str = "cpu";

/// A group of machines, as the planner sees it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pool {
    pub(crate) code: String,
    pub(crate) label: String,
    pub(crate) engine: String,
    /// The accelerator type; `None` without cards.
    pub(crate) accelerator: Option<String>,
    /// Empty means any.
    pub(crate) model: String,
    /// 0 means as reported by the machines.
    pub(crate) card_memory_bytes: u64,
    pub(crate) node_selector: BTreeMap<String, String>,
    pub(crate) local_queue: Option<String>,
    pub(crate) reserved_cards: u32,
    /// Why nothing starts in it, if it is paused.
    pub(crate) pause: Option<String>,
}

impl Pool {
    fn offers(&self, kind: &Cards) -> bool {
        self.accelerator.as_deref() == Some(&kind.vendor)
            && (self.model.is_empty() || self.model == kind.model)
    }

    /// Whether nothing known about the pool rules out such a task.
    pub(crate) fn may_hold(&self, need: &Need) -> bool {
        let takes = |code: &String| {
            let memory_bytes = if self.card_memory_bytes == 0 { u64::MAX } else { self.card_memory_bytes };
            let model = if self.model.is_empty() { need.model() } else { &self.model };
            need.takes(code, model, memory_bytes)
        };
        need.cards == 0 || self.accelerator.as_ref().is_some_and(takes)
    }
}

/// Identical cards of one machine.
#[derive(Clone, Debug)]
pub(crate) struct Cards {
    pub(crate) vendor: String,
    pub(crate) model: String,
    pub(crate) memory_bytes: u64,
    /// Indices of the free ones.
    free: Vec<u32>,
}

/// Resources of a machine; `cards` are in the order of the machine's kinds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Room {
    pub(crate) cpus: u32,
    pub(crate) memory_bytes: u64,
    pub(crate) cards: Vec<u32>,
}

impl Room {
    pub(crate) fn holds(&self, need: &Need, kind: Option<usize>) -> bool {
        self.cpus >= need.cpus
            && self.memory_bytes >= need.memory_bytes
            && kind.map_or(need.cards == 0, |kind| self.cards[kind] >= need.cards)
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.cpus = self.cpus.saturating_add(other.cpus);
        self.memory_bytes = self.memory_bytes.saturating_add(other.memory_bytes);
        for (mine, more) in self.cards.iter_mut().zip(&other.cards) {
            *mine = mine.saturating_add(*more);
        }
    }

    pub(crate) fn subtract(&mut self, other: &Self) {
        self.cpus = self.cpus.saturating_sub(other.cpus);
        self.memory_bytes = self.memory_bytes.saturating_sub(other.memory_bytes);
        for (mine, less) in self.cards.iter_mut().zip(&other.cards) {
            *mine = mine.saturating_sub(*less);
        }
    }

    /// What a task takes of a machine with this many kinds of cards.
    pub(crate) fn of(need: &Need, kind: Option<usize>, kinds: usize) -> Self {
        let mut cards = vec![0; kinds];
        if let Some(kind) = kind {
            cards[kind] = need.cards;
        }
        Self { cpus: need.cpus, memory_bytes: need.memory_bytes, cards }
    }
}

/// One machine of one engine.
#[derive(Clone, Debug)]
pub(crate) struct Machine {
    pub(crate) name: String,
    pub(crate) is_cordoned: bool,
    pub(crate) kinds: Vec<Cards>,
    pub(crate) whole: Room,
    pub(crate) free: Room,
    /// What attempts that were asked to stop will free.
    pub(crate) leaving: Room,
    /// What is promised to waiting tasks.
    pub(crate) promised: Room,
    /// Index of its pool.
    pub(crate) pool: usize,
    /// A machine without labels is not a node of a cluster: programs run in its own interpreters.
    pub(crate) is_bare: bool,
}

impl Machine {
    fn new(found: MachineCapacity, pool: usize) -> Self {
        let mut kinds: Vec<Cards> = Vec::new();
        for card in found.cards {
            match kinds.iter_mut().find(|kind| kind.vendor == card.vendor && kind.model == card.model) {
                Some(kind) => {
                    kind.memory_bytes = kind.memory_bytes.min(card.memory_bytes);
                    kind.free.push(card.index);
                }
                None => kinds.push(Cards {
                    vendor: card.vendor,
                    model: card.model,
                    memory_bytes: card.memory_bytes,
                    free: vec![card.index],
                }),
            }
        }
        let count = |kind: &Cards| u32::try_from(kind.free.len()).unwrap_or(u32::MAX);
        let cards: Vec<u32> = kinds.iter().map(count).collect();
        let nothing = Room { cpus: 0, memory_bytes: 0, cards: vec![0; cards.len()] };
        let whole = Room { cpus: found.cpus, memory_bytes: found.memory_bytes, cards };
        let mut others = found.others;
        for kind in &mut kinds {
            // Which of its cards others hold is unknown, and does not matter on a cluster.
            let held = others.cards.entry(kind.vendor.clone()).or_default();
            let taken = count(kind).min(*held);
            *held -= taken;
            kind.free.truncate(kind.free.len() - taken as usize);
        }
        let free = Room {
            cpus: whole.cpus.saturating_sub(others.cpus),
            memory_bytes: whole.memory_bytes.saturating_sub(others.memory_bytes),
            cards: kinds.iter().map(count).collect(),
        };
        Self {
            name: found.name,
            is_cordoned: found.is_cordoned,
            is_bare: found.labels.is_empty(),
            kinds,
            free,
            whole,
            leaving: nothing.clone(),
            promised: nothing,
            pool,
        }
    }

    /// Subtracts what an attempt holds. On a cluster card indices are unknown: any card of the same kind is
    /// taken.
    pub(crate) fn occupy(&mut self, cpus: u32, memory_bytes: u64, held: &[Accelerator]) -> Room {
        let mut taken = Room { cpus, memory_bytes, cards: vec![0; self.kinds.len()] };
        for card in held {
            let same = |kind: &Cards| kind.vendor == card.vendor && kind.model == card.model;
            if let Some(place) = self.kinds.iter().position(same) {
                let free = &mut self.kinds[place].free;
                let at = free.iter().position(|index| *index == card.index).unwrap_or(0);
                if at < free.len() {
                    free.remove(at);
                    taken.cards[place] += 1;
                }
            }
        }
        self.free.subtract(&taken);
        taken
    }

    /// Allocates resources to a task, and returns its cards.
    pub(crate) fn bind(&mut self, need: &Need, kind: Option<usize>) -> Vec<Accelerator> {
        self.free.subtract(&Room::of(need, kind, self.kinds.len()));
        let Some(kind) = kind.map(|kind| &mut self.kinds[kind]) else { return Vec::new() };
        let count = usize::try_from(need.cards).unwrap_or(usize::MAX).min(kind.free.len());
        let taken = kind.free.drain(..count);
        taken
            .map(|index| Accelerator { vendor: kind.vendor.clone(), model: kind.model.clone(), index })
            .collect()
    }
}

/// Everything tasks can be bound to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Site {
    pub(crate) pools: Vec<Pool>,
    pub(crate) machines: Vec<Machine>,
    /// The image family for each accelerator type.
    pub(crate) families: BTreeMap<String, String>,
    /// Engines that do not report what they have.
    pub(crate) silent: BTreeSet<String>,
    by_name: HashMap<(String, String), usize>,
}

impl Site {
    pub(crate) fn new(pools: Vec<Pool>, families: BTreeMap<String, String>) -> Self {
        Self { pools, families, ..Self::default() }
    }

    /// Adds a machine of a pool.
    pub(crate) fn add(&mut self, pool: usize, found: MachineCapacity) {
        let engine = self.pools[pool].engine.clone();
        let machine = Machine::new(found, pool);
        self.by_name.insert((engine, machine.name.clone()), self.machines.len());
        self.machines.push(machine);
    }

    pub(crate) fn find(&self, engine: &str, name: &str) -> Option<usize> {
        self.by_name.get(&(engine.to_owned(), name.to_owned())).copied()
    }

    pub(crate) fn pool(&self, code: &str) -> Option<usize> {
        self.pools.iter().position(|pool| pool.code == code)
    }

    pub(crate) fn machines_of(&self, pool: usize) -> impl Iterator<Item = &Machine> {
        self.machines.iter().filter(move |machine| machine.pool == pool)
    }

    /// The kinds of cards of a machine that its pool offers.
    pub(crate) fn kinds_of<'a>(&'a self, machine: &'a Machine) -> impl Iterator<Item = usize> + 'a {
        let of = &self.pools[machine.pool];
        (0..machine.kinds.len()).filter(move |&kind| of.offers(&machine.kinds[kind]))
    }

    /// Free cards of a pool, including reserved ones.
    pub(crate) fn free_cards(&self, pool: usize) -> u32 {
        self.count_cards(pool, |machine| &machine.free)
    }

    /// All cards of a pool.
    pub(crate) fn whole_cards(&self, pool: usize) -> u32 {
        self.count_cards(pool, |machine| &machine.whole)
    }

    fn count_cards(&self, pool: usize, room: impl Fn(&Machine) -> &Room) -> u32 {
        let usable = self.machines_of(pool).filter(|machine| !machine.is_cordoned);
        usable.map(|machine| self.kinds_of(machine).map(|kind| room(machine).cards[kind]).sum::<u32>()).sum()
    }

    /// The memory of a card as set by the pool, or else as reported by the machine.
    pub(crate) fn card_memory(&self, pool: usize, kind: &Cards) -> u64 {
        match self.pools[pool].card_memory_bytes {
            0 => kind.memory_bytes,
            bytes => bytes,
        }
    }

    /// The image family that a task needs on such cards.
    pub(crate) fn family<'a>(&'a self, kind: Option<&'a Cards>) -> &'a str {
        kind.map_or(CPU, |kind| self.family_of(&kind.vendor))
    }

    /// Like [`Self::family`], by the code of an accelerator type.
    pub(crate) fn family_of<'a>(&'a self, code: &'a str) -> &'a str {
        self.families.get(code).map_or(code, String::as_str)
    }

    /// Pools whose engine does not report its machines.
    pub(crate) fn silent_pools(&self) -> impl Iterator<Item = &Pool> {
        self.pools.iter().filter(|pool| self.silent.contains(&pool.engine))
    }

    /// Cards of each type that Hearth may allocate, over all pools.
    pub(crate) fn capacity(&self) -> BTreeMap<String, i64> {
        let mut capacity: BTreeMap<String, i64> = BTreeMap::new();
        for machine in self.machines.iter().filter(|machine| !machine.is_cordoned) {
            for kind in self.kinds_of(machine) {
                *capacity.entry(machine.kinds[kind].vendor.clone()).or_default() +=
                    i64::from(machine.whole.cards[kind]);
            }
        }
        for pool in &self.pools {
            if let Some(cards) = pool.accelerator.as_ref().and_then(|code| capacity.get_mut(code)) {
                *cards = (*cards - i64::from(pool.reserved_cards)).max(0);
            }
        }
        capacity
    }
}
