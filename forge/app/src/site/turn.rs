//! Turns at what one reader has a share of.

use std::time::Duration;

use hearth_core::{Error, Result};
use hearth_git::{Permit, Shares, current_holders};

/// A permit for whoever asks, as soon as their share and the machine have room. If that takes longer than `patience`,
/// they are told to come back after as long again.
pub(crate) async fn turn(shares: &Shares, patience: Duration) -> Result<Permit> {
    let permit = shares.acquire_within(patience, &current_holders()).await;
    permit.ok_or(Error::TooManyRequests { retry_after: patience })
}
