use hearth_core::Reason;
use hearth_store::task_event::Facts;

use super::quota::{QuotaLimit, QuotaShort};

/// What keeps a task waiting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    NoCard,
    NoCpu,
    NoMemory,
    /// There is enough in all, and nowhere enough in one place.
    Fragmented,
    /// What is free is kept for others who come first.
    Behind,
    /// Others have been told to make room.
    Preempting,
    /// No pool with room of this shape runs the image.
    NoImage,
    /// No pool may be used for this kind of task.
    NoPool,
    /// Machines that could hold it take nothing new.
    Cordoned {
        pool: String,
    },
    Paused {
        pool: String,
        message: String,
    },
    /// Nobody knows what machines it has.
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

    /// The numbers and names of it.
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

    /// A machine is large enough, or may be; it is only not open now.
    pub(super) const fn may_pass(&self) -> bool {
        matches!(self, Self::Paused { .. } | Self::Cordoned { .. } | Self::EngineAway { .. })
    }

    /// The same as the mistake of a field, where it never passes.
    pub(crate) const fn mistake(&self) -> (&'static str, &'static str) {
        match self {
            Self::NoImage => ("image", "no-variant"),
            Self::NoPool => ("spec", "no-pool"),
            _ => ("spec", "fits-nowhere"),
        }
    }

    /// How little is missing: of several obstacles the one with most is told.
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
