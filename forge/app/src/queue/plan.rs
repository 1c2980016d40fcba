//! The decision itself, free of clocks, databases and engines.

use hearth_core::Reason;
use hearth_runner::{
    engine::{Card, MachineCapacity},
    spec::{Accelerator, Resources},
};
use hearth_store::{spec::Spec, task::Task};

/// What a task asks of a machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    pub cpus: u32,
    pub memory_bytes: u64,
    pub cards: u32,
    /// `vendor/model`.
    pub accelerator: Option<String>,
}

impl Need {
    pub(super) fn of_task(task: &Task) -> Self {
        Self::new(task.cpus, task.memory_bytes, task.cards, task.accelerator.clone())
    }

    pub(super) fn of_spec(spec: &Spec) -> Self {
        Self::new(spec.cpus, spec.memory_bytes, spec.cards, spec.accelerator.clone())
    }

    fn new(cpus: i64, memory_bytes: i64, cards: i64, accelerator: Option<String>) -> Self {
        Self {
            cpus: u32::try_from(cpus).unwrap_or(u32::MAX),
            memory_bytes: u64::try_from(memory_bytes).unwrap_or(u64::MAX),
            cards: u32::try_from(cards).unwrap_or(u32::MAX),
            accelerator,
        }
    }
}

/// Room of one machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Free {
    pub cpus: u32,
    pub memory_bytes: u64,
    pub cards: Vec<Card>,
}

impl Free {
    fn cards_of<'a>(&'a self, need: &'a Need) -> impl Iterator<Item = &'a Card> {
        self.cards
            .iter()
            .filter(|card| need.accelerator.as_deref().is_none_or(|name| name == card_name(card)))
    }

    /// What keeps a task out of this room, none: it fits.
    fn shortage(&self, need: &Need) -> Option<Reason> {
        if (self.cards_of(need).count() as u64) < u64::from(need.cards) {
            Some(Reason::QueueNoCard)
        } else if self.cpus < need.cpus {
            Some(Reason::QueueNoCpu)
        } else if self.memory_bytes < need.memory_bytes {
            Some(Reason::QueueNoMemory)
        } else {
            None
        }
    }
}

/// The name of a kind of cards: `nvidia/NVIDIA H200`.
pub(crate) fn card_name(card: &Card) -> String {
    format!("{}/{}", card.vendor, card.model)
}

/// One machine of one engine, and what of it is free.
#[derive(Clone, Debug)]
pub(crate) struct Machine {
    pub(crate) engine: String,
    pub(crate) name: String,
    pub(crate) whole: Free,
    pub(crate) free: Free,
}

impl Machine {
    pub(crate) fn new(engine: &str, found: MachineCapacity) -> Self {
        let MachineCapacity { name, cpus, memory_bytes, cards, .. } = found;
        let whole = Free { cpus, memory_bytes, cards };
        Self { engine: engine.to_owned(), name, free: whole.clone(), whole }
    }

    pub(crate) fn could_hold(&self, need: &Need) -> bool {
        self.whole.shortage(need).is_none()
    }

    pub(crate) fn can_hold_now(&self, need: &Need) -> bool {
        self.free.shortage(need).is_none()
    }

    pub(crate) fn take(&mut self, taken: &Resources) {
        self.free.cpus = self.free.cpus.saturating_sub(taken.cpus);
        self.free.memory_bytes = self.free.memory_bytes.saturating_sub(taken.memory_bytes);
        self.free.cards.retain(|card| {
            !taken.accelerators.iter().any(|held| held.vendor == card.vendor && held.index == card.index)
        });
    }

    /// Takes the room of a task, and says which cards it gets.
    fn bind(&mut self, need: &Need) -> Vec<Accelerator> {
        let cards: Vec<Accelerator> = self
            .free
            .cards_of(need)
            .take(usize::try_from(need.cards).unwrap_or(usize::MAX))
            .map(|card| Accelerator {
                vendor: card.vendor.clone(),
                model: card.model.clone(),
                index: card.index,
            })
            .collect();
        self.free.cpus = self.free.cpus.saturating_sub(need.cpus);
        self.free.memory_bytes = self.free.memory_bytes.saturating_sub(need.memory_bytes);
        self.free
            .cards
            .retain(|card| !cards.iter().any(|held| held.vendor == card.vendor && held.index == card.index));
        cards
    }
}

/// Where a task is bound to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) engine: String,
    pub(crate) machine: String,
    pub(crate) cards: Vec<Accelerator>,
}

/// What is decided for one waiting task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Start(Place),
    Wait(Reason),
}

/// Decides for every waiting task, in their order; beside it, what was free for it when it was looked at.
pub(crate) fn plan(machines: &[Machine], waiting: &[Task]) -> Vec<(Verdict, Option<Free>)> {
    let mut machines = machines.to_vec();
    let mut is_blocked = false;
    waiting
        .iter()
        .map(|task| {
            let need = Need::of_task(task);
            let able: Vec<usize> =
                (0..machines.len()).filter(|&place| machines[place].could_hold(&need)).collect();
            // The roomiest machine that could ever hold it explains what is missing.
            let best = able.iter().copied().max_by_key(|&place| {
                (machines[place].free.cards_of(&need).count(), machines[place].free.cpus)
            });
            let Some(best) = best else { return (Verdict::Wait(missing(&machines, &need)), None) };
            let free = Some(machines[best].free.clone());
            if is_blocked {
                return (Verdict::Wait(Reason::QueueBehind), free);
            }
            // The tightest machine that has room, so that large tasks find room later.
            let fitting = able
                .iter()
                .copied()
                .filter(|&place| machines[place].can_hold_now(&need))
                .min_by_key(|&place| (machines[place].free.cards.len(), machines[place].free.cpus));
            let Some(chosen) = fitting else {
                is_blocked = true;
                let reason = machines[best].free.shortage(&need).unwrap_or(Reason::QueueFragmented);
                return (Verdict::Wait(reason), free);
            };
            let machine = &mut machines[chosen];
            let cards = machine.bind(&need);
            let place = Place { engine: machine.engine.clone(), machine: machine.name.clone(), cards };
            (Verdict::Start(place), free)
        })
        .collect()
}

/// Why no machine could ever hold it.
fn missing(machines: &[Machine], need: &Need) -> Reason {
    let shortages = machines.iter().filter_map(|machine| machine.whole.shortage(need));
    shortages.max_by_key(|reason| *reason == Reason::QueueNoMemory).unwrap_or(Reason::QueueNoCpu)
}

#[cfg(test)]
mod tests {
    use hearth_core::{RepositoryId, TaskId, TaskKind, TaskState, Timestamp, UserId};

    use super::*;

    fn machine(name: &str, cpus: u32, cards: u32) -> Machine {
        let cards = (0..cards)
            .map(|index| Card { vendor: "nvidia".into(), model: "H200".into(), index, memory_bytes: 1 << 37 })
            .collect();
        Machine::new(
            "local",
            MachineCapacity {
                name: name.into(),
                cpus,
                memory_bytes: 8 << 30,
                cards,
                ..MachineCapacity::default()
            },
        )
    }

    fn task(id: i64, cpus: i64, cards: i64) -> Task {
        Task {
            id: TaskId(id),
            repository_id: RepositoryId(1),
            creator_id: UserId(1),
            creator: "mei".parse().expect("a good name"),
            kind: TaskKind::Train,
            name: String::new(),
            description: String::new(),
            state: TaskState::Waiting,
            reason: Reason::QueueFirst,
            priority: 0,
            revision: String::new(),
            commit_id: String::new(),
            patch: None,
            boot_file: String::new(),
            parameters: Vec::new().into(),
            image_code: String::new(),
            spec_code: String::new(),
            accelerator: (cards > 0).then(|| "nvidia/H200".into()),
            cards,
            cpus,
            memory_bytes: 1 << 30,
            has_network: false,
            time_limit_seconds: None,
            seed: None,
            parent_id: None,
            attempts: 0,
            stop_requested_by: None,
            stop_requested_at: None,
            stop_reason: None,
            created_at: Timestamp::from_second(0),
            queued_at: None,
            started_at: None,
            ended_at: None,
            updated_at: Timestamp::from_second(0),
        }
    }

    fn words(machines: &[Machine], waiting: &[Task]) -> Vec<String> {
        plan(machines, waiting)
            .into_iter()
            .map(|(verdict, _)| match verdict {
                Verdict::Start(place) => {
                    let cards: Vec<_> = place.cards.iter().map(|card| card.index.to_string()).collect();
                    format!("{}:{}", place.machine, cards.join("+"))
                }
                Verdict::Wait(reason) => reason.to_string(),
            })
            .collect()
    }

    #[test]
    fn tasks_start_while_there_is_room_and_nobody_overtakes() {
        let waiting = [task(1, 1, 0), task(2, 2, 0), task(3, 1, 0)];
        assert_eq!(words(&[machine("a", 2, 0)], &waiting), ["a:", "queue.no_cpu", "queue.behind"]);
    }

    #[test]
    fn a_task_that_fits_nowhere_stands_in_nobodys_way() {
        let waiting = [task(1, 64, 0), task(2, 1, 1), task(3, 1, 0)];
        assert_eq!(words(&[machine("a", 2, 0)], &waiting), ["queue.no_cpu", "queue.no_card", "a:"]);
    }

    #[test]
    fn each_task_gets_cards_of_its_own() {
        let waiting = [task(1, 1, 2), task(2, 1, 1), task(3, 1, 2)];
        assert_eq!(words(&[machine("a", 8, 4)], &waiting), ["a:0+1", "a:2", "queue.no_card"]);
    }

    #[test]
    fn the_tightest_machine_is_filled_first() {
        let waiting = [task(1, 1, 0), task(2, 8, 0)];
        assert_eq!(words(&[machine("large", 8, 0), machine("small", 2, 0)], &waiting), ["small:", "large:"]);
    }

    #[test]
    fn without_machines_everything_waits() {
        assert_eq!(words(&[], &[task(1, 1, 0)]), ["queue.no_cpu"]);
    }
}
