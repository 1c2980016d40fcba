//! The fields of a pool that an administrator sets.

use std::collections::BTreeMap;

use hearth_core::{Result, Timestamp};
use hearth_store::{Json, accelerator::Accelerator, pool::Pool};

use crate::{
    App,
    fields::{Checks, is_label_value, is_qualified_name},
};

/// The fields of a pool.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    pub code: String,
    pub label: String,
    pub engine: String,
    /// `None` means machines without cards.
    pub accelerator: Option<String>,
    pub model: String,
    pub card_memory_bytes: i64,
    pub node_selector: BTreeMap<String, String>,
    pub local_queue: Option<String>,
    pub reserved_cards: i64,
}

impl Fields {
    /// The fields of an existing pool.
    pub fn of(pool: &Pool) -> Self {
        Self {
            code: pool.code.clone(),
            label: pool.label.clone(),
            engine: pool.engine.clone(),
            accelerator: pool.accelerator_code.clone(),
            model: pool.model.clone(),
            card_memory_bytes: pool.card_memory_bytes,
            node_selector: pool.node_selector.0.clone(),
            local_queue: pool.local_queue.clone(),
            reserved_cards: pool.reserved_cards,
        }
    }

    /// Returns the row, or all validation errors.
    pub(super) fn check(&self, app: &App, kinds: &[Accelerator], now: Timestamp) -> Result<Pool> {
        let mut checks = Checks::default();
        if !app.engines().iter().any(|engine| engine.name() == self.engine) {
            checks.0.add("engine", "unknown-choice");
        }
        let accelerator_code = self.accelerator.clone();
        if accelerator_code.as_ref().is_some_and(|code| !kinds.iter().any(|kind| kind.code == *code)) {
            checks.0.add("accelerator", "unknown-choice");
        }
        let is_label = |name: &str, value: &str| is_qualified_name(name) && is_label_value(value);
        let pool = Pool {
            code: checks.code("code", &self.code),
            label: checks.required_line("label", &self.label),
            engine: self.engine.clone(),
            accelerator_code,
            model: checks.line("model", &self.model),
            card_memory_bytes: checks.number("card_memory", self.card_memory_bytes, 0),
            node_selector: Json(checks.pairs("node_selector", &self.node_selector, is_label)),
            local_queue: checks.optional_name("local_queue", self.local_queue.as_deref()),
            reserved_cards: checks.number("reserved_cards", self.reserved_cards, 0),
            is_paused: false,
            pause_message: String::new(),
            created_at: now,
            updated_at: now,
        };
        checks.0.into_result()?;
        Ok(pool)
    }
}
