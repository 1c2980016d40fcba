use super::{Ask as _, Pools, Store};
use crate::{Error, Result};

/// Of a damaged file the first faults are enough.
const MOST_FAULTS: usize = 20;

impl Store {
    /// What SQLite finds wrong with its own file; nothing for a sound one. It reads every page; thoroughly, it compares every index with
    /// its table as well. PostgreSQL watches over its files itself.
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
