//! The single queue for all engines: who is next, what is ahead, what is missing. A task is bound to a pool,
//! machines, cards and a variant of its image only when its turn comes.
//!
//! Tasks are ordered by priority, then by how little their payer used recently, then by age. Quotas limit
//! what payers may hold. A task that has to wait is promised resources, so that small tasks do not starve a
//! large one; one that no machine could ever hold blocks nobody.

mod change;
mod class;
mod explain;
mod forecast;
mod need;
mod obstacle;
mod order;
mod plan;
mod plan_cache;
mod preempt;
mod quota;
mod site;
mod snapshot;
mod week;

#[cfg(test)]
mod tests;

pub use change::{Changes, change, priorities};
pub use explain::{Prospect, QueuePlace, number, place};
pub(crate) use explain::{permanent_obstacle, prospects};
pub use forecast::{Accuracy, Eta, accuracy};
pub(crate) use forecast::{keep as keep_forecast, past as past_waits};
pub use need::Need;
pub use obstacle::Obstacle;
pub use plan::Free;
pub(crate) use plan::{Binding, Decision, Verdict};
pub use plan_cache::PlanCache;
pub use quota::{QuotaLimit, QuotaShort};
pub use snapshot::QueueSnapshot;
pub(crate) use snapshot::{Queued, read_snapshot};
pub(crate) use week::seconds as week_seconds;

use hearth_runner::engine::Card;

/// The name of a model of card: `nvidia/NVIDIA H200`.
pub(crate) fn card_name(card: &Card) -> String {
    format!("{}/{}", card.vendor, card.model)
}
