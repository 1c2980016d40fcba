//! Pools: groups of machines that are managed and counted together.

mod administration;
mod fields;
mod survey;

use std::{cmp::Reverse, collections::BTreeMap};

use hearth_core::{Result, Timestamp};
use hearth_runner::engine::MachineCapacity;
use hearth_store::{Json, pool as row};

pub use administration::{accept, change, check, delete, effect, find, list, make, pause, preview, resume};
pub use fields::Fields;
pub use hearth_store::pool::Pool;
pub use survey::{Amount, EngineView, MachineView, PoolView, Proposal, Survey, survey};

use crate::{App, Operation, accelerator};

/// The pool that a machine of an engine belongs to: the most specific one that matches. A machine without a
/// pool is proposed to the administrator, and not used.
pub fn of_machine<'a>(pools: &'a [Pool], engine: &str, machine: &MachineCapacity) -> Option<&'a Pool> {
    let taking = pools.iter().filter(|pool| pool.engine == engine && takes(pool, machine));
    taking.min_by_key(|pool| (Reverse(pool.node_selector.len()), pool.model.is_empty(), pool.code.clone()))
}

/// Whether the machine has the pool's labels and cards.
fn takes(pool: &Pool, machine: &MachineCapacity) -> bool {
    let has_label = |(name, value): (&String, &String)| machine.labels.get(name) == Some(value);
    let has_cards = match &pool.accelerator_code {
        None => machine.cards.is_empty(),
        Some(code) => machine
            .cards
            .iter()
            .any(|card| card.vendor == *code && (pool.model.is_empty() || pool.model == card.model)),
    };
    has_cards && pool.node_selector.iter().all(has_label)
}

/// Creates a pool for every engine whose machines have no labels to select them by: this machine's pool is
/// `local`.
pub async fn derive(app: &App) -> Result<()> {
    let devices = accelerator::devices(app).await?;
    let mut pools = Vec::new();
    for engine in app.engines() {
        match engine.capacity(&devices).await {
            Ok(capacity) => pools.extend(
                capacity
                    .machines
                    .iter()
                    .find(|machine| machine.labels.is_empty())
                    .map(|machine| of_unlabelled(engine.name(), machine, app.now())),
            ),
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
    for pool in &pools {
        follow(&mut operation, pool).await?;
    }
    operation.commit().await?;
    Ok(())
}

/// Updates the pool unless an administrator has changed it: a machine may have got cards since.
async fn follow(operation: &mut Operation, pool: &Pool) -> Result<()> {
    match row::find(operation, &pool.code).await? {
        None => row::insert(operation, pool).await?,
        Some(found) if found.updated_at == found.created_at => {
            let same = Pool { created_at: found.created_at, updated_at: found.updated_at, ..pool.clone() };
            row::update(operation, &same).await?;
        }
        Some(_) => {}
    }
    Ok(())
}

fn of_unlabelled(engine: &str, machine: &MachineCapacity, now: Timestamp) -> Pool {
    Pool {
        code: engine.to_owned(),
        label: machine.name.clone(),
        engine: engine.to_owned(),
        accelerator_code: machine.cards.first().map(|card| card.vendor.clone()),
        model: String::new(),
        card_memory_bytes: 0,
        node_selector: Json(BTreeMap::new()),
        local_queue: None,
        reserved_cards: 0,
        is_paused: false,
        pause_message: String::new(),
        created_at: now,
        updated_at: now,
    }
}

#[cfg(test)]
mod tests {
    use hearth_runner::engine::Card;

    use super::*;

    fn pool(code: &str, accelerator: Option<&str>, model: &str, labels: &[(&str, &str)]) -> Pool {
        let machine = MachineCapacity::default();
        let selector = labels.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        Pool {
            code: code.into(),
            engine: "east".into(),
            accelerator_code: accelerator.map(str::to_owned),
            model: model.into(),
            node_selector: Json(selector),
            ..of_unlabelled("east", &machine, Timestamp::from_second(0))
        }
    }

    fn machine(labels: &[(&str, &str)], card: Option<&str>) -> MachineCapacity {
        let card = card.map(|model| Card {
            vendor: "nvidia".into(),
            model: model.into(),
            index: 0,
            memory_bytes: 0,
        });
        MachineCapacity {
            labels: labels.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
            cards: card.into_iter().collect(),
            ..MachineCapacity::default()
        }
    }

    #[test]
    fn a_machine_belongs_to_the_pool_that_says_most_about_it() {
        let pools = [
            pool("cpu", None, "", &[]),
            pool("any", Some("nvidia"), "", &[]),
            pool("h200", Some("nvidia"), "H200", &[]),
            pool("lab", Some("nvidia"), "", &[("lab", "yes")]),
        ];
        let find = |machine| of_machine(&pools, "east", &machine).map(|pool| pool.code.as_str());
        assert_eq!(find(machine(&[], None)), Some("cpu"));
        assert_eq!(find(machine(&[], Some("A100"))), Some("any"));
        assert_eq!(find(machine(&[], Some("H200"))), Some("h200"));
        assert_eq!(find(machine(&[("lab", "yes")], Some("H200"))), Some("lab"));
        assert_eq!(of_machine(&pools, "west", &machine(&[], None)), None);
    }

    #[test]
    fn a_machine_whose_cards_no_pool_names_belongs_to_none() {
        let pools = [pool("cpu", None, "", &[]), pool("lab", None, "", &[("lab", "yes")])];
        assert_eq!(of_machine(&pools, "east", &machine(&[("lab", "yes")], Some("A100"))), None);
    }
}
