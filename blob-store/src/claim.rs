//! Mutual exclusion between claiming an object for a new reference and removing unreferenced objects.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use crate::BlobId;

/// The claimed objects. Clones share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Claims {
    counts: Arc<Mutex<HashMap<BlobId, usize>>>,
    /// Held while objects are removed: claims wait until it is released.
    removing: Arc<tokio::sync::Mutex<()>>,
}

/// While it exists, the object is not removed as unreferenced.
#[derive(Debug)]
pub struct Claim {
    claims: Claims,
    id: BlobId,
}

/// While it exists, no object can be claimed.
pub(crate) struct RemovalGuard {
    claims: Claims,
    _held: tokio::sync::OwnedMutexGuard<()>,
}

impl Claims {
    pub(crate) async fn claim(&self, id: &BlobId) -> Claim {
        let _not_removing = self.removing.lock().await;
        *self.counts().entry(id.clone()).or_default() += 1;
        Claim { claims: self.clone(), id: id.clone() }
    }

    pub(crate) async fn remove(&self) -> RemovalGuard {
        RemovalGuard { claims: self.clone(), _held: Arc::clone(&self.removing).lock_owned().await }
    }

    fn counts(&self) -> std::sync::MutexGuard<'_, HashMap<BlobId, usize>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl RemovalGuard {
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
