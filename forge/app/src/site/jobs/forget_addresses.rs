use std::time::Duration;

use hearth_core::Result;
use hearth_store::audit_entry;
use serde::{Deserialize, Serialize};

use super::{Job, Queue, Ran};
use crate::App;

const DAY: Duration = Duration::from_hours(24);
/// Entries that one run changes at most; the next run continues.
const MOST: u64 = 100_000;

/// Removes the addresses of people from entries of the audit log that are older than `site.audit_address_days`.
#[derive(Debug, Serialize, Deserialize)]
pub struct ForgetAddresses {}

impl Job for ForgetAddresses {
    const NAME: &'static str = "forget_addresses";
    const QUEUE: Queue = Queue::Housekeeping;

    fn dedupe_key(&self) -> Option<String> {
        Some(String::new())
    }

    async fn run(self, app: &App) -> Result<Ran> {
        let days = app.settings().audit_address_days;
        if days == 0 {
            return Ok(Ran::Done);
        }
        let mut operation = app.begin().await?;
        audit_entry::forget_addresses(&mut operation, app.now() - DAY * days, MOST).await?;
        Ok(Ran::Keep(operation))
    }
}
