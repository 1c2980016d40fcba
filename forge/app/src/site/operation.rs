use std::{
    ops::{Deref, DerefMut},
    pin::Pin,
};

use hearth_core::{
    Error, Event, EventId, Result, Timestamp, UserId,
    event::{Audience, Subject},
};
use hearth_store::{
    Ask, Query, Sql, Writer,
    event::{self, NewEvent},
    job,
};

use crate::{Access, App, ClientAddress, audit, jobs::Job};

/// One action of a person or a program: its rows, its events and its jobs are committed together, or not at
/// all.
///
/// Nothing else commits. A commit wakes those who wait for it: open pages, the task queue, the job workers,
/// the event dispatcher. An operation that is dropped changes nothing.
#[derive(Debug)]
pub struct Operation {
    writer: Writer,
    now: Timestamp,
    client: Option<ClientAddress>,
}

impl App {
    /// Begins an operation: a transaction that is invisible to others until [`Operation::commit`].
    pub async fn begin(&self) -> Result<Operation> {
        Ok(Operation {
            writer: self.store().write().await?,
            now: self.now(),
            client: ClientAddress::current(),
        })
    }
}

impl Operation {
    /// The time of the operation, the same for all of it.
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// Where the request came from; none: the server itself, or its operator.
    pub const fn client(&self) -> Option<ClientAddress> {
        self.client
    }

    /// Records an event, and its audit entry where it has one. `actor` is who caused it; none: the program itself, or its operator.
    ///
    /// Behind a pointer: every action awaits this, and the compiler would look through all of it for each.
    pub fn record(
        &mut self,
        actor: Option<UserId>,
        subject: Subject,
        audience: Audience,
        event: impl Into<Event>,
    ) -> Pin<Box<dyn Future<Output = Result<EventId>> + Send + '_>> {
        let event = event.into();
        Box::pin(async move {
            audit::note_event(self, actor, subject, &event).await?;
            let new = NewEvent { actor_id: actor, subject, audience, event, created_at: self.now };
            Ok(event::insert(&mut self.writer, &new).await?)
        })
    }

    /// Records what somebody who has entered a repository did there.
    pub async fn record_in<Level>(
        &mut self,
        access: &Access<Level>,
        subject: Subject,
        event: impl Into<Event>,
    ) -> Result<EventId> {
        let audience = Audience::Repository(access.repository().id);
        self.record(access.actor().user_id(), subject, audience, event).await
    }

    /// Records what happened to somebody's account, visible only to them.
    pub async fn record_of_account(
        &mut self,
        actor: Option<UserId>,
        account: UserId,
        event: impl Into<Event>,
    ) -> Result<EventId> {
        self.record(actor, Subject::Account(account), Audience::Account(account), event).await
    }

    /// Enqueues a job, to run once the operation is committed.
    pub async fn enqueue<J: Job>(&mut self, job: &J) -> Result<()> {
        self.enqueue_at(job, self.now).await
    }

    /// Enqueues a job to run at a time, or soon after; at most half an hour ahead.
    pub async fn enqueue_at<J: Job>(&mut self, job: &J, run_at: Timestamp) -> Result<()> {
        let new = job::NewJob {
            queue: J::QUEUE,
            kind: J::NAME,
            data: serde_json::to_value(job).map_err(Error::internal)?,
            dedupe_key: job.dedupe_key().map(|key| format!("{}:{key}", J::NAME)),
            run_at,
        };
        Ok(job::insert(&mut self.writer, &new).await?)
    }

    /// Commits everything, and wakes those who wait for it. Returns once it is on disk.
    pub async fn commit(self) -> Result<()> {
        Ok(self.writer.commit().await?)
    }
}

/// The store's statements take a writer.
impl Deref for Operation {
    type Target = Writer;

    fn deref(&self) -> &Writer {
        &self.writer
    }
}

impl DerefMut for Operation {
    fn deref_mut(&mut self) -> &mut Writer {
        &mut self.writer
    }
}

impl Ask for Operation {
    fn query(&mut self, sql: impl Into<Sql>) -> Query<'_> {
        self.writer.query(sql)
    }
}
