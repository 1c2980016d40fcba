//! How much one query may cost: every object read and every entry visited is charged to the budget of the
//! [`OpenRepository`](crate::OpenRepository) lent for it.

use std::{
    cell::Cell,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use crate::{Error, Result};

/// The most that one query may visit, read and take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// Entries of trees, commits with their parents, and references.
    pub entries: u64,
    /// Bytes of objects.
    pub bytes: u64,
    /// How long it may take.
    pub time: Duration,
}

impl Allowance {
    /// The default for one expensive query.
    pub const DEFAULT: Self = Self { entries: 1_000_000, bytes: 128 << 20, time: Duration::from_secs(10) };

    /// A fraction of it.
    pub(crate) fn divided_by(self, parts: u32) -> Self {
        let (count, time) = (u64::from(parts), self.time / parts);
        Self { entries: self.entries / count, bytes: self.bytes / count, time }
    }

    /// A multiple of it.
    pub(crate) fn times(self, factor: u32) -> Self {
        let count = u64::from(factor);
        Self {
            entries: self.entries.saturating_mul(count),
            bytes: self.bytes.saturating_mul(count),
            time: self.time.saturating_mul(factor),
        }
    }
}

impl Default for Allowance {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// The limit at which reading stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Bound {
    /// Too many entries.
    Entries,
    /// Too many bytes.
    Bytes,
    /// Too much time.
    Time,
    /// Folders that are nested too deeply were left out.
    Depth,
}

/// An answer that may be incomplete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer<T> {
    /// What was found.
    pub value: T,
    /// Why there may be more; `None` for a complete answer.
    pub left_out: Option<Bound>,
}

impl<T> Answer<T> {
    /// A complete answer.
    pub fn whole(value: T) -> Self {
        Self { value, left_out: None }
    }

    /// Whether nothing was left out.
    pub fn is_whole(&self) -> bool {
        self.left_out.is_none()
    }

    /// The same answer with its value transformed.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Answer<U> {
        Answer { value: change(self.value), left_out: self.left_out }
    }
}

/// What a query has cost so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cost {
    /// Entries that were visited.
    pub entries: u64,
    /// Bytes of the objects that were read.
    pub bytes: u64,
}

/// Tells whether anybody still waits for an answer. Dropping the [`CancelOnDrop`] of a query makes its thread
/// stop.
#[derive(Debug, Clone, Default)]
pub(crate) struct CancelFlag(Arc<AtomicBool>);

/// Held by whoever waits.
#[derive(Debug)]
pub(crate) struct CancelOnDrop(CancelFlag);

impl CancelFlag {
    pub(crate) fn new() -> (Self, CancelOnDrop) {
        let cancel = Self::default();
        (cancel.clone(), CancelOnDrop(cancel))
    }

    fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.0.store(true, Ordering::Relaxed);
    }
}

/// The budget of one query, on its own thread.
pub(crate) struct Budget {
    given: Allowance,
    /// What one expensive query may cost in this store, as configured by the operator.
    usual: Allowance,
    most: Cell<Allowance>,
    spent: Cell<Cost>,
    charges: Cell<u32>,
    started: Instant,
    cancel: CancelFlag,
}

/// The clock is read once per this many charges.
const CHARGES_PER_LOOK: u32 = 64;
/// After a walk was cut short, finishing its answer (reading the commits it names, for example) may cost this
/// fraction of the allowance once more.
const REST: u32 = 4;

impl Budget {
    pub(crate) fn new(given: Allowance, usual: Allowance, cancel: CancelFlag) -> Self {
        Self {
            given,
            usual,
            most: Cell::new(given),
            spent: Cell::default(),
            charges: Cell::new(0),
            started: Instant::now(),
            cancel,
        }
    }

    /// The error of a query that exceeds a bound.
    pub(crate) fn over(&self, bound: Bound) -> Error {
        Error::OverBudget { bound, allowance: self.usual }
    }

    /// The value of an answer that has to be complete; otherwise [`Error::OverBudget`].
    pub(crate) fn whole<T>(&self, answer: Answer<T>) -> Result<T> {
        match answer.left_out {
            None => Ok(answer.value),
            Some(bound) => Err(self.over(bound)),
        }
    }

    /// Charges what is visited or read; an error once the budget is spent or nobody waits any more.
    pub(crate) fn charge(&self, entries: u64, bytes: u64) -> Result<()> {
        let mut spent = self.spent.get();
        spent.entries = spent.entries.saturating_add(entries);
        spent.bytes = spent.bytes.saturating_add(bytes);
        self.spent.set(spent);
        let most = self.most.get();
        if spent.entries > most.entries {
            return Err(self.over(Bound::Entries));
        }
        if spent.bytes > most.bytes {
            return Err(self.over(Bound::Bytes));
        }
        let charges = self.charges.get();
        self.charges.set(charges.wrapping_add(1));
        if charges.is_multiple_of(CHARGES_PER_LOOK) { self.look() } else { Ok(()) }
    }

    /// Checks that there is time left and that somebody still waits.
    pub(crate) fn look(&self) -> Result<()> {
        if self.cancel.is_cancelled() {
            return Err(Error::Cancelled);
        }
        if self.started.elapsed() > self.most.get().time {
            return Err(self.over(Bound::Time));
        }
        Ok(())
    }

    /// What a walk found, complete or cut short. Being cut short is no failure; being cancelled is.
    pub(crate) fn answer<T>(&self, walked: Result<()>, value: T) -> Result<Answer<T>> {
        match walked {
            Ok(()) => Ok(Answer::whole(value)),
            Err(Error::OverBudget { bound, .. }) => {
                self.grant_rest();
                Ok(Answer { value, left_out: Some(bound) })
            }
            Err(other) => Err(other),
        }
    }

    fn grant_rest(&self) {
        let (spent, rest) = (self.spent.get(), self.given.divided_by(REST));
        self.most.set(Allowance {
            entries: spent.entries.saturating_add(rest.entries),
            bytes: spent.bytes.saturating_add(rest.bytes),
            time: self.started.elapsed() + rest.time,
        });
    }

    /// Whether this query may cost more than `other`.
    pub(crate) fn is_larger_than(&self, other: Allowance) -> bool {
        self.given.entries > other.entries
    }

    pub(crate) fn spent(&self) -> Cost {
        self.spent.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: Allowance = Allowance { entries: 8, bytes: 100, time: Duration::from_hours(1) };

    #[test]
    fn what_goes_over_the_budget_is_an_answer_with_a_mark_and_a_rest_to_finish_it() {
        let budget = Budget::new(SMALL, SMALL, CancelFlag::default());
        assert!(budget.charge(8, 100).is_ok());
        let cut = budget.charge(1, 0);
        assert!(matches!(cut, Err(Error::OverBudget { bound: Bound::Entries, .. })));
        assert_eq!(budget.answer(cut, 7).expect("an answer").left_out, Some(Bound::Entries));
        assert!(budget.charge(2, 25).is_ok(), "a quarter is left");
        assert!(matches!(budget.charge(0, 1), Err(Error::OverBudget { bound: Bound::Bytes, .. })));
    }

    #[test]
    fn nobody_waits_for_a_question_whose_asker_is_gone() {
        let (cancel, cancel_on_drop) = CancelFlag::new();
        let budget = Budget::new(SMALL, SMALL, cancel);
        assert!(budget.look().is_ok());
        drop(cancel_on_drop);
        let stopped = budget.charge(1, 1);
        assert!(matches!(stopped, Err(Error::Cancelled)));
        assert!(budget.answer(stopped, ()).is_err(), "half an answer for nobody is none");
    }

    #[test]
    fn time_runs_out() {
        let none = Allowance { time: Duration::ZERO, ..SMALL };
        let budget = Budget::new(none, SMALL, CancelFlag::default());
        assert!(matches!(budget.look(), Err(Error::OverBudget { bound: Bound::Time, .. })));
    }
}
