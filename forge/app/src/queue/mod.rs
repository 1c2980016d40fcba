//! The one queue for all engines: who is next, what is ahead, what is missing. A task is bound to an engine, a machine
//! and cards only when its turn comes.
//!
//! Tasks are served by priority, then by age. A task that has to wait keeps what comes after it from overtaking, so
//! that a large one is not starved by small ones; one that no machine could ever hold stands in nobody's way.

mod plan;

use hearth_core::{Reason, Result};
use hearth_runner::TaskSpec;
use hearth_store::{attempt, spec::Spec, task as row, task::Task};

pub use plan::{Free, Need};
pub(crate) use plan::{Machine, Place, Verdict, card_name, plan};

use crate::{App, task::SpecChoice};

/// How it stands with one waiting task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueuePlace {
    /// 1 is next.
    pub place: usize,
    /// Tasks that wait, in all.
    pub waiting: usize,
    pub reason: Reason,
    pub need: Need,
    /// What the machine with the most room has free; none where no machine could ever hold it.
    pub free: Option<Free>,
}

/// The place of a task; none when it does not wait.
pub async fn place(app: &App, task: &Task) -> Result<Option<QueuePlace>> {
    let outlook = outlook(app).await?;
    let Some(at) = outlook.waiting.iter().position(|waiting| waiting.id == task.id) else { return Ok(None) };
    let need = Need::of_task(task);
    let (verdict, free) = plan(&outlook.machines, &outlook.waiting).swap_remove(at);
    let reason = match verdict {
        Verdict::Start(_) => Reason::QueueFirst,
        Verdict::Wait(reason) => reason,
    };
    Ok(Some(QueuePlace { place: at + 1, waiting: outlook.waiting.len(), reason, need, free }))
}

/// The machines as they are used now, and who waits for them.
#[derive(Debug)]
pub struct Outlook {
    pub(crate) machines: Vec<Machine>,
    pub(crate) waiting: Vec<Task>,
}

impl Outlook {
    /// Some machine is large enough for this spec.
    pub fn fits(&self, spec: &Spec) -> bool {
        let need = Need::of_spec(spec);
        self.machines.iter().any(|machine| machine.could_hold(&need))
    }

    pub(crate) fn of_spec(&self, spec: Spec) -> SpecChoice {
        let need = Need::of_spec(&spec);
        let has_room = self.machines.iter().any(|machine| machine.can_hold_now(&need));
        let waiting = self.waiting.iter().filter(|task| task.spec_code == spec.code).count() as u64;
        SpecChoice { is_free: has_room && self.waiting.is_empty(), fits: self.fits(&spec), waiting, spec }
    }

    /// Free and whole room of every machine, for pages.
    pub fn rooms(&self) -> impl Iterator<Item = (&str, &Free, &Free)> {
        self.machines.iter().map(|machine| (machine.name.as_str(), &machine.free, &machine.whole))
    }
}

/// Asks every engine what it has, and the store what of it is taken. An engine that does not answer has nothing now.
pub async fn outlook(app: &App) -> Result<Outlook> {
    let mut machines = Vec::new();
    for engine in app.engines() {
        match engine.capacity(&[]).await {
            Ok(capacity) => {
                machines
                    .extend(capacity.machines.into_iter().map(|found| Machine::new(engine.name(), found)));
            }
            Err(error) => {
                tracing::warn!(
                    engine.name = engine.name(),
                    error = &error as &dyn std::error::Error,
                    "no capacity"
                );
            }
        }
    }
    let mut reader = app.store().read().await?;
    let open = attempt::list_open(&mut reader).await?;
    let waiting = row::list_waiting(&mut reader).await?;
    for attempt in open {
        let taken = machines
            .iter_mut()
            .find(|machine| machine.engine == attempt.engine && machine.name == attempt.machine);
        if let Some(machine) = taken
            && let Ok(spec) = serde_json::from_value::<TaskSpec>(attempt.spec.0)
        {
            machine.take(&spec.resources);
        }
    }
    Ok(Outlook { machines, waiting })
}
