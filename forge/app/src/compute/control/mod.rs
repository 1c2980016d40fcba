//! Moves tasks from the queue to an engine, and to an end according to what engines and agents report. The
//! server's loops are woken by changes and by a tick; the database is the source of truth, so they can stop
//! anywhere and start again.

mod admit;
mod attempt_clocks;
mod hand_over;
mod make_room;
mod task_spec;
mod watch;

use std::{path::PathBuf, time::Duration};

use futures_util::{
    StreamExt as _, future,
    stream::{self, BoxStream},
};
use hearth_core::Result;
use hearth_runner::engine;
use tokio::{
    sync::watch as signal,
    time::{self, Instant},
};

pub(crate) use attempt_clocks::AttemptClocks;
use hand_over::hand_over_all;
pub(crate) use hand_over::{PendingHandOvers, engine_of};

use crate::{App, Change, accelerator, image, pool, spec, undelivered_outputs};

/// Polling interval when nothing changes.
const TICK: Duration = Duration::from_secs(2);
/// Interval between checks for expired outputs.
const EXPIRY: Duration = Duration::from_hours(1);
/// Changes in quick succession are handled in one pass. The longer a pass takes, the longer the pause before
/// the next one, so that passes take a third of the time at most.
const GATHER: Duration = Duration::from_millis(10);
const GATHER_AT_MOST: Duration = Duration::from_millis(500);

/// Discovers what this machine offers.
///
/// Probing interpreters takes a while: it is awaited only at the first start, when there is nothing to offer
/// yet.
pub async fn prepare(app: &App, interpreters: Vec<PathBuf>) -> Result<()> {
    if image::list(app).await?.is_empty() {
        image::discover(app, &interpreters).await?;
        tokio::spawn(look_again(app.clone(), None));
    } else {
        tokio::spawn(look_again(app.clone(), Some(interpreters)));
    }
    accelerator::insert_shipped(app).await?;
    image::insert_shipped(app).await?;
    pool::derive(app).await?;
    spec::derive(app).await
}

/// Searches for interpreters again, unless that was just done, and asks them what they hold.
async fn look_again(app: App, interpreters: Option<Vec<PathBuf>>) {
    let looked = async {
        if let Some(interpreters) = interpreters {
            image::discover(&app, &interpreters).await?;
        }
        image::observe(&app).await
    };
    if let Err(error) = looked.await {
        tracing::warn!(
            error = &error as &dyn std::error::Error,
            "the interpreters of this machine could not be searched; the images stay as they were"
        );
    }
}

/// Adopts the attempts of the previous server process or leader.
pub async fn adopt_attempts(app: &App) -> Result<()> {
    watch::adopt(app).await?;
    watch::tidy(app).await
}

/// One full pass: ends what is over, starts what fits. The server's loops do the same; tests call this.
pub async fn run_pass(app: &App) -> Result<()> {
    watch::check(app).await?;
    let bound = admit::admit(app).await?;
    hand_over_all(app, bound).await;
    Ok(())
}

/// Starts what fits. Attempts are handed to engines in the background, so that a slow cluster holds up
/// nothing else.
async fn serve(app: &App) -> Result<()> {
    if !app.is_leading() {
        return Ok(());
    }
    let bound = admit::admit(app).await?;
    if !bound.is_empty() {
        let app = app.clone();
        tokio::spawn(async move { hand_over_all(&app, bound).await });
    }
    Ok(())
}

/// Runs until `stop` becomes true. What runs on engines continues, and is adopted at the next start.
///
/// There are three loops, so that a long pass over the queue does not delay noticing that a machine died.
pub async fn run(app: App, stop: signal::Receiver<bool>) {
    // Subscribe first, so that nothing is missed that engines report while attempts are adopted.
    let changes = engine_changes(&app);
    let mut stopping = stop.clone();
    loop {
        let adopted = adopt_attempts(&app).await;
        let is_done = adopted.is_ok();
        tokio::select! {
            () = stop_signalled(&mut stopping) => return,
            () = log_and_wait(adopted) => if is_done { break },
        }
    }
    let hears = Box::pin(follow_engines(&app, changes, stop.clone()));
    let looks = Box::pin(check_attempts(&app, stop.clone()));
    future::join3(hears, looks, Box::pin(serve_queue(&app, stop))).await;
}

/// Changes with the names of their engines.
type EngineChanges = BoxStream<'static, (String, engine::Change)>;

fn engine_changes(app: &App) -> EngineChanges {
    let streams = app.engines().iter().map(|engine| {
        let name = engine.name().to_owned();
        engine.watch().map(move |change| (name.clone(), change)).boxed()
    });
    stream::select_all(streams).boxed()
}

/// Follows the changes that engines report.
async fn follow_engines(app: &App, mut changes: EngineChanges, mut stop: signal::Receiver<bool>) {
    loop {
        let (engine, change) = tokio::select! {
            () = stop_signalled(&mut stop) => return,
            Some(said) = changes.next() => said,
            else => return,
        };
        log_and_wait(watch::apply_change(app, &engine, &change).await).await;
    }
}

/// Polls for what nobody reports: silence, time limits, attempts that no engine has taken.
async fn check_attempts(app: &App, mut stop: signal::Receiver<bool>) {
    let mut tick = time::interval(TICK);
    tick.set_missed_tick_behavior(time::MissedTickBehavior::Delay);
    let mut expiry = time::interval_at(Instant::now() + EXPIRY, EXPIRY);
    loop {
        tokio::select! {
            () = stop_signalled(&mut stop) => return,
            _ = tick.tick() => log_and_wait(watch::check(app).await).await,
            _ = expiry.tick() => log_and_wait(undelivered_outputs::expire(app).await).await,
        }
    }
}

/// Starts what fits, whenever a task has changed or a machine may have.
async fn serve_queue(app: &App, mut stop: signal::Receiver<bool>) {
    let mut news = app.changes().listen();
    let mut pause = GATHER;
    loop {
        tokio::select! {
            () = stop_signalled(&mut stop) => return,
            () = time::sleep(TICK) => {}
            () = news.wait_for(Change::is_for_queue) => {}
            () = app.pending_hand_overs().has_room() => {}
        }
        time::sleep(pause).await;
        news.skip();
        let begun = Instant::now();
        log_and_wait(serve(app).await).await;
        pause = (begun.elapsed() * 2).clamp(GATHER, GATHER_AT_MOST);
    }
}

/// Logs an error and waits. The database is the source of truth: the next pass tries again.
async fn log_and_wait(outcome: Result<()>) {
    if let Err(error) = outcome {
        tracing::warn!(
            error = &error as &dyn std::error::Error,
            "the queue could not be served, it is tried again"
        );
        time::sleep(TICK).await;
    }
}

async fn stop_signalled(stop: &mut signal::Receiver<bool>) {
    while !*stop.borrow_and_update() {
        if stop.changed().await.is_err() {
            return;
        }
    }
}
