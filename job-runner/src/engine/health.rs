//! Whether an engine can take tasks: for readiness, the doctor and administrators.

use hearth_core::EngineState;
use serde::Serialize;

/// The current state of an engine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EngineHealth {
    pub state: EngineState,
    /// The engine's own message; for permissions, each that is missing. Empty if all is well.
    pub detail: String,
    /// The version it reports, for a cluster.
    pub version: Option<String>,
    /// Known machines, including cordoned ones.
    pub machines: usize,
}

impl EngineHealth {
    /// Nothing is wrong.
    pub const fn good(version: Option<String>, machines: usize) -> Self {
        Self { state: EngineState::Good, detail: String::new(), version, machines }
    }

    /// Something is wrong.
    pub const fn bad(state: EngineState, detail: String) -> Self {
        Self { state, detail, version: None, machines: 0 }
    }

    pub fn is_good(&self) -> bool {
        self.state == EngineState::Good
    }
}
