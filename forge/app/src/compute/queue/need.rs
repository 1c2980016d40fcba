use hearth_store::{queue::Waiting, spec::Spec, task::Task};

/// What a task needs of each of its machines, and how many machines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Need {
    pub cpus: u32,
    pub memory_bytes: u64,
    pub cards: u32,
    /// `code/model`, or `code/*` for any model. `None` means any card with enough memory.
    pub accelerator: Option<String>,
    /// Minimum memory of each card; 0 means any.
    pub card_memory_bytes: u64,
    /// Number of machines, all of the same pool and all at once.
    pub nodes: u32,
}

impl Need {
    pub(crate) fn of_task(task: &Task) -> Self {
        Self {
            accelerator: task.accelerator.clone(),
            ..Self::of_numbers(
                [task.cpus, task.memory_bytes, task.cards],
                task.card_memory_bytes,
                task.node_count,
            )
        }
    }

    pub(crate) fn of_waiting(task: &Waiting) -> Self {
        Self {
            accelerator: task.accelerator.clone(),
            ..Self::of_numbers(
                [task.cpus, task.memory_bytes, task.cards],
                task.card_memory_bytes,
                task.node_count,
            )
        }
    }

    pub(crate) fn of_spec(spec: &Spec, nodes: i64) -> Self {
        Self {
            accelerator: spec.accelerator.clone(),
            ..Self::of_numbers([spec.cpus, spec.memory_bytes, spec.cards], spec.card_memory_bytes, nodes)
        }
    }

    fn of_numbers([cpus, memory_bytes, cards]: [i64; 3], card_memory_bytes: i64, nodes: i64) -> Self {
        let small = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
        let large = |number: i64| u64::try_from(number).unwrap_or(u64::MAX);
        Self {
            cpus: small(cpus),
            memory_bytes: large(memory_bytes),
            cards: small(cards),
            accelerator: None,
            card_memory_bytes: large(card_memory_bytes),
            nodes: small(nodes).max(1),
        }
    }

    /// Cards on all its machines together.
    pub fn all_cards(&self) -> u32 {
        self.cards.saturating_mul(self.nodes.max(1))
    }

    /// The requested model; `*` for any.
    pub(super) fn model(&self) -> &str {
        self.accelerator.as_deref().and_then(|name| name.split_once('/')).map_or("*", |(_, model)| model)
    }

    /// Whether such a card satisfies the need.
    pub(super) fn takes(&self, vendor: &str, model: &str, memory_bytes: u64) -> bool {
        let is_wanted =
            match self.accelerator.as_deref().map(|name| name.split_once('/').unwrap_or((name, "*"))) {
                None => true,
                Some((code, wanted)) => code == vendor && (wanted == "*" || wanted == model),
            };
        is_wanted && memory_bytes >= self.card_memory_bytes
    }
}
