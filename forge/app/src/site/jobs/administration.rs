use hearth_core::{Error, JobId, Kind, Page, PageRequest, Result, Scope, Timestamp};
use hearth_store::{
    event,
    job::{self, Count, Filter, JobRow},
    schedule,
};

use crate::{
    Actor, App,
    audit::{self, Fact},
};

/// One page of jobs.
pub type Jobs = Page<JobRow>;

/// The state of background work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overview {
    /// By queue and state.
    pub counts: Vec<Count>,
    /// Names of schedules, and when each is due next.
    pub schedules: Vec<(String, Timestamp)>,
    /// Events that were not yet dispatched to their subscribers.
    pub undispatched: u64,
}

/// For administrators.
pub async fn overview(app: &App, actor: &Actor) -> Result<Overview> {
    actor.administrator(Scope::ReadAdmin)?;
    let mut reader = app.store().read().await?;
    Ok(Overview {
        counts: job::counts(&mut reader, app.now()).await?,
        schedules: schedule::list(&mut reader).await?,
        undispatched: event::count_undispatched(&mut reader).await?,
    })
}

/// Failed jobs first.
pub async fn list(app: &App, actor: &Actor, filter: &Filter, request: PageRequest) -> Result<Jobs> {
    actor.administrator(Scope::ReadAdmin)?;
    let (mut reader, now) = (app.store().read().await?, app.now());
    let items = job::list(&mut reader, filter, now, request).await?;
    Ok(Page::of(items, request, job::count(&mut reader, filter, now)).await?)
}

/// Retries a failed job, or runs a waiting one now.
pub async fn run_now(app: &App, actor: &Actor, id: JobId) -> Result<()> {
    actor.administrator(Scope::WriteAdmin)?;
    let mut operation = app.begin().await?;
    let found = job::find(&mut operation, id, app.now()).await?.ok_or(Error::NotFound(Kind::Job))?;
    if !job::run_now(&mut operation, id, app.now()).await? {
        return Err(Error::NotFound(Kind::Job));
    }
    audit::note(&mut operation, actor, fact(&found, &id.to_string(), "retried")).await?;
    operation.commit().await
}

/// Removes a job that is not running: its work is not done.
pub async fn discard(app: &App, actor: &Actor, id: JobId) -> Result<()> {
    actor.administrator(Scope::WriteAdmin)?;
    let mut operation = app.begin().await?;
    let found = job::find(&mut operation, id, app.now()).await?.ok_or(Error::NotFound(Kind::Job))?;
    if !job::discard(&mut operation, id, app.now()).await? {
        return Err(Error::NotFound(Kind::Job));
    }
    audit::note(&mut operation, actor, fact(&found, &id.to_string(), "discarded")).await?;
    operation.commit().await
}

fn fact<'a>(job: &'a JobRow, id: &'a str, action: &'static str) -> Fact<'a, serde_json::Value> {
    Fact { kind: "job", subject: id, action, before: Some(&job.data.0), after: None }
}
