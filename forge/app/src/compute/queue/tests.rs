//! The planner alone: machines, pools and tasks as plain values.

use std::collections::{BTreeMap, BTreeSet};

use hearth_core::{OwnerId, TaskId, Timestamp};
use hearth_runner::{
    engine::{Card, MachineCapacity, Occupied},
    spec::Accelerator,
};
use proptest::prelude::*;

use super::{
    Binding, Need, Obstacle, Verdict,
    class::{Class, ImageOffer},
    plan::{Held, Pass, Waiting},
    quota::{Quotas, Share},
    site::{Pool, Site},
};

const GIB: u64 = 1 << 30;

fn pool(code: &str, accelerator: Option<&str>) -> Pool {
    Pool {
        code: code.into(),
        label: code.into(),
        engine: "east".into(),
        accelerator: accelerator.map(str::to_owned),
        ..Pool::default()
    }
}

fn machine(name: &str, cpus: u32, kind: &str, cards: u32) -> MachineCapacity {
    let (vendor, model) = kind.split_once('/').unwrap_or(("", ""));
    let memory = if vendor == "ascend" { 64 } else { 80 };
    MachineCapacity {
        name: name.into(),
        cpus,
        memory_bytes: 512 * GIB,
        cards: (0..cards)
            .map(|index| Card {
                vendor: vendor.into(),
                model: model.into(),
                index,
                memory_bytes: memory * GIB,
            })
            .collect(),
        labels: BTreeMap::from([("kubernetes.io/hostname".into(), name.into())]),
        is_cordoned: false,
        others: Occupied::default(),
    }
}

fn families() -> BTreeMap<String, String> {
    BTreeMap::from([("nvidia".into(), "cuda".into()), ("ascend".into(), "cann".into())])
}

/// A site of one pool of NVIDIA machines with this many cards each, and 16 CPUs per card.
fn site(cards: &[u32]) -> Site {
    let mut site = Site::new(vec![pool("h200", Some("nvidia"))], families());
    for (number, cards) in cards.iter().enumerate() {
        site.add(0, machine(&format!("n{number}"), 16 * cards, "nvidia/H200", *cards));
    }
    site
}

fn image(families: &[&str]) -> ImageOffer {
    ImageOffer {
        is_local: false,
        families: families.iter().map(|family| (*family).to_owned()).collect(),
        is_general: false,
    }
}

fn need(cards: u32) -> Need {
    Need { cpus: 1, memory_bytes: GIB, cards, nodes: 1, ..Need::default() }
}

/// A queue to plan: tasks are served in the order in which they were added.
struct Queue {
    site: Site,
    quotas: Vec<Share>,
    held: Vec<Held>,
    waiting: Vec<(Need, ImageOffer, OwnerId, i64)>,
}

impl Queue {
    fn on(site: Site) -> Self {
        Self { site, quotas: Vec::new(), held: Vec::new(), waiting: Vec::new() }
    }

    fn add(&mut self, need: Need) -> &mut Self {
        self.add_of(1, 0, need)
    }

    fn add_of(&mut self, owner: i64, priority: i64, need: Need) -> &mut Self {
        self.waiting.push((need, image(&["cuda", "cann", "cpu"]), OwnerId(owner), priority));
        self
    }

    /// Adds a task that runs on the named machines, with this many cards on each.
    fn hold(&mut self, task: i64, owner: i64, priority: i64, machines: &[&str], cards: u32) -> &mut Self {
        let accelerators: Vec<Accelerator> = (0..cards)
            .map(|index| Accelerator { vendor: "nvidia".into(), model: "H200".into(), index })
            .collect();
        let rooms = machines
            .iter()
            .map(|name| {
                let place = self.site.find("east", name).expect("a machine of this name");
                (place, self.site.machines[place].occupy(1, GIB, &accelerators))
            })
            .collect();
        let count = i64::from(cards) * i64::try_from(machines.len()).expect("few machines");
        self.held.push(Held {
            task: TaskId(task),
            payer: OwnerId(owner),
            priority,
            since: Timestamp::from_second(task),
            rooms,
            cards: (cards > 0).then(|| ("nvidia".to_owned(), count)),
            is_leaving: false,
        });
        self
    }

    fn pass(&self) -> (Pass, Vec<Waiting>) {
        let mut quotas = Quotas::new(self.quotas.clone(), &self.site.capacity());
        for held in &self.held {
            if let Some((kind, cards)) = &held.cards {
                quotas.take(held.payer, kind, *cards);
            }
        }
        let classes =
            self.waiting.iter().map(|(need, image, ..)| Class::new(&self.site, need.clone(), image, &None));
        let pass = Pass::new(self.site.clone(), quotas, classes.collect(), self.held.clone());
        let waiting = self.waiting.iter().enumerate().map(|(class, (_, _, owner, priority))| Waiting {
            payer: *owner,
            priority: *priority,
            class,
        });
        (pass, waiting.collect())
    }

    fn places(&self) -> Vec<Option<Binding>> {
        let (mut pass, waiting) = self.pass();
        let decide = |waiting| match pass.decide(waiting).verdict {
            Verdict::Start(place) => Some(place),
            Verdict::Wait(_) => None,
        };
        waiting.iter().map(decide).collect()
    }

    /// For each task, `machine:cards` or the reason it waits.
    fn words(&self) -> Vec<String> {
        let (mut pass, waiting) = self.pass();
        let word = |waiting| match pass.decide(waiting).verdict {
            Verdict::Start(place) => {
                let cards: Vec<String> = place.cards.iter().map(|card| card.index.to_string()).collect();
                format!("{}:{}", place.machines.join(","), cards.join("+"))
            }
            Verdict::Wait(obstacle) => obstacle.reason().to_string(),
        };
        waiting.iter().map(word).collect()
    }

    /// The victims of each task.
    fn victims(&self) -> Vec<Vec<i64>> {
        let (mut pass, waiting) = self.pass();
        waiting
            .iter()
            .map(|waiting| pass.decide(waiting).victims.iter().map(|task| task.0).collect())
            .collect()
    }
}

fn share(owner: i64, nominal_cards: i64, borrow_cards: Option<i64>) -> Share {
    Share {
        owner: Some(OwnerId(owner)),
        accelerator: Some("nvidia".into()),
        nominal_cards,
        borrow_cards,
        lend_cards: None,
        weekly_card_seconds: None,
    }
}

#[test]
fn each_task_gets_cards_of_its_own() {
    let mut queue = Queue::on(site(&[4]));
    queue.add(need(2)).add(need(1)).add(need(2));
    assert_eq!(queue.words(), ["n0:0+1", "n0:2", "queue.no_card"]);
}

#[test]
fn the_tightest_machine_is_filled_first() {
    let mut queue = Queue::on(site(&[8, 2]));
    queue.add(need(1)).add(need(8));
    assert_eq!(queue.words(), ["n1:0", "n0:0+1+2+3+4+5+6+7"]);
}

#[test]
fn enough_in_all_and_nowhere_in_one_place_is_fragmented() {
    let mut queue = Queue::on(site(&[4, 4]));
    queue.hold(1, 1, 0, &["n0"], 2).hold(2, 1, 0, &["n1"], 2).add(need(4));
    assert_eq!(queue.words(), ["queue.fragmented"]);
}

#[test]
fn a_large_task_is_promised_a_machine_and_small_ones_use_the_others() {
    let mut queue = Queue::on(site(&[4, 4]));
    queue.hold(1, 1, 0, &["n0"], 1).hold(2, 1, 0, &["n1"], 3).add(need(4)).add(need(1)).add(need(1));
    // The large one is closest to fitting on n0, which has three free cards: they are promised to it.
    assert_eq!(queue.words(), ["queue.fragmented", "n1:3", "queue.behind"]);
}

#[test]
fn a_task_that_fits_nowhere_stands_in_nobodys_way() {
    let mut queue = Queue::on(site(&[2]));
    queue.add(need(8)).add(Need { cpus: 900, ..need(1) }).add(need(1));
    assert_eq!(queue.words(), ["queue.no_card", "queue.no_cpu", "n0:0"]);
}

#[test]
fn any_card_that_fits_takes_the_least_one_that_the_image_runs_on() {
    let mut both = Site::new(vec![pool("h200", Some("nvidia")), pool("910b", Some("ascend"))], families());
    both.add(0, machine("gpu", 16, "nvidia/H200", 2));
    both.add(1, machine("npu", 16, "ascend/910B", 2));
    let mut queue = Queue::on(both);
    let large = Need { card_memory_bytes: 70 * GIB, ..need(1) };
    queue
        .add(Need { card_memory_bytes: 40 * GIB, ..need(1) })
        .add(large.clone())
        .add(large.clone())
        .add(large);
    queue.waiting.push((need(1), image(&["cuda"]), OwnerId(1), 0));
    queue.waiting.push((need(1), image(&["dtk"]), OwnerId(1), 0));
    let families: Vec<Option<String>> =
        queue.places().into_iter().map(|place| place.and_then(|place| place.family)).collect();
    let cuda = || Some("cuda".to_owned());
    assert_eq!(families, [Some("cann".to_owned()), cuda(), cuda(), None, None, None]);
    assert_eq!(queue.words()[3..], ["queue.no_card", "queue.behind", "queue.no_image"]);
}

#[test]
fn a_kind_of_cards_may_be_named_with_its_model_or_without() {
    let named = |name: &str| Need { accelerator: Some(name.into()), ..need(1) };
    let mut queue = Queue::on(site(&[3]));
    queue.add(named("nvidia/H200")).add(named("nvidia/*")).add(named("nvidia/A100")).add(named("ascend/*"));
    assert_eq!(queue.words(), ["n0:0", "n0:1", "queue.no_card", "queue.no_card"]);
}

#[test]
fn cards_that_others_hold_are_waited_for() {
    let others = Occupied { cards: BTreeMap::from([("nvidia".into(), 3)]), ..Occupied::default() };
    let mut shared = Site::new(vec![pool("h200", Some("nvidia"))], families());
    shared.add(0, MachineCapacity { others, ..machine("n0", 64, "nvidia/H200", 4) });
    let mut queue = Queue::on(shared);
    queue.add(need(1)).add(need(4));
    assert_eq!(queue.words(), ["n0:0", "queue.no_card"]);
    let (mut pass, waiting) = queue.pass();
    assert!(pass.decide(&waiting[1]).free.is_some(), "the machine could hold it");
}

#[test]
fn a_task_for_a_cluster_that_does_not_answer_waits_for_it() {
    let mut away = Site::new(vec![pool("h200", Some("nvidia"))], families());
    away.silent.insert("east".into());
    let mut queue = Queue::on(away);
    queue.add(need(1)).add(Need { accelerator: Some("ascend/*".into()), ..need(1) });
    queue.waiting.push((need(1), image(&["cann"]), OwnerId(1), 0));
    assert_eq!(queue.words(), ["queue.engine_away", "queue.no_card", "queue.no_image"]);
}

#[test]
fn paused_pools_cordoned_machines_and_reserved_cards_are_left_alone() {
    let mut paused = site(&[4]);
    paused.pools[0].pause = Some("New driver until noon".into());
    let mut queue = Queue::on(paused);
    queue.add(need(1));
    let (mut pass, waiting) = queue.pass();
    let decision = pass.decide(&waiting[0]);
    let obstacle = Obstacle::Paused { pool: "h200".into(), message: "New driver until noon".into() };
    assert_eq!(decision.verdict, Verdict::Wait(obstacle));

    let mut cordoned = Site::new(vec![pool("h200", Some("nvidia"))], families());
    cordoned.add(0, MachineCapacity { is_cordoned: true, ..machine("n0", 16, "nvidia/H200", 4) });
    let mut queue = Queue::on(cordoned);
    queue.add(need(1));
    assert_eq!(queue.words(), ["queue.cordoned"]);

    let mut reserved = site(&[4]);
    reserved.pools[0].reserved_cards = 2;
    let mut queue = Queue::on(reserved);
    queue.add(need(2)).add(need(1)).add(need(3));
    assert_eq!(queue.words(), ["n0:0+1", "queue.no_card", "queue.no_card"]);
}

#[test]
fn tasks_without_cards_leave_machines_with_cards_to_others() {
    let mut both = Site::new(vec![pool("h200", Some("nvidia")), pool("cpu", None)], families());
    both.add(0, machine("gpu", 64, "nvidia/H200", 2));
    both.add(1, machine("plain", 4, "", 0));
    let mut queue = Queue::on(both);
    queue.add(Need { cpus: 4, ..need(0) }).add(need(0));
    assert_eq!(queue.words(), ["plain:", "queue.no_cpu"]);
    // Without other machines, they are used.
    let mut queue = Queue::on(site(&[2]));
    queue.add(need(0));
    assert_eq!(queue.words(), ["n0:"]);
}

#[test]
fn several_nodes_start_all_at_once_or_not_at_all() {
    let gang = |nodes| Need { nodes, ..need(4) };
    let mut queue = Queue::on(site(&[4, 4, 4]));
    queue.add(gang(2)).add(gang(2)).add(need(4));
    assert_eq!(queue.words(), ["n0,n1:0+1+2+3", "queue.no_card", "queue.behind"]);
    let mut queue = Queue::on(site(&[4, 4]));
    queue.add(gang(3));
    assert_eq!(queue.words(), ["queue.no_card"]);
}

#[test]
fn a_pool_with_kueue_takes_what_could_ever_fit() {
    let mut with_kueue = site(&[2]);
    with_kueue.pools[0].local_queue = Some("research".into());
    let mut queue = Queue::on(with_kueue);
    queue.add(need(2)).add(need(2)).add(need(3));
    assert_eq!(queue.words(), ["n0:0+1", "n0:0+1", "queue.no_card"]);
}

#[test]
fn a_quota_stops_its_owner_and_nobody_else() {
    let mut queue = Queue::on(site(&[8]));
    queue.quotas = vec![share(1, 2, Some(0))];
    queue.add_of(1, 0, need(2)).add_of(1, 0, need(1)).add_of(2, 0, need(4));
    assert_eq!(queue.words(), ["n0:0+1", "queue.quota", "n0:2+3+4+5"]);
}

#[test]
fn a_task_of_higher_priority_makes_the_fewest_and_youngest_leave() {
    let mut queue = Queue::on(site(&[4, 4]));
    queue
        .hold(1, 1, 0, &["n0"], 2)
        .hold(2, 1, 0, &["n0"], 2)
        .hold(3, 1, 0, &["n1"], 1)
        .hold(4, 1, 0, &["n1"], 3)
        .add_of(2, 5, need(2));
    assert_eq!(queue.victims(), [vec![2]]);
    assert_eq!(queue.words(), ["queue.preempting"]);
}

#[test]
fn nobody_leaves_for_an_equal_or_in_vain() {
    let mut queue = Queue::on(site(&[4]));
    queue.hold(1, 1, 0, &["n0"], 2).hold(2, 1, 7, &["n0"], 2).add_of(2, 0, need(2)).add_of(2, 5, need(4));
    assert_eq!(queue.victims(), [vec![0_i64; 0], vec![]]);
}

#[test]
fn room_that_is_being_left_is_waited_for_once() {
    let mut queue = Queue::on(site(&[4]));
    queue.hold(1, 1, 0, &["n0"], 4).add_of(2, 5, need(4)).add_of(2, 5, need(4));
    queue.held[0].is_leaving = true;
    assert_eq!(queue.victims(), [vec![0_i64; 0], vec![]]);
    assert_eq!(queue.words(), ["queue.preempting", "queue.behind"]);
}

#[test]
fn what_was_borrowed_is_taken_back_and_no_more() {
    let mut queue = Queue::on(site(&[8]));
    queue.quotas = vec![share(1, 4, None), share(2, 4, None)];
    for task in 1..=8 {
        queue.hold(task, 1, 0, &["n0"], 1);
    }
    queue.add_of(2, 0, need(4)).add_of(2, 0, need(1));
    // Four of eight were borrowed: the youngest four. The fifth card would be one of the owner's own.
    assert_eq!(queue.victims(), [vec![5, 6, 7, 8], vec![]]);
}

#[test]
fn a_gang_takes_room_on_several_machines_from_others() {
    let mut queue = Queue::on(site(&[4, 4, 4]));
    queue.hold(1, 1, 0, &["n0"], 4).hold(2, 1, 0, &["n1"], 1).hold(3, 1, 9, &["n2"], 4).add_of(
        2,
        5,
        Need { nodes: 2, ..need(4) },
    );
    assert_eq!(queue.victims(), [vec![1, 2]]);
}

#[test]
fn a_thousand_tasks_on_fifty_nodes_are_planned_in_milliseconds() {
    let mut queue = Queue::on(site(&[8; 50]));
    for number in 0..1_000 {
        queue.add_of(
            number % 20,
            0,
            Need { nodes: 1, ..need(1 + u32::try_from(number % 4).expect("small")) },
        );
    }
    queue.quotas = (0..20).map(|owner| share(owner, 20, Some(10))).collect();
    let (pass, waiting) = queue.pass();
    let begun = std::time::Instant::now();
    let mut planned = pass;
    let started =
        waiting.iter().filter(|waiting| matches!(planned.decide(waiting).verdict, Verdict::Start(_))).count();
    let took = begun.elapsed();
    assert!(started > 150, "{started} started");
    // Unoptimised and beside other tests; a release build takes a few milliseconds.
    assert!(took.as_millis() < 1_500, "{took:?}");
}

fn drawn_need() -> impl Strategy<Value = Need> {
    (0_u32..5, 1_u32..20, 1_u32..3).prop_map(|(cards, cpus, nodes)| Need { cpus, nodes, ..need(cards) })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_card_is_given_twice_and_no_machine_is_overfull(
        cards in proptest::collection::vec(1_u32..9, 1..6),
        needs in proptest::collection::vec((drawn_need(), 1_i64..4, 0_i64..3), 0..40),
    ) {
        let mut queue = Queue::on(site(&cards));
        for (need, owner, priority) in &needs {
            queue.add_of(*owner, *priority, need.clone());
        }
        let mut used: BTreeMap<String, (u32, u32)> = BTreeMap::new();
        let mut given = BTreeSet::new();
        for (place, (need, ..)) in queue.places().iter().zip(&needs) {
            let Some(place) = place else { continue };
            prop_assert_eq!(place.machines.len(), need.nodes as usize);
            prop_assert_eq!(place.machines.iter().collect::<BTreeSet<_>>().len(), place.machines.len());
            prop_assert_eq!(place.cards.len(), need.cards as usize);
            for card in &place.cards {
                prop_assert!(given.insert((place.machines[0].clone(), card.index)), "a card twice");
            }
            for machine in &place.machines {
                let used = used.entry(machine.clone()).or_default();
                used.0 += need.cards;
                used.1 += need.cpus;
            }
        }
        for (name, (used_cards, used_cpus)) in used {
            let number: usize = name[1..].parse().unwrap();
            prop_assert!(used_cards <= cards[number] && used_cpus <= cards[number] * 16);
        }
    }

    #[test]
    fn no_quota_is_ever_overspent(
        needs in proptest::collection::vec((1_u32..5, 1_i64..4), 0..40),
        nominal in 0_i64..6,
        borrow in proptest::option::of(0_i64..4),
        lend in proptest::option::of(0_i64..4),
        mine in 0_i64..10,
    ) {
        let mut queue = Queue::on(site(&[8, 8]));
        let all = Share { owner: None, lend_cards: lend, ..share(0, nominal, borrow) };
        queue.quotas = vec![all, Share { lend_cards: lend, ..share(3, mine, None) }];
        for (cards, owner) in &needs {
            queue.add_of(*owner, 0, need(*cards));
        }
        let mut held: BTreeMap<i64, i64> = BTreeMap::new();
        for (place, (cards, owner)) in queue.places().iter().zip(&needs) {
            if place.is_none() {
                continue;
            }
            *held.entry(*owner).or_default() += i64::from(*cards);
            let of = |owner: i64| held.get(&owner).copied().unwrap_or(0);
            let (own, most) = match owner {
                3 => (mine, i64::MAX),
                _ => (nominal, borrow.map_or(i64::MAX, |borrow| nominal + borrow)),
            };
            prop_assert!(of(*owner) <= most, "more than may be borrowed");
            if *owner != 3 && of(*owner) > own {
                // Beyond their own share they have only what the third owner lends.
                let kept = (mine - lend.unwrap_or(mine).min(mine) - of(3)).max(0);
                prop_assert!(held.values().sum::<i64>() <= 16 - kept, "more than is lent");
            }
        }
    }

    #[test]
    fn the_first_task_that_could_ever_fit_starts_after_enough_others_end(
        small in proptest::collection::vec(1_u32..4, 1..40),
        cards in 4_u32..9,
    ) {
        // A large task comes first and small ones keep coming; one attempt ends at a time, the oldest one.
        // The machine promised to the large task never gets fuller, so each of its cards takes at most one
        // round of ends.
        let mut running: Vec<(i64, usize, u32)> = Vec::new();
        let capacity = [cards, cards];
        for (task, size) in (1_i64..).zip(&small) {
            let used = |machine: usize| running.iter().filter(|(_, at, _)| *at == machine).map(|(.., of)| of).sum::<u32>();
            if let Some(machine) = (0..2).find(|&machine| used(machine) + size <= capacity[machine]) {
                running.push((task, machine, *size));
            }
        }
        let most = 2 * cards * cards;
        let mut ended = 0;
        let mut next = 1_000;
        loop {
            let mut queue = Queue::on(site(&capacity));
            for (task, machine, size) in &running {
                queue.hold(*task, 1, 0, &[["n0", "n1"][*machine]], *size);
            }
            queue.add(need(cards));
            for _ in 0..8 {
                queue.add(need(1));
            }
            let places = queue.places();
            if places[0].is_some() {
                break;
            }
            for place in places.iter().skip(1).flatten() {
                next += 1;
                running.push((next, usize::from(place.machines[0] == "n1"), 1));
            }
            prop_assert!(ended <= most, "the large task is starved");
            // The oldest ends first.
            running.sort_by_key(|(task, ..)| *task);
            running.remove(0);
            ended += 1;
        }
    }
}
