//! Permits of one class of work, of which nobody holds more than a share: a heavy user waits, which leaves
//! room for everybody else.

use std::{
    collections::{BTreeSet, HashMap},
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::StorageId;

/// Whose share a permit comes from. Shares are taken in this order: a client waiting for its own share holds
/// nothing of a repository's, which everybody uses.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Holder {
    /// An account, by its number.
    Account(i64),
    /// A machine or a household; created by [`Holder::address`].
    Address(IpAddr),
    /// All clients of one repository together.
    Repository(StorageId),
}

impl Holder {
    /// An IPv4 address is one holder; so is an IPv6 network of the size that one household gets.
    pub fn address(address: IpAddr) -> Self {
        Self::Address(match address.to_canonical() {
            IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX)).into(),
            v4 @ IpAddr::V4(_) => v4,
        })
    }
}

/// The permits of one class. Cheap to clone; clones draw on the same permits.
#[derive(Clone, Debug)]
pub struct Shares(Arc<Class>);

#[derive(Debug)]
struct Class {
    permits: Arc<Semaphore>,
    most: usize,
    client_share: usize,
    repository_share: usize,
    holders: Mutex<HashMap<Holder, Holding>>,
}

#[derive(Debug)]
struct Holding {
    share: Arc<Semaphore>,
    /// How many callers hold or wait for a part of this share; without any it is forgotten.
    users: usize,
}

/// One permit; it is returned when this is dropped.
#[derive(Debug)]
pub struct Permit {
    // Dropped in this order: a caller waiting for the share then finds a free permit.
    _permit: OwnedSemaphorePermit,
    _parts: Vec<Part>,
}

/// A permit's part of one holder's share.
#[derive(Debug)]
struct Part {
    _part: OwnedSemaphorePermit,
    _user: User,
}

#[derive(Debug)]
struct User {
    class: Arc<Class>,
    holder: Holder,
}

impl Shares {
    /// `permits` in total, of which one holder has at most `share`.
    pub fn new(permits: usize, share: usize) -> Self {
        Self::for_repositories(permits, share, share)
    }

    /// `permits` in total, with one share for each address or account and another for each repository.
    pub fn for_repositories(permits: usize, client_share: usize, repository_share: usize) -> Self {
        Self(Arc::new(Class {
            permits: Arc::new(Semaphore::new(permits)),
            most: permits,
            client_share: client_share.max(1),
            repository_share: repository_share.max(1),
            holders: Mutex::default(),
        }))
    }

    /// A permit that counts against all of these holders, as soon as each has some of their share left and a
    /// permit is free. The server's own work has no holders.
    pub async fn acquire(&self, holders: &[Holder]) -> Permit {
        // In the same order for everybody, so that there is no deadlock.
        let holders: BTreeSet<_> = holders.iter().collect();
        let mut parts = Vec::with_capacity(holders.len());
        for holder in holders {
            // A caller waiting for its own share blocks nobody else.
            let (user, share) = self.enter(holder.clone());
            parts.push(Part { _part: taken(share).await, _user: user });
        }
        Permit { _permit: taken(Arc::clone(&self.0.permits)).await, _parts: parts }
    }

    /// The same, waiting no longer than `patience`.
    pub async fn acquire_within(&self, patience: Duration, holders: &[Holder]) -> Option<Permit> {
        tokio::time::timeout(patience, self.acquire(holders)).await.ok()
    }

    /// The number of permits in use.
    pub fn taken(&self) -> usize {
        self.0.most - self.0.permits.available_permits()
    }

    fn enter(&self, holder: Holder) -> (User, Arc<Semaphore>) {
        let mut holders = self.0.holders.lock().unwrap_or_else(PoisonError::into_inner);
        let share = match holder {
            Holder::Account(_) | Holder::Address(_) => self.0.client_share,
            Holder::Repository(_) => self.0.repository_share,
        };
        let new = || Holding { share: Arc::new(Semaphore::new(share)), users: 0 };
        let holding = holders.entry(holder.clone()).or_insert_with(new);
        holding.users += 1;
        (User { class: Arc::clone(&self.0), holder }, Arc::clone(&holding.share))
    }
}

async fn taken(semaphore: Arc<Semaphore>) -> OwnedSemaphorePermit {
    semaphore.acquire_owned().await.expect("the permits of a class are never closed")
}

impl Drop for User {
    fn drop(&mut self) {
        let mut holders = self.class.holders.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(holding) = holders.get_mut(&self.holder) {
            holding.users -= 1;
            if holding.users == 0 {
                holders.remove(&self.holder);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOMENT: Duration = Duration::from_millis(20);

    fn from(text: &str) -> Holder {
        Holder::address(text.parse().unwrap())
    }

    #[tokio::test]
    async fn one_address_has_its_share_and_leaves_the_rest() {
        let shares = Shares::new(4, 2);
        let (here, there) = (from("192.0.2.1"), from("192.0.2.2"));
        let here = [here];
        let first = shares.acquire(&here).await;
        let _second = shares.acquire(&here).await;
        assert!(shares.acquire_within(MOMENT, &here).await.is_none());
        let _other = shares.acquire(&[there]).await;
        drop(first);
        let _again = shares.acquire(&here).await;
        assert_eq!(shares.taken(), 3);
    }

    #[tokio::test]
    async fn an_account_has_one_share_from_all_its_addresses() {
        let shares = Shares::new(8, 2);
        let _first = shares.acquire(&[Holder::Account(1), from("192.0.2.1")]).await;
        let _second = shares.acquire(&[Holder::Account(1), from("192.0.2.2")]).await;
        let third = [Holder::Account(1), from("192.0.2.3")];
        assert!(shares.acquire_within(MOMENT, &third).await.is_none());
        assert!(shares.acquire_within(MOMENT, &[Holder::Account(2), from("192.0.2.1")]).await.is_some());
    }

    #[tokio::test]
    async fn whoever_waits_for_a_share_holds_up_nobody() {
        let shares = Shares::new(2, 1);
        let greedy = [from("192.0.2.1")];
        let held = shares.acquire(&greedy).await;
        let waiting: Vec<_> = (0..50)
            .map(|_| {
                let (shares, greedy) = (shares.clone(), greedy.clone());
                tokio::spawn(async move { shares.acquire(&greedy).await })
            })
            .collect();
        tokio::task::yield_now().await;
        drop(shares.acquire_within(MOMENT, &[from("192.0.2.2")]).await.expect("room for another"));
        drop(held);
        for waiter in waiting {
            drop(waiter.await.unwrap());
        }
        assert_eq!(shares.taken(), 0);
        assert!(shares.0.holders.lock().unwrap().is_empty(), "nobody is remembered who holds nothing");
    }

    #[tokio::test]
    async fn whoever_waits_for_their_own_share_takes_nothing_of_a_repository() {
        let shares = Shares::for_repositories(4, 1, 2);
        let repository = || Holder::Repository(StorageId::from(1));
        let greedy = [repository(), from("192.0.2.1")];
        let _held = shares.acquire(&greedy).await;
        let (waiting, asked) = (shares.clone(), greedy.clone());
        let waiting = tokio::spawn(async move { waiting.acquire(&asked).await });
        tokio::task::yield_now().await;
        assert!(shares.acquire_within(MOMENT, &[repository(), from("192.0.2.2")]).await.is_some());
        waiting.abort();
    }

    #[tokio::test]
    async fn a_holder_who_is_named_twice_counts_once() {
        let shares = Shares::new(2, 1);
        assert!(shares.acquire_within(MOMENT, &[Holder::Account(1), Holder::Account(1)]).await.is_some());
    }

    #[tokio::test]
    async fn the_server_itself_has_no_share() {
        let shares = Shares::new(3, 1);
        let _all = [shares.acquire(&[]).await, shares.acquire(&[]).await, shares.acquire(&[]).await];
        assert!(shares.acquire_within(MOMENT, &[]).await.is_none());
    }

    #[test]
    fn one_household_is_one_holder() {
        assert_eq!(from("2001:db8:1:2::3"), from("2001:db8:1:2:ffff::4"));
        assert_ne!(from("2001:db8:1:2::3"), from("2001:db8:1:3::3"));
        assert_eq!(from("::ffff:192.0.2.1"), from("192.0.2.1"));
    }
}
