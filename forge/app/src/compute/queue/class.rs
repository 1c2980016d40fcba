//! Classes of tasks with the same requirements: what they need and where they could ever run, computed once
//! per class.

use std::collections::BTreeMap;

use super::{
    Need,
    obstacle::Obstacle,
    site::{CPU, Machine, Pool, Site},
};

/// Which machines an image runs on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ImageOffer {
    /// Whether it is an interpreter of this machine.
    pub(crate) is_local: bool,
    /// The accelerator families that it has a variant for; `cpu` means none.
    pub(crate) families: Vec<String>,
    /// Whether it has a reference that is used where there is no variant.
    pub(crate) is_general: bool,
}

impl ImageOffer {
    fn runs(&self, machine: &Machine, family: &str) -> bool {
        if machine.is_bare { self.is_local } else { self.runs_in_container(family) }
    }

    fn runs_in_container(&self, family: &str) -> bool {
        self.is_general || self.families.iter().any(|has| has == family)
    }
}

/// Pools that a kind of task may use; `None` means all.
pub(crate) type Allowed = Option<Vec<String>>;

/// A machine that could hold such a task.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate {
    pub(crate) machine: usize,
    /// Index among the machine's kinds of cards; `None` for a task without cards.
    pub(crate) kind: Option<usize>,
}

/// Equivalent machines of one pool: all nodes of a task come from one group.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub(crate) pool: usize,
    /// The type of its cards, as quotas count them; `None` without cards.
    pub(crate) vendor: Option<String>,
    pub(crate) card_memory_bytes: u64,
    pub(crate) candidates: Vec<Candidate>,
}

/// Vendor and model; `None` without cards.
type Kind<'a> = Option<(&'a str, &'a str)>;

/// Tasks with the same requirements.
#[derive(Clone, Debug)]
pub(crate) struct Class {
    pub(crate) need: Need,
    pub(crate) groups: Vec<Group>,
    /// Why there is no group, if there is none.
    pub(crate) obstacle: Option<Obstacle>,
}

impl Class {
    pub(crate) fn new(site: &Site, need: Need, image: &ImageOffer, allowed: &Allowed) -> Self {
        let mut groups: BTreeMap<(usize, Kind<'_>), Group> = BTreeMap::new();
        let mut obstacles = NearestObstacle::default();
        let is_barred = |pool: &Pool| allowed.as_ref().is_some_and(|allowed| !allowed.contains(&pool.code));
        for (place, machine) in site.machines.iter().enumerate() {
            let pool = &site.pools[machine.pool];
            if is_barred(pool) {
                obstacles.note(Obstacle::NoPool);
                continue;
            }
            for kind in kinds(site, &need, machine) {
                let cards = kind.map(|kind| &machine.kinds[kind]);
                let family = if need.cards == 0 { CPU } else { site.family(cards) };
                if !image.runs(machine, family) {
                    obstacles.note(Obstacle::NoImage);
                } else if !machine.whole.holds(&need, kind) {
                    obstacles.note(too_small(machine, &need));
                } else if machine.is_cordoned {
                    obstacles.note(Obstacle::Cordoned { pool: pool.label.clone() });
                } else if let Some(message) = &pool.pause {
                    obstacles.note(Obstacle::Paused { pool: pool.label.clone(), message: message.clone() });
                } else {
                    let key =
                        (machine.pool, cards.map(|cards| (cards.vendor.as_str(), cards.model.as_str())));
                    let group = groups.entry(key).or_insert_with(|| Group {
                        pool: machine.pool,
                        vendor: cards.map(|cards| cards.vendor.clone()),
                        card_memory_bytes: cards.map_or(0, |cards| site.card_memory(machine.pool, cards)),
                        candidates: Vec::new(),
                    });
                    group.candidates.push(Candidate { machine: place, kind });
                }
            }
        }
        for pool in site.silent_pools().filter(|pool| pool.may_hold(&need)) {
            let code = pool.accelerator.as_deref().filter(|_| need.cards > 0);
            obstacles.note(if is_barred(pool) {
                Obstacle::NoPool
            } else if image.runs_in_container(code.map_or(CPU, |code| site.family_of(code))) {
                Obstacle::EngineAway { engine: pool.engine.clone() }
            } else {
                Obstacle::NoImage
            });
        }
        let nodes = usize::try_from(need.nodes).unwrap_or(usize::MAX);
        let mut groups: Vec<Group> = groups.into_values().collect();
        groups.retain(|group| {
            let cards = site.whole_cards(group.pool).saturating_sub(site.pools[group.pool].reserved_cards);
            let is_enough = group.candidates.len() >= nodes && (need.cards == 0 || cards >= need.all_cards());
            if !is_enough {
                obstacles.note(Obstacle::NoCard);
            }
            is_enough
        });
        // The smallest sufficient card comes first.
        groups.sort_by_key(|group| group.card_memory_bytes);
        let obstacle = groups.is_empty().then(|| obstacles.or_default_for(&need));
        Self { need, groups, obstacle }
    }
}

/// The kinds of cards of a machine that satisfy the need; `[None]` if none are requested.
fn kinds(site: &Site, need: &Need, machine: &Machine) -> Vec<Option<usize>> {
    if need.cards == 0 {
        return if serves_without_cards(site, machine.pool) { vec![None] } else { vec![] };
    }
    site.kinds_of(machine)
        .filter(|&kind| {
            let cards = &machine.kinds[kind];
            need.takes(&cards.vendor, &cards.model, site.card_memory(machine.pool, cards))
        })
        .map(Some)
        .collect()
}

/// Machines with cards take tasks without only if their engine has no pool without cards.
fn serves_without_cards(site: &Site, pool: usize) -> bool {
    let of = &site.pools[pool];
    of.accelerator.is_none()
        || !site.pools.iter().any(|other| other.engine == of.engine && other.accelerator.is_none())
}

fn too_small(machine: &Machine, need: &Need) -> Obstacle {
    if machine.whole.cpus < need.cpus {
        Obstacle::NoCpu
    } else if machine.whole.memory_bytes < need.memory_bytes {
        Obstacle::NoMemory
    } else {
        Obstacle::NoCard
    }
}

/// The obstacle to report: of several, the one that is easiest to remove.
#[derive(Default)]
struct NearestObstacle(Option<Obstacle>);

impl NearestObstacle {
    fn note(&mut self, obstacle: Obstacle) {
        if self.0.as_ref().is_none_or(|known| known.nearness() < obstacle.nearness()) {
            self.0 = Some(obstacle);
        }
    }

    fn or_default_for(self, need: &Need) -> Obstacle {
        self.0.unwrap_or(if need.cards > 0 { Obstacle::NoCard } else { Obstacle::NoCpu })
    }
}
