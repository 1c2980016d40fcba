use serde::{Deserialize, Serialize};

/// Section `[engine]`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct EngineConfig {
    pub local: LocalEngineConfig,
}

/// Section `[engine.local]`: tasks on this machine.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct LocalEngineConfig {
    pub enabled: bool,
    /// Runs tasks without a sandbox where there is none. Such a task can read what Hearth can read: only for a
    /// machine whose users trust each other.
    pub allow_unsandboxed: bool,
    /// Python interpreters offered as images besides the ones that are found.
    pub interpreters: Vec<String>,
}

impl Default for LocalEngineConfig {
    fn default() -> Self {
        Self { enabled: true, allow_unsandboxed: false, interpreters: Vec::new() }
    }
}
