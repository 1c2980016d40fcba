//! Background work. A job is a struct: its data, a one-sentence description, [`Job::run`]. Jobs are retried,
//! so they must be idempotent.

mod administration;
mod lease;
mod queue;
mod run;
mod schedule;
mod worker;

use std::{future::Future, pin::Pin};

use hearth_core::{Error, Result};
use hearth_store::job;
use serde::{Serialize, de::DeserializeOwned};

use crate::{App, Operation, events::Deliver};
pub use administration::{Jobs, Overview, discard, list, overview, run_now};
pub use hearth_store::job::{Count, Filter, JobRow, JobState};
#[cfg(feature = "testing")]
pub(crate) use lease::LEASE;
pub use queue::{Queue, Workers};
pub use run::{RunCounts, run_due};
pub use schedule::{SCHEDULES, Schedule};
pub use worker::run;

/// One kind of job.
pub trait Job: Serialize + DeserializeOwned + Send + 'static {
    /// The name in the database; never changed once released.
    const NAME: &'static str;
    /// The queue it waits in.
    const QUEUE: Queue;

    /// Jobs with the same key that have not started yet are merged into one.
    fn dedupe_key(&self) -> Option<String> {
        None
    }

    fn run(self, app: &App) -> impl Future<Output = Result<Ran>> + Send;
}

/// The result of a successful run.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "one is made for each run of a job, and moved once")]
pub enum Ran {
    /// Everything is committed; repeating it would do no harm.
    Done,
    /// The writes are to be committed together with the end of the job, so that they happen exactly once.
    Keep(Operation),
}

impl Ran {
    /// Commits the writes on their own: for work that runs outside a job.
    pub async fn keep(self) -> Result<()> {
        match self {
            Self::Done => Ok(()),
            Self::Keep(operation) => operation.commit().await,
        }
    }
}

/// Enqueues a job that belongs to no other change.
pub async fn enqueue<J: Job>(app: &App, job: &J) -> Result<()> {
    let mut operation = app.begin().await?;
    operation.enqueue(job).await?;
    operation.commit().await
}

/// Releases all leases, when the only server starts: the runs that held them are gone.
pub async fn release_all(app: &App) -> Result<()> {
    let mut operation = app.begin().await?;
    let released = job::release_all(&mut operation).await?;
    operation.commit().await?;
    if released > 0 {
        tracing::info!(jobs = released, "jobs of a server that was killed are run again");
    }
    Ok(())
}

type Running<'a> = Pin<Box<dyn Future<Output = Result<Ran>> + Send + 'a>>;
type Runner = for<'a> fn(&'a App, serde_json::Value) -> Running<'a>;

fn runner<J: Job>(app: &App, data: serde_json::Value) -> Running<'_> {
    Box::pin(async move { serde_json::from_value::<J>(data).map_err(Error::internal)?.run(app).await })
}

/// An entry of the registry.
const fn kind<J: Job>() -> (&'static str, Runner) {
    (J::NAME, runner::<J>)
}

/// The registry of all jobs.
const JOBS: &[(&str, Runner)] = &[
    #[cfg(feature = "testing")]
    kind::<crate::testing::Drill>(),
    kind::<AddOrganizationLabels>(),
    kind::<CollectLargeFiles>(),
    kind::<Deliver>(),
    kind::<EndExpiredSessions>(),
    kind::<ForgetAddresses>(),
    kind::<ReferenceIssues>(),
    kind::<RefreshBase>(),
    kind::<RefreshPullRequest>(),
    kind::<RefreshRepository>(),
    kind::<RemoveIdleUploads>(),
    kind::<RemoveWaitingAttachments>(),
    kind::<ReportRetraining>(),
    kind::<RestackPullRequest>(),
    kind::<SealRecord>(),
    kind::<SendInvitation>(),
    kind::<SendOrganizationInvitation>(),
    kind::<SendReset>(),
    kind::<SettlePullRequest>(),
    kind::<FinishPublication>(),
    kind::<StoreOutputs>(),
    kind::<TestImages>(),
];

/// The names of all jobs.
pub fn names() -> impl Iterator<Item = &'static str> {
    JOBS.iter().map(|(name, _)| *name)
}

mod add_organization_labels;
mod collect_large_files;
mod end_expired_sessions;
mod finish_publication;
mod forget_addresses;
mod reference_issues;
mod refresh_base;
mod refresh_pull_request;
mod refresh_repository;
mod remove_idle_uploads;
mod remove_waiting_attachments;
mod report_retraining;
mod restack_pull_request;
mod seal_record;
mod send_invitation;
mod send_organization_invitation;
mod send_reset;
mod settle_pull_request;
mod store_outputs;
mod test_images;
pub use add_organization_labels::AddOrganizationLabels;
pub use collect_large_files::CollectLargeFiles;
pub use end_expired_sessions::EndExpiredSessions;
pub use finish_publication::FinishPublication;
pub use forget_addresses::ForgetAddresses;
pub use reference_issues::ReferenceIssues;
pub use refresh_base::RefreshBase;
pub use refresh_pull_request::RefreshPullRequest;
pub use refresh_repository::RefreshRepository;
pub use remove_idle_uploads::RemoveIdleUploads;
pub use remove_waiting_attachments::RemoveWaitingAttachments;
pub use report_retraining::ReportRetraining;
pub use restack_pull_request::RestackPullRequest;
pub use seal_record::SealRecord;
pub use send_invitation::SendInvitation;
pub use send_organization_invitation::SendOrganizationInvitation;
pub use send_reset::SendReset;
pub use settle_pull_request::SettlePullRequest;
pub use store_outputs::StoreOutputs;
pub use test_images::TestImages;
