//! What an administrator types about a pool.

use hearth_core::{Result, Timestamp};
use hearth_store::{Json, accelerator::Accelerator, pool::Pool};
use serde::Deserialize;

use crate::{
    App,
    draft::{Reading, is_label_value, is_qualified_name, pairs_text, size_text},
};

/// A form about a pool; every field is text, as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Draft {
    pub code: String,
    pub label: String,
    pub engine: String,
    /// Empty: machines without cards.
    pub accelerator: String,
    pub model: String,
    pub card_memory: String,
    /// Lines of `label=value`.
    pub node_selector: String,
    pub local_queue: String,
    pub reserved_cards: String,
}

impl Draft {
    /// The form of a pool that is there.
    pub fn of(pool: &Pool) -> Self {
        Self {
            code: pool.code.clone(),
            label: pool.label.clone(),
            engine: pool.engine.clone(),
            accelerator: pool.accelerator_code.clone().unwrap_or_default(),
            model: pool.model.clone(),
            card_memory: size_text(pool.card_memory_bytes),
            node_selector: pairs_text(&pool.node_selector),
            local_queue: pool.local_queue.clone().unwrap_or_default(),
            reserved_cards: pool.reserved_cards.to_string(),
        }
    }

    /// The row, or every mistake.
    pub(super) fn read(&self, app: &App, kinds: &[Accelerator], now: Timestamp) -> Result<Pool> {
        let mut reading = Reading::default();
        if !app.engines().iter().any(|engine| engine.name() == self.engine) {
            reading.0.add("engine", "unknown-choice");
        }
        let accelerator_code = Some(self.accelerator.clone()).filter(|code| !code.is_empty());
        if accelerator_code.as_ref().is_some_and(|code| !kinds.iter().any(|kind| kind.code == *code)) {
            reading.0.add("accelerator", "unknown-choice");
        }
        let is_label = |name: &str, value: &str| is_qualified_name(name) && is_label_value(value);
        let pool = Pool {
            code: reading.code("code", &self.code),
            label: reading.required_line("label", &self.label),
            engine: self.engine.clone(),
            accelerator_code,
            model: reading.line("model", &self.model),
            card_memory_bytes: reading.size("card_memory", &self.card_memory),
            node_selector: Json(reading.pairs("node_selector", &self.node_selector, is_label)),
            local_queue: reading.optional_name("local_queue", &self.local_queue),
            reserved_cards: reading.optional_number("reserved_cards", &self.reserved_cards, 0).unwrap_or(0),
            is_paused: false,
            pause_message: String::new(),
            created_at: now,
            updated_at: now,
        };
        reading.0.into_result()?;
        Ok(pool)
    }
}
