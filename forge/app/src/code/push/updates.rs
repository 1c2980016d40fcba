//! Reference updates that are not recorded yet. Meanwhile, reconciliation leaves the repository alone; if the
//! record never comes, the repository is reconciled soon.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use hearth_core::{RepositoryId, Result};
use hearth_git::{Lock, RepositoryStore, StorageId};

use crate::GitResult as _;

/// The reference updates running in this process, which other servers also see, and those it left unrecorded.
#[derive(Clone)]
pub(crate) struct ReferenceUpdates {
    git: RepositoryStore,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    running: HashMap<RepositoryId, u32>,
    unrecorded: BTreeSet<RepositoryId>,
}

/// A running reference update. If it is dropped before [`ReferenceUpdate::recorded`], its repository is reconciled.
pub(crate) struct ReferenceUpdate {
    reference_updates: ReferenceUpdates,
    repository: RepositoryId,
    is_recorded: bool,
    _held: Option<Lock>,
}

impl ReferenceUpdates {
    pub(crate) fn of(git: RepositoryStore) -> Self {
        Self { git, state: Arc::default() }
    }

    /// Call this before references are updated.
    pub(crate) fn begin(&self, repository: RepositoryId) -> ReferenceUpdate {
        self.with(|state| *state.running.entry(repository).or_default() += 1);
        let held = self.git.hold_references(&StorageId::from(repository.0));
        ReferenceUpdate { reference_updates: self.clone(), repository, is_recorded: false, _held: held }
    }

    /// Whether references of a repository may be changing right now, here or on another server.
    pub(crate) fn are_running(&self, repository: RepositoryId) -> Result<bool> {
        let is_here = self.with(|state| state.running.contains_key(&repository));
        Ok(is_here || self.git.are_references_held(&StorageId::from(repository.0)).map_git()?)
    }

    /// Takes the set of repositories whose references changed without a record.
    pub(crate) fn take_unrecorded(&self) -> BTreeSet<RepositoryId> {
        self.with(|state| std::mem::take(&mut state.unrecorded))
    }

    /// Marks a repository to be reconciled in the next round.
    pub(crate) fn mark_unrecorded(&self, repository: RepositoryId) {
        self.with(|state| state.unrecorded.insert(repository));
    }

    fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl ReferenceUpdate {
    /// Declares that what changed is recorded, or that nothing changed.
    pub(crate) fn recorded(mut self) {
        self.is_recorded = true;
    }
}

impl Drop for ReferenceUpdate {
    fn drop(&mut self) {
        let (repository, is_recorded) = (self.repository, self.is_recorded);
        self.reference_updates.with(|state| {
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
        let folder = tempfile::tempdir().expect("a folder");
        let git = RepositoryStore::at(folder.path()).expect("a store");
        let (reference_updates, elsewhere) =
            (ReferenceUpdates::of(git.clone()), ReferenceUpdates::of(git.clone()));
        let (first, second) = (RepositoryId(1), RepositoryId(2));
        std::fs::create_dir_all(git.path(&StorageId::from(second.0)).join("refs")).expect("a repository");
        let are_running =
            |reference_updates: &ReferenceUpdates, id| reference_updates.are_running(id).expect("an answer");
        reference_updates.begin(first).recorded();
        let (one, other) = (reference_updates.begin(second), reference_updates.begin(second));
        one.recorded();
        assert!(are_running(&reference_updates, second) && !are_running(&reference_updates, first));
        assert!(are_running(&elsewhere, second), "another server sees it");
        drop(other);
        assert!(!are_running(&reference_updates, second) && !are_running(&elsewhere, second));
        assert!(elsewhere.take_unrecorded().is_empty());
        assert_eq!(reference_updates.take_unrecorded(), BTreeSet::from([second]));
        assert!(reference_updates.take_unrecorded().is_empty());
    }
}
