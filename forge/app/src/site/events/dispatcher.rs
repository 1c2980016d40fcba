use std::time::Duration;

use hearth_core::{Change, Result};
use hearth_store::event;
use tokio::{sync::watch, time};

use super::{Deliver, SUBSCRIBERS};
use crate::App;

/// How many events are dispatched in one transaction.
const BATCH: u64 = 100;
/// How often the outbox is polled when there is no notification.
const IDLE: Duration = Duration::from_secs(1);

/// Dispatches events whenever the outbox has some, until told to stop. Any number of servers may do so at
/// once.
pub async fn run(app: App, mut stop: watch::Receiver<bool>) {
    let mut news = app.changes().listen();
    loop {
        if let Err(error) = dispatch_all(&app).await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "events could not be dispatched, they are tried again"
            );
        }
        tokio::select! {
            _ = stop.wait_for(|is_stopping| *is_stopping) => return,
            () = time::sleep(IDLE) => {}
            () = news.wait_for(|change| matches!(change, Change::Events)) => {}
        }
    }
}

/// Dispatches everything in the outbox to its subscribers; returns the number of events.
pub async fn dispatch_all(app: &App) -> Result<usize> {
    let mut dispatched = 0;
    loop {
        if !event::is_any_undispatched(&mut app.store().read().await?).await? {
            return Ok(dispatched);
        }
        dispatched += dispatch(app).await?;
    }
}

async fn dispatch(app: &App) -> Result<usize> {
    let mut operation = app.begin().await?;
    let events = event::dispatch(&mut operation, BATCH).await?;
    for (id, kind) in &events {
        for subscriber in SUBSCRIBERS.iter().filter(|subscriber| (subscriber.wants)(kind)) {
            operation.enqueue(&Deliver { event: *id, subscriber: subscriber.name.to_owned() }).await?;
        }
    }
    operation.commit().await?;
    Ok(events.len())
}
