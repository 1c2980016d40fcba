use serde::{Deserialize, Serialize};

use super::SecretText;

/// Section `[database]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct DatabaseConfig {
    /// `postgres://user:password@host/name`; empty: SQLite in the data folder.
    pub url: SecretText,
    /// A file that contains the address instead.
    pub url_file: String,
    /// Maximum number of PostgreSQL connections.
    pub connections: u32,
}

impl Default for DatabaseConfig {
    fn default() -> Self {
        Self { url: SecretText::default(), url_file: String::new(), connections: 24 }
    }
}

impl DatabaseConfig {
    /// Whether it is PostgreSQL, which several servers may share.
    pub(crate) fn is_postgres(&self) -> bool {
        !self.url_file.is_empty() || !self.url.expose().is_empty()
    }

    /// The address, from the setting or its file; `None` for SQLite.
    pub(crate) fn address(&self) -> std::io::Result<Option<String>> {
        let address = self.url.or_file(self.url_file.as_ref())?;
        Ok(Some(address).filter(|address| !address.is_empty()))
    }
}
