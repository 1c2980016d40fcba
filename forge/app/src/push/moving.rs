//! References that move, and are not recorded yet. Between the two a repository is left alone by who compares it with its record, and
//! where the record never comes, it is compared soon.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use hearth_core::RepositoryId;

/// What this process moves, and what it has left unrecorded.
#[derive(Clone, Debug, Default)]
pub(crate) struct Moves(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    running: HashMap<RepositoryId, u32>,
    unrecorded: BTreeSet<RepositoryId>,
}

/// One who moves references. Dropped before [`Moving::recorded`], it leaves its repository to be compared.
#[derive(Debug)]
pub(crate) struct Moving {
    moves: Moves,
    repository: RepositoryId,
    is_recorded: bool,
}

impl Moves {
    /// Call before references move.
    pub(crate) fn begin(&self, repository: RepositoryId) -> Moving {
        self.with(|state| *state.running.entry(repository).or_default() += 1);
        Moving { moves: self.clone(), repository, is_recorded: false }
    }

    /// Whether references of a repository may be on the move right now.
    pub(crate) fn are_running(&self, repository: RepositoryId) -> bool {
        self.with(|state| state.running.contains_key(&repository))
    }

    /// Takes out the repositories whose references moved without a record.
    pub(crate) fn take_unrecorded(&self) -> BTreeSet<RepositoryId> {
        self.with(|state| std::mem::take(&mut state.unrecorded))
    }

    /// Lets a repository be compared in the next round.
    pub(crate) fn suspect(&self, repository: RepositoryId) {
        self.with(|state| state.unrecorded.insert(repository));
    }

    fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Moving {
    /// Says that the record holds what moved, or that nothing moved.
    pub(crate) fn recorded(mut self) {
        self.is_recorded = true;
    }
}

impl Drop for Moving {
    fn drop(&mut self) {
        let (repository, is_recorded) = (self.repository, self.is_recorded);
        self.moves.with(|state| {
            if let Some(running) = state.running.get_mut(&repository) {
                *running -= 1;
                if *running == 0 {
                    state.running.remove(&repository);
                }
            }
            if !is_recorded {
                state.unrecorded.insert(repository);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_not_recorded_is_compared() {
        let moves = Moves::default();
        let (first, second) = (RepositoryId(1), RepositoryId(2));
        moves.begin(first).recorded();
        let (one, other) = (moves.begin(second), moves.begin(second));
        one.recorded();
        assert!(moves.are_running(second) && !moves.are_running(first));
        drop(other);
        assert!(!moves.are_running(second));
        assert_eq!(moves.take_unrecorded(), BTreeSet::from([second]));
        assert!(moves.take_unrecorded().is_empty());
    }
}
