use std::{collections::BTreeMap, time::Duration};

use futures_util::future;
use hearth_core::{Change, Result};
use hearth_store::job;
use tokio::{
    sync::watch::{self, Receiver, Sender},
    time,
};

use super::{
    Queue,
    run::{due, run_next},
    schedule,
};
use crate::App;

/// How often the queues are polled without a notification: jobs also become due by time.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Runs jobs until told to stop; running jobs are finished first. Each queue has its own workers, and one
/// poller for all queues wakes those that have work.
pub async fn run(app: App, stop: Receiver<bool>) {
    let wakers: BTreeMap<Queue, Sender<()>> =
        Queue::ALL.iter().map(|queue| (*queue, watch::channel(()).0)).collect();
    let workers = wakers.iter().flat_map(|(queue, waker)| {
        (0..app.workers().of(*queue)).map(|_| serve(&app, *queue, waker.subscribe(), stop.clone()))
    });
    let workers = future::join_all(workers.collect::<Vec<_>>());
    future::join(workers, Box::pin(wake(&app, &wakers, stop.clone()))).await;
}

/// One worker.
async fn serve(app: &App, queue: Queue, mut work: Receiver<()>, mut stop: Receiver<bool>) {
    while !*stop.borrow() {
        match run_next(app, queue).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, queue = queue.as_str(), "a queue of jobs cannot be served");
            }
        }
        tokio::select! {
            _ = stop.wait_for(|is_stopping| *is_stopping) => return,
            _ = work.changed() => {}
        }
    }
}

/// Wakes workers when jobs are due, on notification and periodically.
async fn wake(app: &App, wakers: &BTreeMap<Queue, Sender<()>>, mut stop: Receiver<bool>) {
    let mut news = app.changes().listen();
    loop {
        if let Err(error) = look(app, wakers).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "the queues of jobs cannot be read");
        }
        tokio::select! {
            _ = stop.wait_for(|is_stopping| *is_stopping) => return,
            () = time::sleep(LOOK_EVERY) => {}
            () = news.wait_for(|change| matches!(change, Change::Jobs)) => {}
        }
    }
}

async fn look(app: &App, wakers: &BTreeMap<Queue, Sender<()>>) -> Result<()> {
    schedule::enqueue_due(app).await?;
    for name in job::due_queues(&mut app.store().read().await?, due(app)).await? {
        // A queue of another program version has no worker here.
        if let Some(waker) = name.parse().ok().and_then(|queue: Queue| wakers.get(&queue)) {
            waker.send_replace(());
        }
    }
    Ok(())
}
