use std::{fmt, str::FromStr};

use crate::{RepositoryId, TaskId};

/// Something changed. It says what changed but not how: whoever displays or processes it reads it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Change {
    /// The task's state, reason or place.
    Task(TaskId),
    /// The task's log has more lines.
    Log(TaskId),
    /// The task has more metric points or resource samples.
    Metrics(TaskId),
    /// It was pushed to, edited, created or deleted.
    Repository(RepositoryId),
    /// What tasks may run on: pools, specs, images, accelerators, quotas.
    Supply,
    /// An SSH key no longer lets in whom it let in: it was removed, or its owner was blocked.
    Keys,
    /// A setting of the site, such as who may sign up.
    Settings,
    /// A job is waiting to be run.
    Jobs,
    /// An event was recorded, and subscribers must be notified.
    Events,
}

impl Change {
    /// Whether the task queue depends on it.
    pub const fn is_for_queue(self) -> bool {
        matches!(self, Self::Task(_) | Self::Supply)
    }
}

/// The form in which servers notify each other: a word, and the id of what changed.
impl fmt::Display for Change {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Task(id) => write!(formatter, "task {id}"),
            Self::Log(id) => write!(formatter, "log {id}"),
            Self::Metrics(id) => write!(formatter, "metrics {id}"),
            Self::Repository(id) => write!(formatter, "repository {id}"),
            Self::Supply => formatter.write_str("supply"),
            Self::Keys => formatter.write_str("keys"),
            Self::Settings => formatter.write_str("settings"),
            Self::Jobs => formatter.write_str("jobs"),
            Self::Events => formatter.write_str("events"),
        }
    }
}

/// A text that no server writes as a change.
#[derive(Debug, thiserror::Error)]
#[error("not a change")]
pub struct BadChange;

impl FromStr for Change {
    type Err = BadChange;

    fn from_str(text: &str) -> Result<Self, BadChange> {
        let (word, number) = text.split_once(' ').unwrap_or((text, ""));
        let number = number.parse::<i64>().map_err(|_| BadChange);
        match word {
            "task" => Ok(Self::Task(TaskId(number?))),
            "log" => Ok(Self::Log(TaskId(number?))),
            "metrics" => Ok(Self::Metrics(TaskId(number?))),
            "repository" => Ok(Self::Repository(RepositoryId(number?))),
            "supply" => Ok(Self::Supply),
            "keys" => Ok(Self::Keys),
            "settings" => Ok(Self::Settings),
            "jobs" => Ok(Self::Jobs),
            "events" => Ok(Self::Events),
            _ => Err(BadChange),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_server_reads_what_one_wrote() {
        let all = [
            Change::Task(TaskId(7)),
            Change::Log(TaskId(8)),
            Change::Metrics(TaskId(9)),
            Change::Repository(RepositoryId(10)),
            Change::Supply,
            Change::Keys,
            Change::Settings,
            Change::Jobs,
            Change::Events,
        ];
        for change in all {
            assert_eq!(change.to_string().parse::<Change>().ok(), Some(change));
        }
        assert!("moon 1".parse::<Change>().is_err() && "task x".parse::<Change>().is_err());
    }
}
