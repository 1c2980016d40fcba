use hearth_core::{Error, EventId, Result};
use hearth_store::event;
use serde::{Deserialize, Serialize};

use super::SUBSCRIBERS;
use crate::{
    App,
    jobs::{Job, Queue, Ran},
};

/// Delivers one event to one subscriber.
#[derive(Debug, Serialize, Deserialize)]
pub struct Deliver {
    pub event: EventId,
    pub subscriber: String,
}

impl Job for Deliver {
    const NAME: &'static str = "deliver";
    const QUEUE: Queue = Queue::Deliveries;

    fn dedupe_key(&self) -> Option<String> {
        Some(format!("{}-{}", self.event, self.subscriber))
    }

    async fn run(self, app: &App) -> Result<Ran> {
        let found = SUBSCRIBERS.iter().find(|subscriber| subscriber.name == self.subscriber);
        let subscriber =
            found.ok_or_else(|| Error::internal(format!("no subscriber is called {:?}", self.subscriber)))?;
        let mut operation = app.begin().await?;
        // It was deleted with its repository.
        let Some(event) = event::find(&mut operation, self.event).await? else { return Ok(Ran::Done) };
        (subscriber.deliver)(app, &mut operation, &event).await?;
        Ok(Ran::Keep(operation))
    }
}
