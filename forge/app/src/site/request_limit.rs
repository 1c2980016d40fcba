//! How many requests programs may make: each account, and each address from which nobody signs in, has a number a minute.

use std::{
    net::IpAddr,
    time::{Duration, Instant},
};

use hearth_core::{Error, Limit, Result, UserId};
use moka::{ops::compute::Op, sync::Cache};

use crate::{Actor, App, ClientAddress};

/// The time that one count covers.
pub const WINDOW: Duration = Duration::from_secs(60);
/// Those who have made requests last; further ones start anew.
const MOST_REMEMBERED: u64 = 100_000;

/// Who makes a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Requester {
    Account(UserId),
    Address(IpAddr),
}

#[derive(Clone, Copy, Debug)]
struct Window {
    count: u64,
    ends_at: Instant,
}

/// Counts requests. Clones share the same counters.
#[derive(Clone, Debug)]
pub struct RequestLimit {
    windows: Cache<Requester, Window>,
}

impl Default for RequestLimit {
    fn default() -> Self {
        let windows = Cache::builder().max_capacity(MOST_REMEMBERED).time_to_idle(WINDOW * 2).build();
        Self { windows }
    }
}

/// What is left of the requests that somebody may make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestStanding {
    pub limit: Limit,
    pub left: u64,
    /// Until all of them are there again.
    pub renewed_after: Duration,
    is_refused: bool,
}

impl RequestStanding {
    /// Fails with [`Error::TooManyRequests`] where this request was one too many.
    pub fn check(&self) -> Result<()> {
        if self.is_refused { Err(Error::TooManyRequests { retry_after: self.renewed_after }) } else { Ok(()) }
    }
}

/// Counts a request of a program: for the account, whichever of its tokens it comes with; without one, for the address.
pub fn count(app: &App, actor: &Actor, from: ClientAddress) -> RequestStanding {
    let limits = app.limits();
    let (requester, limit) = match actor.user_id() {
        Some(user) => (Requester::Account(user), limits.requests_of_account()),
        None => (Requester::Address(from.network()), limits.requests_of_address()),
    };
    app.request_limit().count(requester, limit, app.monotonic())
}

impl RequestLimit {
    /// `now` is monotonic.
    fn count(&self, requester: Requester, limit: Limit, now: Instant) -> RequestStanding {
        let mut window = Window { count: 0, ends_at: now + WINDOW };
        self.windows.entry(requester).and_compute_with(|entry| {
            if let Some(known) = entry.map(moka::Entry::into_value).filter(|known| known.ends_at > now) {
                window = known;
            }
            window.count = window.count.saturating_add(1);
            Op::Put(window)
        });
        RequestStanding {
            limit,
            left: limit.most.saturating_sub(window.count),
            renewed_after: window.ends_at.saturating_duration_since(now),
            is_refused: window.count > limit.most,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: Limit = Limit { name: "account-requests", most: 2, key: "limits.account_requests" };

    #[test]
    fn a_minute_has_so_many_requests_and_the_next_has_them_again() {
        let (limit, start) = (RequestLimit::default(), Instant::now());
        let mei = Requester::Account(UserId(1));
        let at = |second| limit.count(mei, TWO, start + Duration::from_secs(second));
        assert_eq!((at(0).left, at(10).left), (1, 0));
        let refused = at(20);
        assert_eq!((refused.left, refused.renewed_after), (0, Duration::from_secs(40)));
        assert!(matches!(refused.check(), Err(Error::TooManyRequests { .. })));
        assert!(at(60).check().is_ok());
    }

    #[test]
    fn nobody_uses_up_the_requests_of_others() {
        let (limit, now) = (RequestLimit::default(), Instant::now());
        for _ in 0..5 {
            limit.count(Requester::Account(UserId(1)), TWO, now);
        }
        assert!(limit.count(Requester::Account(UserId(2)), TWO, now).check().is_ok());
        let address = Requester::Address("192.0.2.1".parse().expect("an address"));
        assert!(limit.count(address, TWO, now).check().is_ok());
    }
}
