//! The fields of a spec that an administrator sets.

use hearth_core::Result;
use hearth_store::{accelerator::Accelerator, spec::Spec};

use crate::fields::Checks;

/// Selects any cards with enough memory.
pub const ANY: &str = "*";
const LEAST_MEMORY_BYTES: i64 = 64 << 20;

/// The fields of a spec.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    pub code: String,
    /// The code of an accelerator type, [`ANY`], or empty for none.
    pub accelerator: String,
    /// Empty means any model of the type.
    pub model: String,
    pub cards: i64,
    pub card_memory_bytes: i64,
    pub cpus: i64,
    pub memory_bytes: i64,
    pub shared_memory_bytes: i64,
    pub is_on_shelf: bool,
}

impl Fields {
    /// The fields of an existing spec.
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
            cards: spec.cards,
            card_memory_bytes: spec.card_memory_bytes,
            cpus: spec.cpus,
            memory_bytes: spec.memory_bytes,
            shared_memory_bytes: spec.shared_memory_bytes,
            is_on_shelf: spec.is_on_shelf,
        }
    }

    /// Returns the changed `base`, or all validation errors.
    pub(super) fn check(&self, base: &Spec, kinds: &[Accelerator]) -> Result<Spec> {
        let mut checks = Checks::default();
        let cards = checks.number("cards", self.cards, 0);
        let card_memory_bytes = checks.number("card_memory", self.card_memory_bytes, 0);
        let model = checks.line("model", &self.model);
        let accelerator = match self.accelerator.as_str() {
            "" | ANY if !model.is_empty() => {
                checks.0.add("model", "model-without-kind");
                None
            }
            "" | ANY => None,
            code if !kinds.iter().any(|kind| kind.code == code) => {
                checks.0.add("accelerator", "unknown-choice");
                None
            }
            code => Some(format!("{code}/{}", if model.is_empty() { "*" } else { model.as_str() })),
        };
        if self.accelerator.is_empty() {
            if cards > 0 {
                checks.0.add("accelerator", "cards-without-kind");
            }
            if card_memory_bytes > 0 {
                checks.0.add("card_memory", "memory-without-cards");
            }
        } else if cards == 0 {
            checks.0.add("cards", "too-small");
        }
        if self.accelerator == ANY && card_memory_bytes == 0 {
            checks.0.add("card_memory", "any-needs-memory");
        }
        let memory_bytes = checks.number("memory", self.memory_bytes, LEAST_MEMORY_BYTES);
        let shared_memory_bytes = checks.number("shared_memory", self.shared_memory_bytes, 0);
        if shared_memory_bytes > memory_bytes {
            checks.0.add("shared_memory", "shared-memory");
        }
        let spec = Spec {
            code: checks.code("code", &self.code),
            accelerator,
            cards,
            card_memory_bytes,
            cpus: checks.number("cpus", self.cpus, 1),
            memory_bytes,
            shared_memory_bytes,
            is_on_shelf: self.is_on_shelf,
            id: base.id,
            created_at: base.created_at,
        };
        checks.0.into_result()?;
        Ok(spec)
    }
}
