use serde::{Deserialize, Serialize};

use super::SecretText;

/// Section `[metrics]`: what `/metrics` tells, and to whom.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct MetricsConfig {
    pub enabled: bool,
    /// Asked for as `Authorization: Bearer …`; empty: only this machine itself may read.
    pub token: SecretText,
}

impl Default for MetricsConfig {
    fn default() -> Self {
        Self { enabled: true, token: SecretText::default() }
    }
}
