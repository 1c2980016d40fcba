//! A snapshot for one pass, read from engines and the database: machines, what of them is in use, and waiting
//! tasks.

use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

use futures_util::future;
use hearth_core::{OwnerId, Result, TaskKind, Timestamp};
use hearth_runner::{engine::Device, spec::Accelerator};
use hearth_store::{
    Reader, accelerator as accelerator_row,
    accelerator::Accelerator as CardRow,
    attempt_node, card_usage, image, image_variant, pool as pool_row, queue as row,
    queue::{ActiveAttempt, Waiting as Row},
    quota, scene,
    scene::Scene,
};

use super::{
    Need,
    class::{Allowed, Class, ImageOffer},
    order::{self, Claim},
    plan::{Decision, Held, Pass, Waiting},
    quota::{Quotas, Share},
    site::{Pool, Room, Site},
    week,
};
use crate::{App, accelerator, pool};

/// Weeks of usage that count for the queue order.
const WEEKS_REMEMBERED: u64 = 12;
/// An engine that has not reported its capacity by then counts as unavailable.
const PATIENCE: Duration = Duration::from_secs(3);

/// The machines as they are used now, and the waiting tasks in queue order.
#[derive(Clone, Debug)]
pub struct QueueSnapshot {
    pub(super) pass: Pass,
    pub(super) waiting: Vec<Queued>,
    admissions: i64,
    devices: BTreeMap<String, Device>,
    images: HashMap<String, ImageOffer>,
    scenes: Vec<Scene>,
    used: BTreeMap<OwnerId, i64>,
    now: Timestamp,
}

/// A waiting task, and the row it is made from.
#[derive(Clone, Debug)]
pub(crate) struct Queued {
    pub(crate) row: Row,
    pub(crate) claim: Waiting,
}

/// Reads every engine's capacity, and from the database what of it is in use. An engine that does not answer
/// has no capacity for now.
pub(crate) async fn read_snapshot(app: &App) -> Result<QueueSnapshot> {
    let now = app.now();
    let mut reader = app.store().read().await?;
    // Read first: everything read after this includes every admission that is counted here.
    let admissions = row::count_admissions(&mut reader).await?;
    let cards = accelerator_row::list_enabled(&mut reader).await?;
    let pools = pool_row::list(&mut reader).await?;
    let waiting = row::list_waiting(&mut reader).await?;
    let holding = row::list_holding(&mut reader).await?;
    let mut nodes: HashMap<_, Vec<String>> = HashMap::new();
    for node in attempt_node::list_open(&mut reader).await? {
        nodes.entry(node.attempt_id).or_default().push(node.machine);
    }
    let images = read_images(&mut reader).await?;
    let mut scenes = Vec::new();
    for kind in TaskKind::ALL {
        scenes.extend(scene::list_enabled(&mut reader, *kind).await?);
    }
    let shares = read_shares(&mut reader).await?;
    let since = week::start(now) - Duration::from_hours(24 * 7 * WEEKS_REMEMBERED);
    let usages = card_usage::list_since(&mut reader, since).await?;
    drop(reader);

    let families = cards.iter().map(|row| (row.code.clone(), row.family.clone())).collect();
    let devices =
        cards.into_iter().map(|row: CardRow| (row.code.clone(), accelerator::device(row))).collect();
    let mut site = Site::new(pools.iter().map(to_pool).collect(), families);
    add_machines(app, &mut site, &pools, &devices).await;

    let mut quotas = Quotas::new(shares, &site.capacity());
    let mut weeks: BTreeMap<OwnerId, Vec<(i64, i64)>> = BTreeMap::new();
    for usage in usages {
        let weeks_ago = week::between(usage.week_start, now);
        if weeks_ago == 0 {
            quotas.spend(usage.owner_id, &usage.accelerator_code, usage.card_seconds);
        }
        weeks.entry(usage.owner_id).or_default().push((weeks_ago, usage.card_seconds));
    }
    let mut used: BTreeMap<OwnerId, i64> =
        weeks.into_iter().map(|(owner, weeks)| (owner, order::decayed(weeks))).collect();
    let held =
        holding.iter().map(|row| occupy(&mut site, &mut quotas, &mut used, row, &nodes, now)).collect();
    let mut snapshot = QueueSnapshot {
        pass: Pass::new(site, quotas, Vec::new(), held),
        waiting: Vec::new(),
        admissions,
        devices,
        images,
        scenes,
        used,
        now,
    };
    snapshot.queue_up(waiting);
    Ok(snapshot)
}

async fn add_machines(
    app: &App,
    site: &mut Site,
    pools: &[pool_row::Pool],
    devices: &BTreeMap<String, Device>,
) {
    let devices: Vec<Device> = devices.values().cloned().collect();
    // A cluster that does not answer must not hold up the others, nor the pages that show the queue.
    let asked = app.engines().iter().map(|engine| {
        let devices = &devices;
        async move { (engine.name(), tokio::time::timeout(PATIENCE, engine.capacity(devices)).await) }
    });
    for (engine, answer) in future::join_all(asked).await {
        match answer {
            Ok(Ok(capacity)) => {
                for machine in capacity.machines {
                    let pool = pool::of_machine(pools, engine, &machine);
                    // A machine without a pool is proposed, not used.
                    if let Some(pool) = pool.and_then(|found| site.pool(&found.code)) {
                        site.add(pool, machine);
                    }
                }
                continue;
            }
            Ok(Err(error)) => {
                let error = &error as &dyn std::error::Error;
                tracing::debug!(engine.name = engine, error, "the capacity of an engine could not be read");
            }
            Err(_) => tracing::warn!(engine.name = engine, "an engine did not report its capacity in time"),
        }
        site.silent.insert(engine.to_owned());
    }
}

async fn read_images(reader: &mut Reader) -> Result<HashMap<String, ImageOffer>> {
    let mut families: HashMap<i64, Vec<String>> = HashMap::new();
    for variant in image_variant::list(reader).await? {
        if variant.is_enabled {
            families.entry(variant.image_id).or_default().push(variant.family);
        }
    }
    let offer = |image: image::Image| {
        let offer = ImageOffer {
            is_local: image.interpreter.is_some() && image.is_available,
            families: families.remove(&image.id).unwrap_or_default(),
            is_general: image.reference.is_some(),
        };
        (image.code, offer)
    };
    Ok(image::list(reader).await?.into_iter().map(offer).collect())
}

async fn read_shares(reader: &mut Reader) -> Result<Vec<Share>> {
    let share = |row: quota::Quota| Share {
        owner: row.owner_id,
        accelerator: row.accelerator_code,
        nominal_cards: row.nominal_cards,
        borrow_cards: row.borrow_cards,
        lend_cards: row.lend_cards,
        weekly_card_seconds: row.weekly_card_seconds,
    };
    Ok(quota::list(reader).await?.into_iter().map(share).collect())
}

fn to_pool(row: &pool_row::Pool) -> Pool {
    Pool {
        code: row.code.clone(),
        label: row.label.clone(),
        engine: row.engine.clone(),
        accelerator: row.accelerator_code.clone(),
        model: row.model.clone(),
        card_memory_bytes: u64::try_from(row.card_memory_bytes).unwrap_or(0),
        node_selector: row.node_selector.0.clone(),
        local_queue: row.local_queue.clone(),
        reserved_cards: u32::try_from(row.reserved_cards).unwrap_or(0),
        pause: row.is_paused.then(|| row.pause_message.clone()),
    }
}

/// Subtracts what an attempt occupies, and counts what its payer holds and uses.
fn occupy(
    site: &mut Site,
    quotas: &mut Quotas,
    used: &mut BTreeMap<OwnerId, i64>,
    row: &ActiveAttempt,
    nodes: &HashMap<hearth_core::AttemptId, Vec<String>>,
    now: Timestamp,
) -> Held {
    let cards: Vec<Accelerator> = row.cards.read().unwrap_or_default();
    let cpus = u32::try_from(row.cpus).unwrap_or(u32::MAX);
    let memory_bytes = u64::try_from(row.memory_bytes).unwrap_or(u64::MAX);
    let alone = std::slice::from_ref(&row.machine);
    let machines = nodes.get(&row.attempt_id).map_or(alone, Vec::as_slice);
    let mut rooms: Vec<(usize, Room)> = Vec::new();
    for name in machines {
        // Where Kueue does the queueing, it also does the counting.
        let queues_elsewhere =
            site.pool(&row.pool_code).is_some_and(|pool| site.pools[pool].local_queue.is_some());
        if let Some(place) = site.find(&row.engine, name)
            && !queues_elsewhere
        {
            rooms.push((place, site.machines[place].occupy(cpus, memory_bytes, &cards)));
        }
    }
    let count = i64::try_from(cards.len()).unwrap_or(i64::MAX).saturating_mul(row.node_count.max(1));
    let kind = cards.first().map(|card| card.vendor.clone());
    if let Some(kind) = &kind {
        quotas.take(row.payer_id, kind, count);
        let seconds = |since: Timestamp| i64::try_from(now.since(since).as_secs()).unwrap_or(i64::MAX);
        quotas.spend(row.payer_id, kind, count * seconds(row.created_at.max(week::start(now))));
        *used.entry(row.payer_id).or_default() += count * seconds(row.created_at);
    }
    Held {
        task: row.task_id,
        payer: row.payer_id,
        priority: row.priority,
        since: row.created_at,
        rooms,
        cards: kind.map(|kind| (kind, count)),
        is_leaving: row.stop_requested_at.is_some(),
    }
}

impl QueueSnapshot {
    /// Sorts the waiting tasks into queue order, and determines what each of them needs.
    fn queue_up(&mut self, rows: Vec<Row>) {
        let claims: Vec<Claim> = rows.iter().map(claim).collect();
        let served = order::order(&claims, &self.used, self.now);
        let mut known: HashMap<(Need, String, Allowed), usize> = HashMap::new();
        let mut rows: Vec<Option<Row>> = rows.into_iter().map(Some).collect();
        for place in served {
            let Some(row) = rows[place].take() else { continue };
            let allowed = self.allowed(row.kind, row.owner_id, &row.spec_code);
            let key = (Need::of_waiting(&row), row.image_code.clone(), allowed);
            let class = match known.get(&key) {
                Some(class) => *class,
                None => {
                    let class = self.class(key.0.clone(), &key.1, &key.2);
                    let place = self.pass.add_class(class);
                    known.insert(key, place);
                    place
                }
            };
            let claim = Waiting { payer: row.payer_id, priority: row.priority, class };
            self.waiting.push(Queued { row, claim });
        }
        self.lenders_first();
    }

    /// At equal priority, tasks within their payer's share come before those that borrow: what is reclaimed
    /// is not lent again to whoever had to give it up.
    fn lenders_first(&mut self) {
        let mut quotas = self.pass.quotas.clone();
        let borrows: HashMap<hearth_core::TaskId, bool> = self
            .waiting
            .iter()
            .map(|queued| {
                let class = &self.pass.classes[queued.claim.class];
                let cards = i64::from(class.need.all_cards());
                let vendor = class.groups.iter().find_map(|group| group.vendor.as_ref());
                let borrows = vendor.is_some_and(|vendor| {
                    let borrows = quotas.would_borrow(queued.claim.payer, vendor, cards);
                    if !borrows {
                        quotas.take(queued.claim.payer, vendor, cards);
                    }
                    borrows
                });
                (queued.row.id, borrows)
            })
            .collect();
        self.waiting.sort_by_key(|queued| (std::cmp::Reverse(queued.row.priority), borrows[&queued.row.id]));
    }

    pub(super) fn class(&self, need: Need, image: &str, allowed: &Allowed) -> Class {
        let nothing = ImageOffer::default();
        Class::new(&self.pass.site, need, self.images.get(image).unwrap_or(&nothing), allowed)
    }

    /// The pools that a kind of task may use.
    pub(super) fn allowed(&self, kind: TaskKind, owner: OwnerId, spec_code: &str) -> Allowed {
        let of_kind = || self.scenes.iter().filter(|scene| scene.kind == kind);
        // A kind without a scene may use everything.
        of_kind().next()?;
        let fitting = of_kind().filter(|scene| {
            let codes = &scene.spec_codes.0;
            scene.owner_id.is_none_or(|id| id == owner)
                && (codes.is_empty() || codes.iter().any(|code| code == spec_code))
        });
        // A scene without a pool is for every pool.
        fitting.map(|scene| scene.pool_code.clone()).collect()
    }

    /// All waiting tasks, the next one first.
    pub(crate) fn queued(&self) -> impl Iterator<Item = &Queued> {
        self.waiting.iter()
    }

    /// The number of admissions that this snapshot includes.
    pub(crate) const fn admissions(&self) -> i64 {
        self.admissions
    }

    /// What the plan assumes that a task needs.
    pub(crate) fn need(&self, queued: &Queued) -> &Need {
        &self.pass.classes[queued.claim.class].need
    }

    pub(crate) fn pool(&self, code: &str) -> Option<&Pool> {
        self.pass.site.pool(code).map(|place| &self.pass.site.pools[place])
    }

    pub(crate) fn device(&self, code: &str) -> Option<&Device> {
        self.devices.get(code)
    }

    /// The decisions for all waiting tasks, in their order.
    pub(crate) fn decide(&self) -> Vec<Decision> {
        let mut pass = self.pass.clone();
        self.waiting.iter().map(|queued| pass.decide(&queued.claim)).collect()
    }

    /// The place that a task of this payer would get if launched now.
    pub(super) fn next_place(&self, payer: OwnerId, cost: i64) -> usize {
        let mut claims: Vec<Claim> = self.waiting.iter().map(|queued| claim(&queued.row)).collect();
        let newest =
            Claim { id: hearth_core::TaskId(i64::MAX), payer, priority: 0, queued_at: self.now, cost };
        claims.push(newest);
        let served = order::order(&claims, &self.used, self.now);
        served.iter().position(|place| *place == claims.len() - 1).unwrap_or(self.waiting.len())
    }
}

fn claim(row: &Row) -> Claim {
    let nodes = row.node_count.max(1);
    Claim {
        id: row.id,
        payer: row.payer_id,
        priority: row.priority,
        queued_at: row.queued_at,
        cost: order::cost(row.cards * nodes, row.cpus * nodes),
    }
}
