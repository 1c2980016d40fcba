use hearth_core::Reason;
use hearth_store::task_event::Facts;

use super::quota::{QuotaLimit, QuotaShort};

/// What keeps a task waiting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    NoCard,
    NoCpu,
    NoMemory,
    /// There is enough in total, but not on any one machine.
    Fragmented,
    /// What is free is promised to tasks that come first.
    Behind,
    /// Other tasks have been asked to make room.
    Preempting,
    /// No pool with large enough machines runs the image.
    NoImage,
    /// No pool may be used for this kind of task.
    NoPool,
    /// The machines that could hold it are cordoned.
    Cordoned {
        pool: String,
    },
    Paused {
        pool: String,
        message: String,
    },
    /// The engine does not answer, so its machines are unknown.
    EngineAway {
        engine: String,
    },
    Quota(QuotaShort),
}

impl Obstacle {
    pub const fn reason(&self) -> Reason {
        match self {
            Self::NoCard => Reason::QueueNoCard,
            Self::NoCpu => Reason::QueueNoCpu,
            Self::NoMemory => Reason::QueueNoMemory,
            Self::Fragmented => Reason::QueueFragmented,
            Self::Behind => Reason::QueueBehind,
            Self::Preempting => Reason::QueuePreempting,
            Self::NoImage => Reason::QueueNoImage,
            Self::NoPool => Reason::QueueNoPool,
            Self::Cordoned { .. } => Reason::QueueCordoned,
            Self::EngineAway { .. } => Reason::QueueEngineAway,
            Self::Paused { .. } => Reason::QueuePoolPaused,
            Self::Quota(_) => Reason::QueueQuota,
        }
    }

    /// Parameters of the reason's message.
    pub fn facts(&self) -> Facts {
        let fact = |name: &str, value: String| (name.to_owned(), value);
        match self {
            Self::Paused { pool, message } => {
                Facts::from([fact("pool", pool.clone()), fact("message", message.clone())])
            }
            Self::Cordoned { pool } => Facts::from([fact("pool", pool.clone())]),
            Self::EngineAway { engine } => Facts::from([fact("engine", engine.clone())]),
            Self::Quota(QuotaShort { limit, accelerator, used, most, wanted }) => {
                let mut facts = Facts::from([
                    fact("limit", limit.as_str().to_owned()),
                    fact("used", amount(*limit, *used)),
                    fact("most", amount(*limit, *most)),
                    fact("wanted", wanted.to_string()),
                ]);
                facts.extend(accelerator.clone().map(|code| fact("accelerator", code)));
                facts
            }
            _ => Facts::new(),
        }
    }

    /// Whether it is temporary: a machine is large enough, or may be, but not available now.
    pub(super) const fn is_temporary(&self) -> bool {
        matches!(self, Self::Paused { .. } | Self::Cordoned { .. } | Self::EngineAway { .. })
    }

    /// As a form field error, if it is permanent.
    pub(crate) const fn field_error(&self) -> (&'static str, &'static str) {
        match self {
            Self::NoImage => ("image", "no-variant"),
            Self::NoPool => ("spec", "no-pool"),
            _ => ("spec", "fits-nowhere"),
        }
    }

    /// How close the task is to running: of several obstacles, the closest one is reported.
    pub(super) const fn nearness(&self) -> u8 {
        match self {
            Self::NoPool => 1,
            Self::NoImage => 2,
            Self::NoCpu => 3,
            Self::NoMemory | Self::NoCard => 4,
            Self::EngineAway { .. } => 5,
            Self::Cordoned { .. } => 6,
            Self::Paused { .. } => 7,
            _ => 0,
        }
    }
}

/// Cards as they are; card-seconds as hours with one decimal.
fn amount(limit: QuotaLimit, number: i64) -> String {
    match limit {
        QuotaLimit::Week => format!("{}.{}", number / 3_600, number % 3_600 / 360),
        QuotaLimit::Cards | QuotaLimit::Lent => number.to_string(),
    }
}
