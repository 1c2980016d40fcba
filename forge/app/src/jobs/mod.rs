//! Work done after an answer. A job is a struct: its data, one sentence, [`Job::run`]. Jobs are retried, so running one
//! twice must do no harm.

mod worker;

use std::{future::Future, pin::Pin};

use hearth_core::{Error, Result, Timestamp};
use hearth_store::{Writer, job};
use serde::{Serialize, de::DeserializeOwned};

use crate::App;
pub use worker::{Worker, run_due};

/// One kind of work.
pub trait Job: Serialize + DeserializeOwned + Send + 'static {
    /// The name in the database; never changed once released.
    const NAME: &'static str;

    /// Jobs of one key that have not begun are one job.
    fn dedupe_key(&self) -> Option<String> {
        None
    }

    fn run(self, app: &App) -> impl Future<Output = Result<()>> + Send;
}

/// Wants the job done once the transaction is kept.
pub async fn enqueue<J: Job>(writer: &mut Writer, work: &J, now: Timestamp) -> Result<()> {
    let data = serde_json::to_value(work).map_err(Error::internal)?;
    let dedupe_key = work.dedupe_key().map(|key| format!("{}:{key}", J::NAME));
    job::insert(writer, &job::NewJob { kind: J::NAME, data, dedupe_key, run_at: now }).await?;
    Ok(())
}

/// Wants a job done that belongs to no other change.
pub async fn wish<J: Job>(app: &App, work: &J) -> Result<()> {
    let mut writer = app.store().write().await?;
    enqueue(&mut writer, work, app.now()).await?;
    writer.commit().await?;
    Ok(())
}

type Running<'a> = Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>;
type Runner = for<'a> fn(&'a App, serde_json::Value) -> Running<'a>;

fn runner<J: Job>(app: &App, data: serde_json::Value) -> Running<'_> {
    Box::pin(async move { serde_json::from_value::<J>(data).map_err(Error::internal)?.run(app).await })
}

/// Every job there is.
const JOBS: &[(&str, Runner)] = &[
    (EndExpiredSessions::NAME, runner::<EndExpiredSessions>),
    (RefreshRepository::NAME, runner::<RefreshRepository>),
    (SealRecord::NAME, runner::<SealRecord>),
    (SettlePublication::NAME, runner::<SettlePublication>),
    (StoreOutputs::NAME, runner::<StoreOutputs>),
    (TestImages::NAME, runner::<TestImages>),
];

/// The name of every job there is.
pub fn names() -> impl Iterator<Item = &'static str> {
    JOBS.iter().map(|(name, _)| *name)
}

mod end_expired_sessions;
mod refresh_repository;
mod seal_record;
mod settle_publication;
mod store_outputs;
mod test_images;
pub use end_expired_sessions::EndExpiredSessions;
pub use refresh_repository::RefreshRepository;
pub use seal_record::SealRecord;
pub use settle_publication::SettlePublication;
pub use store_outputs::StoreOutputs;
pub use test_images::TestImages;
