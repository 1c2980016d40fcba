//! Places for those who read repositories. Each class has its own, so that no class waits for another.

use std::{sync::Arc, time::Duration};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{Allowance, Error, Result, repository::Shared};

/// What kind of question is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// A few objects: a folder, a file, a commit, the record of a push. Everybody's pages need these at once.
    Cheap,
    /// Walks over trees and histories, and differences.
    Expensive,
    /// What jobs work out before anybody asks. They may take long, and wait for each other alone.
    Background,
}

/// How long a question waits for its turn before the asker is told to come back later.
const BUSY_AFTER: Duration = Duration::from_secs(20);
/// How long a job waits for the others.
const BACKGROUND_BUSY_AFTER: Duration = Duration::from_mins(10);
/// A cheap question may cost this part of what an expensive one may.
const CHEAP_PART: u32 = 2;
/// Work in the background may cost so many times as much.
const BACKGROUND_FACTOR: u32 = 10;

/// The places of all classes.
pub(crate) struct Permits {
    allowance: Allowance,
    cheap: Arc<Semaphore>,
    expensive: Arc<Semaphore>,
    background: Arc<Semaphore>,
    streams: Arc<Semaphore>,
}

/// A place, given back when it is dropped.
pub(crate) struct Place {
    _share: Option<OwnedSemaphorePermit>,
    _place: OwnedSemaphorePermit,
}

impl Permits {
    pub(crate) fn new(cores: usize, allowance: Allowance) -> Self {
        Self {
            allowance,
            cheap: Arc::new(Semaphore::new(cores * 4)),
            expensive: Arc::new(Semaphore::new(expensive_places(cores))),
            background: Arc::new(Semaphore::new(1)),
            streams: Arc::new(Semaphore::new(cores * 8)),
        }
    }

    /// What a question of this class may cost.
    pub(crate) fn allowance(&self, class: Class) -> Allowance {
        match class {
            Class::Cheap => self.allowance.divided_by(CHEAP_PART),
            Class::Expensive => self.allowance,
            Class::Background => self.allowance.times(BACKGROUND_FACTOR),
        }
    }

    /// A place for a question to this repository.
    pub(crate) async fn enter(&self, class: Class, repository: &Shared) -> Result<Place> {
        match class {
            Class::Cheap => place(&self.cheap, None, BUSY_AFTER).await,
            Class::Expensive => self.enter_soon(repository, BUSY_AFTER).await,
            Class::Background => place(&self.background, None, BACKGROUND_BUSY_AFTER).await,
        }
    }

    /// A place for an expensive question, for those who can do without the answer.
    pub(crate) async fn enter_soon(&self, repository: &Shared, patience: Duration) -> Result<Place> {
        place(&self.expensive, Some(&repository.expensive), patience).await
    }

    /// A place for an answer that is written while its reader takes it.
    pub(crate) async fn stream(&self, repository: &Shared) -> Result<Place> {
        place(&self.streams, Some(&repository.streams), BUSY_AFTER).await
    }
}

/// Memory is what an expensive question takes most, so there are few at once.
fn expensive_places(cores: usize) -> usize {
    (cores * 2).max(4)
}

/// How many expensive questions are asked of one repository at once: half of all, so that one alone does not keep the
/// pages of all others waiting.
pub(crate) fn share_of_one_repository() -> usize {
    expensive_places(cores()) / 2
}

/// The processors of this machine.
pub(crate) fn cores() -> usize {
    std::thread::available_parallelism().map_or(2, std::num::NonZero::get)
}

async fn place(places: &Arc<Semaphore>, share: Option<&Arc<Semaphore>>, patience: Duration) -> Result<Place> {
    let entered = async {
        // First the own share, so that nobody holds a place for which it may not be used yet.
        let share = match share {
            Some(share) => Some(Arc::clone(share).acquire_owned().await.ok()?),
            None => None,
        };
        Some(Place { _share: share, _place: Arc::clone(places).acquire_owned().await.ok()? })
    };
    tokio::time::timeout(patience, entered).await.ok().flatten().ok_or(Error::Busy)
}
