//! What other servers on the same PostgreSQL have committed: every transaction that changes something says so by `NOTIFY`, and each
//! server listens.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use hearth_core::Change;
use sqlx::{PgPool, postgres::PgListener};
use tokio::{sync::watch, time};

use super::{Pools, Store, Writer};
use crate::{Ask as _, Result};

const CHANNEL: &str = "hearth_changes";
/// A notification holds less than 8000 bytes; a change takes at most thirty.
const MOST_IN_ONE: usize = 200;
/// How often what lies in no table is passed on: lines of a log come many a second.
const PASS_ON_EVERY: Duration = Duration::from_millis(200);
const AGAIN_AFTER: Duration = Duration::from_secs(1);
/// How often a server says something that it hears itself.
const CALL_EVERY: Duration = Duration::from_secs(3);
/// A server that has not heard itself for so long hears nobody: a connection may be cut without a word.
const DEAF_AFTER: Duration = Duration::from_secs(12);

/// Changes that no transaction tells, on their way to the other servers.
#[derive(Clone, Debug, Default)]
pub(super) struct Outgoing(Arc<Mutex<HashSet<Change>>>);

impl Outgoing {
    fn put(&self, changes: impl IntoIterator<Item = Change>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(changes);
    }

    fn take(&self) -> Vec<Change> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).drain().collect()
    }
}

/// The texts of notifications: who sends it, and a line for each change.
pub(super) fn notifications(sender: &str, changes: &[Change]) -> Vec<String> {
    let text = |some: &[Change]| {
        let mut text = sender.to_owned();
        for change in some {
            text.push('\n');
            text.push_str(&change.to_string());
        }
        text
    };
    changes.chunks(MOST_IN_ONE).map(text).collect()
}

impl Store {
    /// For what lies in no table, such as lines of a log: here at once, on other servers soon. What a transaction changes is told when
    /// it is committed.
    pub fn tell(&self, change: Change) {
        self.changes.tell(change);
        if matches!(self.pools, Pools::Postgres { .. }) {
            self.outgoing.put([change]);
        }
    }

    /// Hears what other servers commit and tells them what no transaction tells, until told to stop. Does nothing on SQLite, which has
    /// one server.
    pub async fn follow_others(&self, mut stop: watch::Receiver<bool>) {
        let Pools::Postgres { writer, .. } = &self.pools else {
            stop.wait_for(|is_stopping| *is_stopping).await.ok();
            return;
        };
        loop {
            tokio::select! {
                _ = stop.wait_for(|is_stopping| *is_stopping) => return,
                outcome = self.exchange(writer) => match outcome {
                    Ok(()) => tracing::warn!("other servers are not heard any more: the connection was lost"),
                    Err(error) => {
                        tracing::warn!(error = &error as &dyn std::error::Error, "other servers are not heard");
                    }
                },
            }
            // What was said meanwhile was missed: everything is looked at again.
            self.changes.miss();
            time::sleep(AGAIN_AFTER).await;
        }
    }

    /// Ends when the others are not heard any more.
    async fn exchange(&self, pool: &PgPool) -> Result<()> {
        let mut listener = PgListener::connect_with(pool).await?;
        // What is said while it connects again would be missed without a word.
        listener.eager_reconnect(false);
        listener.listen(CHANNEL).await?;
        self.changes.miss();
        let (mut pass_on, mut call) = (time::interval(PASS_ON_EVERY), time::interval(CALL_EVERY));
        for ticks in [&mut pass_on, &mut call] {
            ticks.set_missed_tick_behavior(time::MissedTickBehavior::Delay);
        }
        let deaf = time::sleep(DEAF_AFTER);
        tokio::pin!(deaf);
        loop {
            tokio::select! {
                heard = listener.try_recv() => match heard? {
                    Some(notification) => if !self.hear(notification.payload()) {
                        deaf.as_mut().reset(time::Instant::now() + DEAF_AFTER);
                    },
                    None => return Ok(()),
                },
                () = &mut deaf => return Ok(()),
                _ = pass_on.tick() => self.pass_on().await?,
                _ = call.tick() => self.say(vec![self.server.to_string()]).await?,
            }
        }
    }

    /// Whether another server has said it.
    fn hear(&self, text: &str) -> bool {
        let mut lines = text.lines();
        if lines.next() == Some(&*self.server) {
            return false;
        }
        // A word of a newer version is nobody's here.
        for change in lines.filter_map(|line| line.parse().ok()) {
            self.changes.tell(change);
        }
        true
    }

    async fn pass_on(&self) -> Result<()> {
        let changes = self.outgoing.take();
        if changes.is_empty() {
            return Ok(());
        }
        let said = self.say(notifications(&self.server, &changes)).await;
        if said.is_err() {
            self.outgoing.put(changes);
        }
        said
    }

    async fn say(&self, texts: Vec<String>) -> Result<()> {
        let mut writer = self.write().await?;
        for text in texts {
            writer.notify(text).await?;
        }
        writer.commit().await
    }
}

impl Writer {
    /// Told to every server once the transaction is kept.
    pub(super) async fn notify(&mut self, text: String) -> Result<()> {
        self.query("SELECT pg_notify($1, $2)").bind(CHANNEL).bind(text).execute().await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use hearth_core::{RepositoryId, TaskId};

    use super::*;

    #[test]
    fn what_many_changes_come_to_is_said_in_notifications_that_postgres_takes() {
        let changes: Vec<Change> =
            (0..450).map(|id| Change::Repository(RepositoryId(i64::MAX - id))).collect();
        let texts = notifications("0123456789abcdef", &changes);
        assert_eq!(texts.len(), 3);
        assert!(texts.iter().all(|text| text.len() < 8000));
        let told: Vec<Change> =
            texts.iter().flat_map(|text| text.lines().skip(1).map(str::parse)).flatten().collect();
        assert_eq!(told, changes);
        assert!(notifications("0123456789abcdef", &[]).is_empty());
    }

    #[test]
    fn what_could_not_be_passed_on_is_passed_on_later_once() {
        let outgoing = Outgoing::default();
        outgoing.put([Change::Log(TaskId(1)), Change::Log(TaskId(1))]);
        let taken = outgoing.take();
        assert!(outgoing.take().is_empty());
        outgoing.put(taken);
        assert_eq!(outgoing.take(), [Change::Log(TaskId(1))]);
    }
}
