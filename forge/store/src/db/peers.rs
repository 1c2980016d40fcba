//! Changes committed by other servers on the same PostgreSQL: every transaction that changes something
//! announces it by `NOTIFY`, and each server listens.

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
/// A notification is limited to 8000 bytes; a change takes at most thirty.
const MOST_IN_ONE: usize = 200;
/// How often changes outside the database are forwarded: a log may get many lines a second.
const PASS_ON_EVERY: Duration = Duration::from_millis(200);
const AGAIN_AFTER: Duration = Duration::from_secs(1);
/// How often a server sends a notification to itself to test the connection.
const PING_EVERY: Duration = Duration::from_secs(3);
/// A server that has not received its own notifications for so long has lost the connection, which may break
/// silently.
const SILENCE_TIMEOUT: Duration = Duration::from_secs(12);

/// Changes outside transactions, to be sent to the other servers.
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

/// The payloads of notifications: the sender, and one line per change.
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
    /// Announces a change outside the database, such as new log lines: here at once, to other servers soon.
    /// Changes made by a transaction are announced when it is committed.
    pub fn announce(&self, change: Change) {
        self.changes.announce(change);
        if matches!(self.pools, Pools::Postgres { .. }) {
            self.outgoing.put([change]);
        }
    }

    /// Receives what other servers commit and sends them changes made outside transactions, until told to
    /// stop. Does nothing on SQLite, which has only one server.
    pub async fn follow_peers(&self, mut stop: watch::Receiver<bool>) {
        let Pools::Postgres { writer, .. } = &self.pools else {
            stop.wait_for(|is_stopping| *is_stopping).await.ok();
            return;
        };
        loop {
            tokio::select! {
                _ = stop.wait_for(|is_stopping| *is_stopping) => return,
                outcome = self.exchange(writer) => match outcome {
                    Ok(()) => tracing::warn!("changes of other servers are no longer received: the connection was lost"),
                    Err(error) => {
                        tracing::warn!(error = &error as &dyn std::error::Error, "changes of other servers are not received");
                    }
                },
            }
            // Notifications were missed meanwhile, so everything is reread.
            self.changes.mark_missed();
            time::sleep(AGAIN_AFTER).await;
        }
    }

    /// Returns when the connection to the others is lost.
    async fn exchange(&self, pool: &PgPool) -> Result<()> {
        let mut listener = PgListener::connect_with(pool).await?;
        // Notifications during a silent reconnection would be missed unnoticed.
        listener.eager_reconnect(false);
        listener.listen(CHANNEL).await?;
        self.changes.mark_missed();
        let (mut pass_on, mut ping) = (time::interval(PASS_ON_EVERY), time::interval(PING_EVERY));
        for ticks in [&mut pass_on, &mut ping] {
            ticks.set_missed_tick_behavior(time::MissedTickBehavior::Delay);
        }
        let silence = time::sleep(SILENCE_TIMEOUT);
        tokio::pin!(silence);
        loop {
            tokio::select! {
                received = listener.try_recv() => match received? {
                    Some(notification) => if !self.receive(notification.payload()) {
                        silence.as_mut().reset(time::Instant::now() + SILENCE_TIMEOUT);
                    },
                    None => return Ok(()),
                },
                () = &mut silence => return Ok(()),
                _ = pass_on.tick() => self.pass_on().await?,
                _ = ping.tick() => self.send(vec![self.server.to_string()]).await?,
            }
        }
    }

    /// Returns whether another server sent it.
    fn receive(&self, text: &str) -> bool {
        let mut lines = text.lines();
        if lines.next() == Some(&*self.server) {
            return false;
        }
        // Skips changes that only a newer version knows.
        for change in lines.filter_map(|line| line.parse().ok()) {
            self.changes.announce(change);
        }
        true
    }

    async fn pass_on(&self) -> Result<()> {
        let changes = self.outgoing.take();
        if changes.is_empty() {
            return Ok(());
        }
        let sent = self.send(notifications(&self.server, &changes)).await;
        if sent.is_err() {
            self.outgoing.put(changes);
        }
        sent
    }

    async fn send(&self, texts: Vec<String>) -> Result<()> {
        let mut writer = self.write().await?;
        for text in texts {
            writer.notify(text).await?;
        }
        writer.commit().await
    }
}

impl Writer {
    /// Sent to every server once the transaction is committed.
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
