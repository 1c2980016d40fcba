use super::{Ask as _, Pools, Store};
use crate::{Error, Result};

/// The first errors of a damaged file are enough.
const MOST_FAULTS: usize = 20;

impl Store {
    /// The errors that SQLite finds in its own file; empty if it is sound. Reads every page; a thorough check
    /// also compares every index with its table. PostgreSQL checks its files itself.
    pub async fn check_integrity(&self, is_thorough: bool) -> Result<Vec<String>> {
        if matches!(self.pools, Pools::Postgres { .. }) {
            return Ok(Vec::new());
        }
        let pragma = if is_thorough { "PRAGMA integrity_check(20)" } else { "PRAGMA quick_check(20)" };
        let found: Result<Vec<(String,)>> = self.read().await?.query(pragma).fetch_all().await;
        match found {
            Ok(lines) => {
                let lines = lines.into_iter().map(|(line,)| line);
                Ok(lines.filter(|line| line != "ok").take(MOST_FAULTS).collect())
            }
            Err(Error::Damaged(error)) => Ok(vec![error.to_string()]),
            Err(other) => Err(other),
        }
    }
}
