use std::sync::{Mutex, PoisonError};

use hearth_core::{Clock, Reason, SystemClock};
use tokio::sync::watch;

use super::client::{Client, ClientError, Posted, json};
use crate::protocol::{Appended, Event, EventBatch};

/// The agent's timeline events, in order, kept until the server has them.
#[derive(Default)]
pub(crate) struct Journal {
    events: Mutex<Vec<Event>>,
    news: watch::Sender<News>,
}

#[derive(Clone, Copy, Debug, Default)]
struct News {
    count: usize,
    is_closed: bool,
}

impl Journal {
    pub(crate) fn write(&self, reason: Reason, data: &[(&str, String)]) {
        let data = data.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let mut events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        events.push(Event { time: SystemClock.now(), reason, data });
        self.news.send_modify(|news| news.count = events.len());
    }

    fn forget(&self, index: usize) {
        let mut events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        let forgotten = events.remove(index);
        tracing::warn!(reason = forgotten.reason.as_str(), "the server rejected a line of the timeline");
        self.news.send_modify(|news| news.count = events.len());
    }

    pub(crate) fn close(&self) {
        self.news.send_modify(|news| news.is_closed = true);
    }

    pub(crate) fn count(&self) -> u64 {
        self.news.borrow().count as u64
    }

    /// Sends from the start, until it is closed and everything is accepted. Sending an event again costs one
    /// conflict.
    pub(crate) async fn ship(&self, client: &Client) -> Result<(), ClientError> {
        let mut news = self.news.subscribe();
        let (mut first, mut most) = (0, usize::MAX);
        loop {
            let News { count, is_closed } = *news.borrow_and_update();
            if first >= count {
                if is_closed || news.changed().await.is_err() {
                    return Ok(());
                }
                continue;
            }
            let until = first.saturating_add(most).min(count);
            let events = self.events.lock().unwrap_or_else(PoisonError::into_inner)[first..until].to_vec();
            let batch = EventBatch { first: first as u64, events };
            match client.post("events", &[], json(&batch)).await? {
                Posted::Done(Appended { next_offset }) | Posted::Conflict(Appended { next_offset }) => {
                    first = usize::try_from(next_offset).unwrap_or(count).min(count);
                    most = usize::MAX;
                }
                Posted::TooLarge | Posted::Rejected(_) if batch.events.len() > 1 => {
                    most = batch.events.len() / 2;
                }
                // One rejected event does not hold up the others.
                Posted::TooLarge | Posted::Rejected(_) => self.forget(first),
            }
        }
    }
}
