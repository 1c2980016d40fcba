use serde::{Deserialize, Serialize};

use super::SecretText;

/// Section `[metrics]`: who may read `/metrics`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct MetricsConfig {
    pub enabled: bool,
    /// Required as `Authorization: Bearer …`; if empty, only this machine itself may read.
    pub token: SecretText,
}

impl Default for MetricsConfig {
    fn default() -> Self {
        Self { enabled: true, token: SecretText::default() }
    }
}
