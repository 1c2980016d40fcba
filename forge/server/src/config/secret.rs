use std::{fmt, io, path::Path};

use serde::{Deserialize, Serialize};

/// A setting that is never shown.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct SecretText(String);

impl SecretText {
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// The setting, or the content of the file that is named instead.
    pub(crate) fn or_file(&self, file: &Path) -> io::Result<String> {
        if file.as_os_str().is_empty() { Ok(self.0.clone()) } else { Ok(read_file(file)?.trim().to_owned()) }
    }
}

/// The text of a file; empty if none is named.
#[expect(clippy::disallowed_methods, reason = "a file of the operator's own")]
pub(super) fn read_file(file: &Path) -> io::Result<String> {
    if file.as_os_str().is_empty() { Ok(String::new()) } else { std::fs::read_to_string(file) }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.0.is_empty() { "(none)" } else { "(hidden)" })
    }
}

/// An unreadable file of the operator.
#[derive(Debug, thiserror::Error)]
#[error("the file in {key} cannot be read: {source}")]
pub(crate) struct UnreadableFile {
    pub(crate) key: &'static str,
    pub(crate) source: io::Error,
}
