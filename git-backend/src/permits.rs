//! Permits for reading repositories. Each class has its own, so that no class waits for another.

use std::time::Duration;

use crate::{
    Allowance, Capacity, Error, Holder, Permit, Result, Shares, StorageId, holders::current_holders,
};

/// The cost class of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// A few objects: a folder, a file, a commit, the record of a push. Every page needs these at once.
    Cheap,
    /// Walks over trees and histories, and diffs.
    Expensive,
    /// Precomputation by jobs. They may take long, and wait only for each other.
    Background,
}

/// How long a query waits for a permit before the client is told to come back later.
const BUSY_AFTER: Duration = Duration::from_secs(20);
/// How long a job waits for the others.
const BACKGROUND_BUSY_AFTER: Duration = Duration::from_mins(10);
/// Concurrent jobs, each on another repository: a slow one delays only its own repository.
const BACKGROUND_PLACES: usize = 2;
/// A cheap query may cost this fraction of an expensive one.
const CHEAP_PART: u32 = 2;
/// Background work may cost this many times as much as an expensive query.
const BACKGROUND_FACTOR: u32 = 10;

/// The permits of all classes.
pub(crate) struct Permits {
    allowance: Allowance,
    cheap: Shares,
    expensive: Shares,
    background: Shares,
    streams: Shares,
}

impl Permits {
    pub(crate) fn new(capacity: &Capacity, allowance: Allowance) -> Self {
        let cheap = cores() * 4;
        let Capacity { transfers, transfers_per_client, questions, questions_per_client, .. } = *capacity;
        Self {
            allowance,
            cheap: Shares::new(cheap, cheap),
            // One repository alone must not block the pages of all others.
            expensive: Shares::for_repositories(questions, questions_per_client, questions / 2),
            background: Shares::for_repositories(BACKGROUND_PLACES, BACKGROUND_PLACES, 1),
            streams: Shares::for_repositories(transfers.div_ceil(2), transfers_per_client / 2, transfers / 8),
        }
    }

    /// What a query of this class may cost.
    pub(crate) fn allowance(&self, class: Class) -> Allowance {
        match class {
            Class::Cheap => self.allowance.divided_by(CHEAP_PART),
            Class::Expensive => self.allowance,
            Class::Background => self.allowance.times(BACKGROUND_FACTOR),
        }
    }

    /// A permit for a query on this repository.
    pub(crate) async fn enter(&self, class: Class, repository: &StorageId) -> Result<Permit> {
        match class {
            Class::Cheap => place(&self.cheap, BUSY_AFTER, &[]).await,
            Class::Expensive => self.enter_soon(repository, BUSY_AFTER).await,
            Class::Background => {
                place(&self.background, BACKGROUND_BUSY_AFTER, &[Holder::Repository(repository.clone())])
                    .await
            }
        }
    }

    /// A permit for an expensive query whose caller can do without the answer.
    pub(crate) async fn enter_soon(&self, repository: &StorageId, patience: Duration) -> Result<Permit> {
        place(&self.expensive, patience, &holders_for(repository)).await
    }

    /// A permit for an answer that is written while its reader consumes it.
    pub(crate) async fn stream(&self, repository: &StorageId) -> Result<Permit> {
        place(&self.streams, BUSY_AFTER, &holders_for(repository)).await
    }
}

/// The number of CPU cores.
pub(crate) fn cores() -> usize {
    std::thread::available_parallelism().map_or(2, std::num::NonZero::get)
}

/// The holders whose shares pay for a query on this repository.
fn holders_for(repository: &StorageId) -> Vec<Holder> {
    let mut holders = current_holders();
    holders.push(Holder::Repository(repository.clone()));
    holders
}

async fn place(places: &Shares, patience: Duration, holders: &[Holder]) -> Result<Permit> {
    places.acquire_within(patience, holders).await.ok_or(Error::Busy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::on_behalf_of;

    const MOMENT: Duration = Duration::from_millis(20);

    fn address(last: u8) -> Vec<Holder> {
        vec![Holder::address([192, 0, 2, last].into())]
    }

    fn four_places() -> Permits {
        let capacity = Capacity { questions: 4, questions_per_client: 2, ..Capacity::default() };
        Permits::new(&capacity, Allowance::DEFAULT)
    }

    #[tokio::test]
    async fn one_address_that_asks_of_many_repositories_leaves_places_for_others() {
        let permits = four_places();
        let mut held = Vec::new();
        for number in 1..=2 {
            let repository = StorageId::from(number);
            let asked = permits.enter_soon(&repository, MOMENT);
            held.push(on_behalf_of(address(1), asked).await.expect("within the share"));
        }
        let third = StorageId::from(3);
        assert!(on_behalf_of(address(1), permits.enter_soon(&third, MOMENT)).await.is_err());
        held.push(
            on_behalf_of(address(2), permits.enter_soon(&third, MOMENT)).await.expect("room for another"),
        );
        held.push(permits.enter_soon(&third, MOMENT).await.expect("room for the server itself"));
        assert!(permits.enter_soon(&StorageId::from(4), MOMENT).await.is_err(), "four are all");
    }

    #[tokio::test]
    async fn one_repository_that_many_ask_of_leaves_places_for_others() {
        let permits = four_places();
        let (much_asked, quiet) = (StorageId::from(1), StorageId::from(2));
        let mut held = Vec::new();
        for last in 1..=2 {
            let asked = permits.enter_soon(&much_asked, MOMENT);
            held.push(on_behalf_of(address(last), asked).await.expect("within the share"));
        }
        assert!(on_behalf_of(address(3), permits.enter_soon(&much_asked, MOMENT)).await.is_err());
        held.push(
            on_behalf_of(address(3), permits.enter_soon(&quiet, MOMENT)).await.expect("room for another"),
        );
    }

    #[tokio::test]
    async fn one_repository_has_one_place_in_the_background() {
        let permits = four_places();
        let busy = StorageId::from(1);
        let _long = permits.enter(Class::Background, &busy).await.expect("a place");
        let again = permits.enter(Class::Background, &busy);
        assert!(tokio::time::timeout(MOMENT, again).await.is_err());
        permits.enter(Class::Background, &StorageId::from(2)).await.expect("a place for another");
    }
}
