pub use hearth_store::job::Queue;
use serde::{Deserialize, Serialize};

/// How many jobs of a queue run at once, on each server; section `[jobs]` of the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Workers {
    pub repositories: u32,
    pub tasks: u32,
    pub deliveries: u32,
    pub mail: u32,
    pub housekeeping: u32,
}

impl Default for Workers {
    fn default() -> Self {
        Self { repositories: 2, tasks: 1, deliveries: 1, mail: 1, housekeeping: 1 }
    }
}

impl Workers {
    /// 0 means no workers: jobs of such a queue are left to other servers.
    pub const fn of(&self, queue: Queue) -> u32 {
        match queue {
            Queue::Repositories => self.repositories,
            Queue::Tasks => self.tasks,
            Queue::Deliveries => self.deliveries,
            Queue::Mail => self.mail,
            Queue::Housekeeping => self.housekeeping,
        }
    }
}
