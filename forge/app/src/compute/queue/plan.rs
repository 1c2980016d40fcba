//! The planning algorithm, independent of clocks, databases and engines.
//!
//! Every waiting task is considered once, in queue order. What fits starts. What does not fit now is promised
//! the machine that is closest to holding it, so that smaller tasks cannot take it for ever; what could never
//! fit is promised nothing and blocks nobody.

use hearth_core::{OwnerId, TaskId, Timestamp};
use hearth_runner::spec::Accelerator;

use super::{
    Need,
    class::{Candidate, Class, Group},
    obstacle::Obstacle,
    quota::Quotas,
    site::{Machine, Room, Site},
};

/// A waiting task.
#[derive(Clone, Debug)]
pub(crate) struct Waiting {
    pub(crate) payer: OwnerId,
    pub(crate) priority: i64,
    /// Index of its class.
    pub(crate) class: usize,
}

/// A task that holds resources.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) task: TaskId,
    pub(crate) payer: OwnerId,
    pub(crate) priority: i64,
    pub(crate) since: Timestamp,
    /// What it occupies on which machine.
    pub(crate) rooms: Vec<(usize, Room)>,
    /// The type of its cards, and how many they are in total.
    pub(crate) cards: Option<(String, i64)>,
    /// Whether it was asked to stop.
    pub(crate) is_leaving: bool,
}

/// Where a task is bound to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Binding {
    pub(crate) engine: String,
    pub(crate) pool: String,
    /// One for each node.
    pub(crate) machines: Vec<String>,
    /// On the first machine; the others provide as many of the same kind.
    pub(crate) cards: Vec<Accelerator>,
    /// The family of its image variant; `None` for an interpreter of the machine.
    pub(crate) family: Option<String>,
}

/// What is decided for one waiting task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Start(Binding),
    Wait(Obstacle),
}

/// What was free for a task when it was considered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Free {
    /// On the machine with the most free resources, like the next two fields.
    pub cpus: u32,
    pub memory_bytes: u64,
    pub cards: u32,
    /// Free cards on all machines that could hold it.
    pub all_cards: u32,
    /// Machines that could hold it.
    pub machines: u32,
}

/// The decision for one waiting task, with its details.
#[derive(Clone, Debug)]
pub(crate) struct Decision {
    pub(crate) verdict: Verdict,
    /// `None` if no machine could ever hold it.
    pub(crate) free: Option<Free>,
    /// Tasks that have to make room for it.
    pub(crate) victims: Vec<TaskId>,
}

/// One pass over the whole queue.
#[derive(Clone, Debug)]
pub(crate) struct Pass {
    pub(super) site: Site,
    pub(super) quotas: Quotas,
    pub(super) classes: Vec<Class>,
    pub(super) held: Vec<Held>,
    /// Free cards of every pool, cached because they are needed often.
    free_cards: Vec<u32>,
    /// Classes for which there was no room in this pass; there is never more later in it.
    full: Vec<bool>,
}

impl Pass {
    pub(crate) fn new(site: Site, quotas: Quotas, classes: Vec<Class>, held: Vec<Held>) -> Self {
        let mut pass = Self {
            free_cards: (0..site.pools.len()).map(|pool| site.free_cards(pool)).collect(),
            full: vec![false; classes.len()],
            site,
            quotas,
            classes,
            held,
        };
        for place in 0..pass.held.len() {
            if pass.held[place].is_leaving {
                pass.note_leaving(place);
            }
        }
        pass
    }

    /// Counts what a task that was asked to stop will free.
    pub(super) fn note_leaving(&mut self, place: usize) {
        let held = &mut self.held[place];
        held.is_leaving = true;
        for (machine, room) in &held.rooms {
            self.site.machines[*machine].leaving.add(room);
        }
        if let Some((vendor, cards)) = &held.cards {
            self.quotas.leave(held.payer, vendor, *cards);
        }
    }

    /// Adds a class, for the task that is considered next.
    pub(crate) fn add_class(&mut self, class: Class) -> usize {
        self.classes.push(class);
        self.full.push(false);
        self.classes.len() - 1
    }

    /// Why a class has no candidates, if it has none.
    pub(crate) fn class_obstacle(&self, class: usize) -> Option<Obstacle> {
        self.classes[class].obstacle.clone()
    }

    /// Decides for the next task in queue order.
    pub(crate) fn decide(&mut self, waiting: &Waiting) -> Decision {
        let class = &self.classes[waiting.class];
        if let Some(obstacle) = &class.obstacle {
            return Decision { verdict: Verdict::Wait(obstacle.clone()), free: None, victims: Vec::new() };
        }
        let (need, groups) = (class.need.clone(), class.groups.len());
        let free = Some(self.free(waiting.class));
        let mut short = None;
        let permitted: Vec<usize> = (0..groups)
            .filter(|&group| match self.permits(waiting, group, &need) {
                Ok(()) => true,
                Err(found) => {
                    short.get_or_insert(found);
                    false
                }
            })
            .collect();
        if permitted.is_empty() {
            let obstacle = short.unwrap_or(Obstacle::NoCard);
            return Decision { verdict: Verdict::Wait(obstacle), free, victims: Vec::new() };
        }
        let is_full = self.full[waiting.class];
        if !is_full && let Some((group, machines)) = self.find_room(waiting.class, &permitted) {
            let place = self.bind(waiting, group, &machines);
            return Decision { verdict: Verdict::Start(place), free, victims: Vec::new() };
        }
        self.full[waiting.class] = is_full || permitted.len() == groups;
        let obstacle = self.shortage(waiting.class, &permitted);
        let made = self.make_room(waiting, &permitted);
        if let Some((machines, victims)) = made {
            self.keep(waiting, &need, &machines);
            let verdict = Verdict::Wait(Obstacle::Preempting);
            return Decision { verdict, free, victims };
        }
        if let Some(machines) = self.nearest(waiting.class, &permitted) {
            self.keep(waiting, &need, &machines);
        }
        Decision { verdict: Verdict::Wait(obstacle), free, victims: Vec::new() }
    }

    fn permits(&self, waiting: &Waiting, group: usize, need: &Need) -> Result<(), Obstacle> {
        let Some(vendor) = &self.classes[waiting.class].groups[group].vendor else { return Ok(()) };
        let cards = i64::from(need.all_cards());
        self.quotas.check(waiting.payer, vendor, cards).map_err(Obstacle::Quota)?;
        // The rest of the quota is for earlier tasks of the same payer.
        if self.quotas.check_promises(waiting.payer, vendor, cards) { Ok(()) } else { Err(Obstacle::Behind) }
    }

    /// Reserves resources and quota for a waiting task.
    fn keep(&mut self, waiting: &Waiting, need: &Need, machines: &[Candidate]) {
        self.promise(need, machines);
        let first = machines.first().and_then(|first| Some((first.machine, first.kind?)));
        if let Some((machine, kind)) = first {
            let vendor = self.site.machines[machine].kinds[kind].vendor.clone();
            self.quotas.promise(waiting.payer, &vendor, i64::from(need.all_cards()));
        }
    }

    /// Machines on which it can start now: the smallest sufficient card, and the tightest machines, so that
    /// large tasks find room later.
    fn find_room(&self, class: usize, permitted: &[usize]) -> Option<(usize, Vec<Candidate>)> {
        let Class { need, groups, .. } = &self.classes[class];
        let nodes = usize::try_from(need.nodes).unwrap_or(usize::MAX);
        permitted.iter().find_map(|&place| {
            let group = &groups[place];
            let queues_elsewhere = self.site.pools[group.pool].local_queue.is_some();
            if !queues_elsewhere && !self.leaves_reserve(group, need) {
                return None;
            }
            let holds = |candidate: &&Candidate| {
                queues_elsewhere || self.site.machines[candidate.machine].free.holds(need, candidate.kind)
            };
            let mut fitting: Vec<Candidate> = group.candidates.iter().filter(holds).copied().collect();
            if fitting.len() < nodes {
                return None;
            }
            fitting.sort_by_key(|candidate| self.tightness(*candidate));
            fitting.truncate(nodes);
            Some((place, fitting))
        })
    }

    fn tightness(&self, candidate: Candidate) -> (u32, u32, u64) {
        let free = &self.site.machines[candidate.machine].free;
        let cards = candidate.kind.map_or(free.cards.iter().sum(), |kind| free.cards[kind]);
        (cards, free.cpus, free.memory_bytes)
    }

    fn leaves_reserve(&self, group: &Group, need: &Need) -> bool {
        let reserve = self.site.pools[group.pool].reserved_cards;
        need.cards == 0 || self.free_cards[group.pool] >= need.all_cards().saturating_add(reserve)
    }

    fn bind(&mut self, waiting: &Waiting, group: usize, machines: &[Candidate]) -> Binding {
        let Class { need, groups, .. } = &self.classes[waiting.class];
        let (need, group) = (need.clone(), groups[group].clone());
        let pool = self.site.pools[group.pool].clone();
        let mut cards = Vec::new();
        for (rank, candidate) in machines.iter().enumerate() {
            let given = if pool.local_queue.is_some() {
                // Kueue does the counting; card indices mean nothing on a cluster.
                self.site.machines[candidate.machine].clone().bind(&need, candidate.kind)
            } else {
                self.count_out(candidate, need.cards);
                self.site.machines[candidate.machine].bind(&need, candidate.kind)
            };
            if rank == 0 {
                cards = given;
            }
        }
        if let Some(vendor) = &group.vendor {
            self.quotas.take(waiting.payer, vendor, i64::from(need.all_cards()));
        }
        let first = &self.site.machines[machines[0].machine];
        let kind = machines[0].kind.map(|kind| &first.kinds[kind]);
        Binding {
            family: (!first.is_bare).then(|| self.site.family(kind).to_owned()),
            engine: pool.engine,
            pool: pool.code,
            machines: machines
                .iter()
                .map(|candidate| self.site.machines[candidate.machine].name.clone())
                .collect(),
            cards,
        }
    }

    /// Subtracts cards from those that are free in their pool.
    fn count_out(&mut self, candidate: &Candidate, cards: u32) {
        let Some(kind) = candidate.kind else { return };
        let machine = &self.site.machines[candidate.machine];
        if self.site.kinds_of(machine).any(|offered| offered == kind) {
            self.free_cards[machine.pool] = self.free_cards[machine.pool].saturating_sub(cards);
        }
    }

    /// What is missing now.
    fn shortage(&self, class: usize, permitted: &[usize]) -> Obstacle {
        let Class { need, groups, .. } = &self.classes[class];
        let candidates = || permitted.iter().flat_map(|&group| &groups[group].candidates);
        let machine = |candidate: &Candidate| &self.site.machines[candidate.machine];
        if candidates().any(|candidate| machine(candidate).is_promised()) {
            return Obstacle::Behind;
        }
        let free_cards =
            |candidate: &Candidate| candidate.kind.map_or(0, |kind| machine(candidate).free.cards[kind]);
        let all: u32 = candidates().map(free_cards).sum();
        if all < need.all_cards() || permitted.iter().all(|&group| !self.leaves_reserve(&groups[group], need))
        {
            return Obstacle::NoCard;
        }
        let has_cards = |candidate: &&Candidate| need.cards == 0 || free_cards(candidate) >= need.cards;
        let with_cards = || candidates().filter(has_cards);
        let nodes = usize::try_from(need.nodes).unwrap_or(usize::MAX);
        if with_cards().count() < nodes {
            return Obstacle::Fragmented;
        }
        if with_cards().filter(|candidate| machine(candidate).free.cpus >= need.cpus).count() < nodes {
            return Obstacle::NoCpu;
        }
        let roomy = |candidate: &&Candidate| machine(candidate).free.memory_bytes >= need.memory_bytes;
        if with_cards().filter(roomy).count() < nodes {
            return Obstacle::NoMemory;
        }
        Obstacle::Fragmented
    }

    fn free(&self, class: usize) -> Free {
        let groups = &self.classes[class].groups;
        let mut free = Free::default();
        let mut best = None;
        for candidate in groups.iter().flat_map(|group| &group.candidates) {
            let room = &self.site.machines[candidate.machine].free;
            let cards = candidate.kind.map_or(0, |kind| room.cards[kind]);
            free.machines += 1;
            free.all_cards = free.all_cards.saturating_add(cards);
            if best.is_none_or(|best| best < (cards, room.cpus)) {
                best = Some((cards, room.cpus));
                free = Free { cpus: room.cpus, memory_bytes: room.memory_bytes, cards, ..free };
            }
        }
        free
    }

    /// The machines that are closest to holding it, among those not yet promised to others.
    fn nearest(&self, class: usize, permitted: &[usize]) -> Option<Vec<Candidate>> {
        let Class { need, groups, .. } = &self.classes[class];
        let nodes = usize::try_from(need.nodes).unwrap_or(usize::MAX);
        let mut best: Option<((u32, u32), Vec<Candidate>)> = None;
        for &place in permitted {
            let open = |candidate: &&Candidate| {
                self.site.machines[candidate.machine].can_promise(need, candidate.kind)
            };
            let mut able: Vec<Candidate> = groups[place].candidates.iter().filter(open).copied().collect();
            if able.len() < nodes {
                continue;
            }
            let nearness = |candidate: &Candidate| {
                let free = &self.site.machines[candidate.machine].free;
                (candidate.kind.map_or(0, |kind| free.cards[kind].min(need.cards)), free.cpus.min(need.cpus))
            };
            able.sort_by_key(|candidate| std::cmp::Reverse(nearness(candidate)));
            able.truncate(nodes);
            let sum = able.iter().map(nearness).fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
            if best.as_ref().is_none_or(|(known, _)| *known < sum) {
                best = Some((sum, able));
            }
        }
        best.map(|(_, machines)| machines)
    }

    /// Reserves resources for a waiting task: first what is free, then what will be freed.
    fn promise(&mut self, need: &Need, machines: &[Candidate]) {
        for candidate in machines {
            let machine = &mut self.site.machines[candidate.machine];
            let wanted = Room::of(need, candidate.kind, machine.kinds.len());
            machine.promised.add(&wanted);
            let mut later = wanted.clone();
            later.subtract(&machine.free);
            let before = candidate.kind.map_or(0, |kind| machine.free.cards[kind]);
            machine.free.subtract(&wanted);
            machine.leaving.subtract(&later);
            let after = candidate.kind.map_or(0, |kind| machine.free.cards[kind]);
            self.count_out(candidate, before - after);
        }
    }
}

impl Machine {
    fn is_promised(&self) -> bool {
        self.promised.cpus > 0 || self.promised.memory_bytes > 0
    }

    /// Whether it can still be promised to this task, beside what was promised before.
    fn can_promise(&self, need: &Need, kind: Option<usize>) -> bool {
        let mut left = self.whole.clone();
        left.subtract(&self.promised);
        left.holds(need, kind)
    }
}
