//! Whether an engine can take tasks: for readiness, the doctor and the administrator.

use hearth_core::EngineState;
use serde::Serialize;

/// How an engine is, now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EngineHealth {
    pub state: EngineState,
    /// What it answered, in its own words; for permissions, each that is missing. Empty when all is well.
    pub detail: String,
    /// What it says it is: the version of a cluster.
    pub version: Option<String>,
    /// Machines that it knows, cordoned ones included.
    pub machines: usize,
}

impl EngineHealth {
    /// Nothing is wrong.
    pub const fn good(version: Option<String>, machines: usize) -> Self {
        Self { state: EngineState::Good, detail: String::new(), version, machines }
    }

    /// Something is.
    pub const fn bad(state: EngineState, detail: String) -> Self {
        Self { state, detail, version: None, machines: 0 }
    }

    pub fn is_good(&self) -> bool {
        self.state == EngineState::Good
    }
}
