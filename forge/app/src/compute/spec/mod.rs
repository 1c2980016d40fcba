//! Specs: the resources that a task may request, derived from the machines at the first start.

mod administration;
mod fields;

use std::collections::BTreeMap;

use hearth_core::{Result, Timestamp};
use hearth_runner::engine::MachineCapacity;
use hearth_store::spec::{self as row, NewSpec};

pub use administration::{change, check, effect, find, make, preview};
pub use fields::{ANY, Fields};
pub use hearth_store::spec::Spec;

use crate::{App, accelerator, queue::card_name};

/// Kept free for the system and for Hearth itself.
const KEPT_FREE_BYTES: u64 = 512 << 20;
/// Sizes are rounded down to multiples of this, so that they read well.
const STEP_BYTES: u64 = 256 << 20;
const LEAST_BYTES: u64 = STEP_BYTES;

/// All specs, including those that are not offered: for administrators.
pub async fn list(app: &App) -> Result<Vec<Spec>> {
    Ok(row::list(&mut app.store().read().await?).await?)
}

/// Adds and offers specs for every machine of every engine, unless they exist.
pub async fn derive(app: &App) -> Result<()> {
    let devices = accelerator::devices(app).await?;
    let mut specs = BTreeMap::new();
    for engine in app.engines() {
        match engine.capacity(&devices).await {
            Ok(capacity) => {
                let found = capacity.machines.iter().flat_map(|machine| of_machine(machine, app.now()));
                specs.extend(found.map(|spec| (spec.code.clone(), spec)));
            }
            Err(error) => {
                tracing::warn!(
                    engine.name = engine.name(),
                    error = &error as &dyn std::error::Error,
                    "the capacity of an engine could not be read"
                );
            }
        }
    }
    let mut operation = app.begin().await?;
    for spec in specs.values() {
        row::insert_if_new(&mut operation, spec).await?;
    }
    operation.commit().await?;
    Ok(())
}

/// 1, 2, 4, … CPUs up to the whole machine, each with its share of the memory; likewise for cards.
fn of_machine(machine: &MachineCapacity, created_at: Timestamp) -> Vec<NewSpec> {
    let cpus = machine.cpus.max(1);
    let room = machine.memory_bytes.saturating_sub(KEPT_FREE_BYTES);
    let mut specs: Vec<NewSpec> = doubled(cpus)
        .map(|count| new_spec(format!("cpu-{count}"), None, 0, count, share(room, count, cpus), created_at))
        .collect();
    let mut kinds: BTreeMap<String, u32> = BTreeMap::new();
    for card in &machine.cards {
        *kinds.entry(card_name(card)).or_default() += 1;
    }
    for (name, total) in kinds {
        for cards in doubled(total) {
            let count = (cpus * cards / total).max(1);
            let code = format!("{}-{cards}", slug(&name));
            specs.push(new_spec(
                code,
                Some(name.clone()),
                cards,
                count,
                share(room, cards, total),
                created_at,
            ));
        }
    }
    specs
}

/// 1, 2, 4, … and `whole` itself.
fn doubled(whole: u32) -> impl Iterator<Item = u32> {
    std::iter::successors(Some(1_u32), |count| count.checked_mul(2))
        .take_while(move |count| *count < whole)
        .chain([whole])
}

fn share(room: u64, part: u32, whole: u32) -> u64 {
    (room / u64::from(whole) * u64::from(part) / STEP_BYTES * STEP_BYTES).max(LEAST_BYTES)
}

fn new_spec(
    code: String,
    accelerator: Option<String>,
    cards: u32,
    cpus: u32,
    memory_bytes: u64,
    created_at: Timestamp,
) -> NewSpec {
    let memory_bytes = i64::try_from(memory_bytes).unwrap_or(i64::MAX);
    NewSpec {
        code,
        accelerator,
        cards: i64::from(cards),
        card_memory_bytes: 0,
        cpus: i64::from(cpus),
        memory_bytes,
        shared_memory_bytes: memory_bytes / 2,
        created_at,
    }
}

/// `nvidia/NVIDIA H200` becomes `nvidia-h200`.
fn slug(name: &str) -> String {
    let mut words: Vec<String> = name
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    words.dedup();
    words.join("-")
}

#[cfg(test)]
mod tests {
    use hearth_runner::engine::Card;

    use super::*;

    fn codes(cpus: u32, cards: u32) -> Vec<(String, i64)> {
        let cards = (0..cards)
            .map(|index| Card {
                vendor: "nvidia".into(),
                model: "NVIDIA H200".into(),
                index,
                memory_bytes: 0,
            })
            .collect();
        let machine = MachineCapacity {
            name: "a".into(),
            cpus,
            memory_bytes: 8 << 30,
            cards,
            ..MachineCapacity::default()
        };
        let specs = of_machine(&machine, Timestamp::from_second(0));
        specs.into_iter().map(|spec| (spec.code, spec.memory_bytes >> 20)).collect()
    }

    #[test]
    fn a_small_machine_has_one_spec_and_a_large_one_a_row_of_them() {
        assert_eq!(codes(1, 0), [("cpu-1".into(), 7_680)]);
        assert_eq!(
            codes(6, 0).iter().map(|(code, _)| code.as_str()).collect::<Vec<_>>(),
            ["cpu-1", "cpu-2", "cpu-4", "cpu-6"]
        );
    }

    #[test]
    fn cards_come_with_their_share_of_the_machine() {
        assert_eq!(codes(8, 2)[4..], [("nvidia-h200-1".into(), 3_840), ("nvidia-h200-2".into(), 7_680)]);
    }
}
