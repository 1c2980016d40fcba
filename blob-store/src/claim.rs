//! Who is about to name an object, and who removes objects that nobody names: never both at once.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use crate::BlobId;

/// The objects that somebody is about to name. Clones share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Claims {
    counts: Arc<Mutex<HashMap<BlobId, usize>>>,
    /// Held while objects are removed: a claim waits for the end of it.
    removing: Arc<tokio::sync::Mutex<()>>,
}

/// As long as it lives, the object is not removed for want of a row that names it.
#[derive(Debug)]
pub struct Claim {
    claims: Claims,
    id: BlobId,
}

/// As long as it lives, nobody can begin to claim an object.
pub(crate) struct Removing {
    claims: Claims,
    _held: tokio::sync::OwnedMutexGuard<()>,
}

impl Claims {
    pub(crate) async fn claim(&self, id: &BlobId) -> Claim {
        let _not_removing = self.removing.lock().await;
        *self.counts().entry(id.clone()).or_default() += 1;
        Claim { claims: self.clone(), id: id.clone() }
    }

    pub(crate) async fn remove(&self) -> Removing {
        Removing { claims: self.clone(), _held: Arc::clone(&self.removing).lock_owned().await }
    }

    fn counts(&self) -> std::sync::MutexGuard<'_, HashMap<BlobId, usize>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Removing {
    pub(crate) fn is_claimed(&self, id: &BlobId) -> bool {
        self.claims.counts().contains_key(id)
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let mut counts = self.claims.counts();
        if let Some(count) = counts.get_mut(&self.id) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.id);
            }
        }
    }
}
