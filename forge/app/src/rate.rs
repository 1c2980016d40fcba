//! How often a secret may be guessed: per account and address, with growing pauses, and never for everybody at once.

use std::{
    net::{IpAddr, Ipv6Addr},
    time::Duration,
};

use hearth_core::{Error, Result, Timestamp};
use moka::{ops::compute::Op, sync::Cache};

/// Guesses without a pause, for one account from one address.
const FREE_OF_ACCOUNT: u32 = 5;
/// Guesses without a pause from one address, whatever the account: many people may share it.
const FREE_OF_ADDRESS: u32 = 50;
const FIRST_PAUSE: Duration = Duration::from_secs(2);
const LONGEST_PAUSE: Duration = Duration::from_secs(15 * 60);
/// After this long without a guess nothing is held against anybody.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(60 * 60);
const MOST_REMEMBERED: u64 = 100_000;

/// Where a request comes from, as far as one machine or household can be told: an IPv6 network counts as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClientAddress(IpAddr);

impl ClientAddress {
    pub fn new(address: IpAddr) -> Self {
        Self(match address {
            IpAddr::V4(_) => address,
            IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
                Some(v4) => IpAddr::V4(v4),
                None => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
            },
        })
    }

    /// The address, of an IPv6 network its first.
    pub fn network(self) -> IpAddr {
        self.0
    }
}

impl Default for ClientAddress {
    /// Requests that came over no network, such as those of tests.
    fn default() -> Self {
        Self(Ipv6Addr::UNSPECIFIED.into())
    }
}

#[derive(Clone, Copy, Debug)]
struct Guesses {
    count: u32,
    next_at: Timestamp,
    last_at: Timestamp,
}

/// Counts guesses. A clone counts in the same book.
#[derive(Clone, Debug)]
pub struct GuessLimit(Cache<(Option<String>, ClientAddress), Guesses>);

impl Default for GuessLimit {
    fn default() -> Self {
        Self(Cache::builder().max_capacity(MOST_REMEMBERED).time_to_idle(FORGOTTEN_AFTER).build())
    }
}

impl GuessLimit {
    /// Call before a guess is looked at: it counts until [`GuessLimit::forgive`], so that guesses side by side count too.
    pub fn count(&self, account: &str, from: ClientAddress, now: Timestamp) -> Result<()> {
        self.count_one((Some(account.to_lowercase()), from), FREE_OF_ACCOUNT, now)?;
        self.count_address(from, now)
    }

    /// The same for what names no account.
    pub fn count_address(&self, from: ClientAddress, now: Timestamp) -> Result<()> {
        self.count_one((None, from), FREE_OF_ADDRESS, now)
    }

    /// The guess was right.
    pub fn forgive(&self, account: &str, from: ClientAddress) {
        self.0.invalidate(&(Some(account.to_lowercase()), from));
        self.0.entry((None, from)).and_compute_with(|entry| match entry {
            Some(entry) => {
                let mut guesses = entry.into_value();
                guesses.count = guesses.count.saturating_sub(1);
                Op::Put(guesses)
            }
            None => Op::Nop,
        });
    }

    fn count_one(&self, key: (Option<String>, ClientAddress), free: u32, now: Timestamp) -> Result<()> {
        let mut refused = None;
        self.0.entry(key).and_compute_with(|entry| {
            let old = entry.map(moka::Entry::into_value);
            let old = old.filter(|guesses| now.since(guesses.last_at) < FORGOTTEN_AFTER);
            if let Some(guesses) = old.filter(|guesses| guesses.next_at > now) {
                refused = Some(guesses.next_at.since(now));
                return Op::Nop;
            }
            let count = old.map_or(0, |guesses| guesses.count).saturating_add(1);
            Op::Put(Guesses { count, next_at: now + pause(count, free), last_at: now })
        });
        match refused {
            Some(retry_after) => Err(Error::TooManyRequests { retry_after }),
            None => Ok(()),
        }
    }
}

/// The pause after guess number `count`.
fn pause(count: u32, free: u32) -> Duration {
    let Some(over) = count.checked_sub(free) else { return Duration::ZERO };
    FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(over)).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: i64 = 1_790_000_000;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(NOON + second)
    }

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
        let limit = GuessLimit::default();
        let here = from("192.0.2.1");
        for _ in 0..5 {
            assert_eq!(wait(limit.count("mei", here, at(0))), None);
        }
        assert_eq!(wait(limit.count("MEI", here, at(0))), Some(2));
        assert_eq!(wait(limit.count("mei", here, at(2))), None);
        assert_eq!(wait(limit.count("mei", here, at(2))), Some(4));
        assert_eq!(wait(limit.count("mei", here, at(2 + 3600))), None);
        assert_eq!(wait(limit.count("mei", here, at(2 + 3600))), None);
        assert_eq!(pause(500, 5), LONGEST_PAUSE);
    }

    #[test]
    fn an_account_is_locked_for_nobody_else() {
        let limit = GuessLimit::default();
        for _ in 0..5 {
            assert_eq!(wait(limit.count("mei", from("192.0.2.1"), at(0))), None);
        }
        assert!(wait(limit.count("mei", from("192.0.2.1"), at(0))).is_some());
        assert_eq!(wait(limit.count("mei", from("192.0.2.2"), at(0))), None);
        assert_eq!(wait(limit.count("lin", from("192.0.2.1"), at(0))), None);
    }

    #[test]
    fn one_address_cannot_try_every_account() {
        let limit = GuessLimit::default();
        let refused = (0..200).find(|n| limit.count(&format!("user{n}"), from("192.0.2.1"), at(0)).is_err());
        assert_eq!(refused, Some(50));
    }

    #[test]
    fn a_right_guess_clears_the_account() {
        let limit = GuessLimit::default();
        let here = from("192.0.2.1");
        for _ in 0..200 {
            assert_eq!(wait(limit.count("mei", here, at(0))), None);
            limit.forgive("Mei", here);
        }
    }

    #[test]
    fn one_household_is_one_address() {
        assert_eq!(from("2001:db8:1:2::3"), from("2001:db8:1:2:ffff::4"));
        assert_ne!(from("2001:db8:1:2::3"), from("2001:db8:1:3::3"));
        assert_eq!(from("::ffff:192.0.2.1"), from("192.0.2.1"));
    }
}
