//! Rate limit for guessing secrets: per account and address, with growing delays, and per address only after
//! far more guesses than people behind one proxy mistype.

use std::{
    net::IpAddr,
    sync::{Arc, OnceLock},
    time::{Duration, Instant},
};

use hearth_core::{Error, Result};
use moka::{ops::compute::Op, sync::Cache};

use crate::ClientAddress;

/// Guesses without a delay, for one account from one address.
const FREE_OF_ACCOUNT: u32 = 5;
/// Guesses without a delay from one address, for any accounts: a whole organisation may share the address.
const FREE_OF_ADDRESS: u32 = 1_000;
const FIRST_PAUSE: Duration = Duration::from_secs(2);
const LONGEST_PAUSE_OF_ACCOUNT: Duration = Duration::from_secs(15 * 60);
/// Shorter, because it also locks out people who have nothing to do with the guesses.
const LONGEST_PAUSE_OF_ADDRESS: Duration = Duration::from_secs(60);
/// After this long without a guess, all is forgotten.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(60 * 60);
const MOST_REMEMBERED: u64 = 100_000;
/// Wrong guesses for this many accounts from one forwarding address suggest that it is a proxy missing from
/// the configuration.
const ACCOUNTS_BEHIND_PROXY: u32 = 10;

#[derive(Clone, Copy, Debug)]
struct Guesses {
    count: u32,
    /// For an address: how many accounts were guessed from it.
    accounts: u32,
    next_at: Instant,
    last_at: Instant,
}

/// The delays for one kind of key.
#[derive(Clone, Copy, Debug)]
struct Pauses {
    free: u32,
    longest: Duration,
}

const OF_ACCOUNT: Pauses = Pauses { free: FREE_OF_ACCOUNT, longest: LONGEST_PAUSE_OF_ACCOUNT };
const OF_ADDRESS: Pauses = Pauses { free: FREE_OF_ADDRESS, longest: LONGEST_PAUSE_OF_ADDRESS };

/// Counts guesses. Clones share the same counters.
#[derive(Clone, Debug)]
pub struct GuessLimit {
    book: Cache<(Option<String>, IpAddr), Guesses>,
    undeclared_proxy: Arc<OnceLock<IpAddr>>,
}

impl Default for GuessLimit {
    fn default() -> Self {
        let book = Cache::builder().max_capacity(MOST_REMEMBERED).time_to_idle(FORGOTTEN_AFTER).build();
        Self { book, undeclared_proxy: Arc::default() }
    }
}

impl GuessLimit {
    /// Call this before checking a guess: it counts until [`GuessLimit::forgive`], so that concurrent guesses
    /// count too. `now` is monotonic.
    pub fn count(&self, account: &str, from: ClientAddress, now: Instant) -> Result<()> {
        let key = (Some(account.to_lowercase()), from.network());
        let is_new = !self.book.contains_key(&key);
        self.count_one(key, OF_ACCOUNT, 0, now)?;
        let accounts = self.count_one((None, from.network()), OF_ADDRESS, u32::from(is_new), now)?;
        if from.forwards() && accounts >= ACCOUNTS_BEHIND_PROXY {
            self.tell_of_proxy(from.network());
        }
        Ok(())
    }

    /// The same for guesses that name no account.
    pub fn count_address(&self, from: ClientAddress, now: Instant) -> Result<()> {
        self.count_one((None, from.network()), OF_ADDRESS, 0, now).map(drop)
    }

    /// The guess was right, so it no longer counts.
    pub fn forgive(&self, account: &str, from: ClientAddress) {
        self.book.invalidate(&(Some(account.to_lowercase()), from.network()));
        self.book.entry((None, from.network())).and_compute_with(|entry| match entry {
            Some(entry) => {
                let mut guesses = entry.into_value();
                guesses.count = guesses.count.saturating_sub(1);
                guesses.accounts = guesses.accounts.saturating_sub(1);
                Op::Put(guesses)
            }
            None => Op::Nop,
        });
    }

    /// An address that seems to be a proxy missing from the configuration.
    pub fn undeclared_proxy(&self) -> Option<IpAddr> {
        self.undeclared_proxy.get().copied()
    }

    /// Only logged once: further messages would say the same.
    fn tell_of_proxy(&self, address: IpAddr) {
        if self.undeclared_proxy.set(address).is_ok() {
            tracing::warn!(
                client.address = %address,
                "wrong passwords of many accounts come from one address that forwards requests: if it is your proxy, name it in \
                 server.trusted_proxies, so that its visitors are told apart"
            );
        }
    }

    /// Returns how many accounts were guessed under this key.
    fn count_one(
        &self,
        key: (Option<String>, IpAddr),
        pauses: Pauses,
        accounts: u32,
        now: Instant,
    ) -> Result<u32> {
        let (mut refused, mut known) = (None, 0);
        self.book.entry(key).and_compute_with(|entry| {
            let old = entry.map(moka::Entry::into_value);
            let old = old.filter(|guesses| now.saturating_duration_since(guesses.last_at) < FORGOTTEN_AFTER);
            if let Some(guesses) = old.filter(|guesses| guesses.next_at > now) {
                refused = Some(guesses.next_at - now);
                return Op::Nop;
            }
            let count = old.map_or(0, |guesses| guesses.count).saturating_add(1);
            known = old.map_or(0, |guesses| guesses.accounts).saturating_add(accounts);
            Op::Put(Guesses { count, accounts: known, next_at: now + pauses.after(count), last_at: now })
        });
        match refused {
            Some(retry_after) => Err(Error::TooManyRequests { retry_after }),
            None => Ok(known),
        }
    }
}

impl Pauses {
    /// The delay after guess number `count`.
    fn after(self, count: u32) -> Duration {
        let Some(over) = count.checked_sub(self.free) else { return Duration::ZERO };
        FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(over)).min(self.longest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(text: &str) -> ClientAddress {
        ClientAddress::new(text.parse().unwrap())
    }

    fn wait(result: Result<()>) -> Option<u64> {
        match result {
            Ok(()) => None,
            Err(Error::TooManyRequests { retry_after }) => Some(retry_after.as_secs()),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn pauses_grow_and_end() {
        let (limit, start) = (GuessLimit::default(), Instant::now());
        let at = |second| start + Duration::from_secs(second);
        let here = from("192.0.2.1");
        for _ in 0..5 {
            assert_eq!(wait(limit.count("mei", here, at(0))), None);
        }
        assert_eq!(wait(limit.count("MEI", here, at(0))), Some(2));
        assert_eq!(wait(limit.count("mei", here, at(2))), None);
        assert_eq!(wait(limit.count("mei", here, at(2))), Some(4));
        assert_eq!(wait(limit.count("mei", here, at(2 + 3600))), None);
        assert_eq!(wait(limit.count("mei", here, at(2 + 3600))), None);
        assert_eq!(OF_ACCOUNT.after(500), LONGEST_PAUSE_OF_ACCOUNT);
    }

    #[test]
    fn an_account_is_locked_for_nobody_else() {
        let (limit, now) = (GuessLimit::default(), Instant::now());
        for _ in 0..5 {
            assert_eq!(wait(limit.count("mei", from("192.0.2.1"), now)), None);
        }
        assert!(wait(limit.count("mei", from("192.0.2.1"), now)).is_some());
        assert_eq!(wait(limit.count("mei", from("192.0.2.2"), now)), None);
        assert_eq!(wait(limit.count("lin", from("192.0.2.1"), now)), None);
    }

    #[test]
    fn a_right_password_is_taken_behind_hundreds_of_wrong_ones_of_others() {
        let (limit, now) = (GuessLimit::default(), Instant::now());
        let proxy = from("192.0.2.1");
        for number in 0..500 {
            assert_eq!(wait(limit.count(&format!("user{}", number % 200), proxy, now)), None);
        }
        assert_eq!(wait(limit.count("mei", proxy, now)), None);
    }

    #[test]
    fn one_address_cannot_try_every_account() {
        let (limit, now) = (GuessLimit::default(), Instant::now());
        let refused = (0..2_000).find(|n| limit.count(&format!("user{n}"), from("192.0.2.1"), now).is_err());
        assert_eq!(refused, Some(1_000));
        assert_eq!(OF_ADDRESS.after(5_000), LONGEST_PAUSE_OF_ADDRESS);
    }

    #[test]
    fn a_right_guess_clears_the_account() {
        let (limit, now) = (GuessLimit::default(), Instant::now());
        let here = from("192.0.2.1");
        for _ in 0..2_000 {
            assert_eq!(wait(limit.count("mei", here, now)), None);
            limit.forgive("Mei", here);
        }
    }

    #[test]
    fn an_undeclared_proxy_is_told_from_somebody_who_guesses() {
        let (limit, now) = (GuessLimit::default(), Instant::now());
        for number in 0..50 {
            limit.count(&format!("user{number}"), from("192.0.2.1"), now).unwrap();
            limit.count("mei", from("192.0.2.2").forwarding(), now).ok();
            limit.count(&format!("user{number}"), from("192.0.2.3").forwarding(), now).unwrap();
            limit.forgive(&format!("user{number}"), from("192.0.2.3"));
        }
        assert_eq!(limit.undeclared_proxy(), None);
        for number in 0..ACCOUNTS_BEHIND_PROXY {
            limit.count(&format!("user{number}"), from("192.0.2.4").forwarding(), now).unwrap();
        }
        assert_eq!(limit.undeclared_proxy(), Some("192.0.2.4".parse().unwrap()));
    }

    #[test]
    fn one_household_is_one_address() {
        assert_eq!(from("2001:db8:1:2::3"), from("2001:db8:1:2:ffff::4"));
        assert_ne!(from("2001:db8:1:2::3"), from("2001:db8:1:3::3"));
        assert_eq!(from("::ffff:192.0.2.1"), from("192.0.2.1"));
    }
}
