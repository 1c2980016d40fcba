//! What an administrator types about a spec.

use hearth_core::Result;
use hearth_store::{accelerator::Accelerator, spec::Spec};
use serde::Deserialize;

use crate::draft::{Reading, is_ticked, size_text, tick};

/// The choice of any cards that have enough memory.
pub const ANY: &str = "*";

/// A form about a spec; every field is text, as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Draft {
    pub code: String,
    /// The code of a kind of cards, [`ANY`], or nothing.
    pub accelerator: String,
    /// Empty: any model of the kind.
    pub model: String,
    pub cards: String,
    pub card_memory: String,
    pub cpus: String,
    pub memory: String,
    pub shared_memory: String,
    pub is_on_shelf: String,
}

impl Draft {
    /// The form of a spec that is there.
    pub fn of(spec: &Spec) -> Self {
        let (accelerator, model) = match spec.accelerator.as_deref().map(|name| name.split_once('/')) {
            Some(Some((kind, "*"))) => (kind, ""),
            Some(Some((kind, model))) => (kind, model),
            _ if spec.cards > 0 => (ANY, ""),
            _ => ("", ""),
        };
        Self {
            code: spec.code.clone(),
            accelerator: accelerator.to_owned(),
            model: model.to_owned(),
            cards: spec.cards.to_string(),
            card_memory: size_text(spec.card_memory_bytes),
            cpus: spec.cpus.to_string(),
            memory: size_text(spec.memory_bytes),
            shared_memory: size_text(spec.shared_memory_bytes),
            is_on_shelf: tick(spec.is_on_shelf),
        }
    }

    pub fn is_on_shelf(&self) -> bool {
        is_ticked(&self.is_on_shelf)
    }

    /// What `base` becomes, or every mistake.
    pub(super) fn read(&self, base: &Spec, kinds: &[Accelerator]) -> Result<Spec> {
        let mut reading = Reading::default();
        let cards = reading.optional_number("cards", &self.cards, 0).unwrap_or(0);
        let card_memory_bytes = reading.size("card_memory", &self.card_memory);
        let model = reading.line("model", &self.model);
        let accelerator = match self.accelerator.as_str() {
            "" | ANY if !model.is_empty() => {
                reading.0.add("model", "model-without-kind");
                None
            }
            "" | ANY => None,
            code if !kinds.iter().any(|kind| kind.code == code) => {
                reading.0.add("accelerator", "unknown-choice");
                None
            }
            code => Some(format!("{code}/{}", if model.is_empty() { "*" } else { model.as_str() })),
        };
        if self.accelerator.is_empty() {
            if cards > 0 {
                reading.0.add("accelerator", "cards-without-kind");
            }
            if card_memory_bytes > 0 {
                reading.0.add("card_memory", "memory-without-cards");
            }
        } else if cards == 0 {
            reading.0.add("cards", "too-small");
        }
        if self.accelerator == ANY && card_memory_bytes == 0 {
            reading.0.add("card_memory", "any-needs-memory");
        }
        let memory_bytes = reading.size("memory", &self.memory);
        if memory_bytes < 64 << 20 {
            reading.0.add("memory", "too-small");
        }
        let shared_memory_bytes = reading.size("shared_memory", &self.shared_memory);
        if shared_memory_bytes > memory_bytes {
            reading.0.add("shared_memory", "shared-memory");
        }
        let spec = Spec {
            code: reading.code("code", &self.code),
            accelerator,
            cards,
            card_memory_bytes,
            cpus: reading.number("cpus", &self.cpus, 1),
            memory_bytes,
            shared_memory_bytes,
            is_on_shelf: self.is_on_shelf(),
            id: base.id,
            created_at: base.created_at,
        };
        reading.0.into_result()?;
        Ok(spec)
    }
}
