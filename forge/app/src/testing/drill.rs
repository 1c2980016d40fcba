use hearth_core::{Error, Result};
use hearth_store::{job, setting};
use serde::{Deserialize, Serialize};

use crate::{
    App,
    jobs::{Job, LEASE, Queue, Ran},
};

/// A job that does what a test tells it to.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub enum Drill {
    Panic,
    Fail,
    /// Writes [`Drill::MARK`] in the operation that ends the job.
    Mark,
    /// Like [`Drill::Mark`], but another run takes the job meanwhile.
    MarkTooLate,
}

impl Drill {
    /// The setting that is written.
    pub const MARK: &'static str = "drill";
}

impl Job for Drill {
    const NAME: &'static str = "drill";
    const QUEUE: Queue = Queue::Housekeeping;

    async fn run(self, app: &App) -> Result<Ran> {
        match self {
            Self::Panic => panic!("told to"),
            Self::Fail => return Err(Error::internal("told to")),
            Self::Mark => {}
            Self::MarkTooLate => {
                let later = app.now() + LEASE;
                let due = job::Due { now: later, latest: later, leased_until: later, latest_lease: later };
                let mut operation = app.begin().await?;
                job::claim(&mut operation, Self::QUEUE, due).await?.expect("its lease is over by then");
                operation.commit().await?;
            }
        }
        let mut operation = app.begin().await?;
        setting::put(&mut operation, Self::MARK, "yes").await?;
        Ok(Ran::Keep(operation))
    }
}
