//! Leader election for several servers that share one database: the leader moves tasks along and maintains
//! the files, the others only serve requests.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use hearth_core::Result;
use hearth_store::lease::{self, Lease};
use tokio::{sync::watch, time};

use crate::App;

/// The name of the only lease.
const NAME: &str = "leader";
/// How often the leader renews its lease, and the others check it.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// A leader that could not renew its lease for this long steps down.
const GOOD_FOR: Duration = Duration::from_secs(4);
/// A leader that has not renewed its lease for this long is considered gone. It is longer than [`GOOD_FOR`],
/// so that the leader has stepped down by then.
const GONE_AFTER: Duration = Duration::from_secs(6);

/// Whether this server is the leader. Clones share the same state.
#[derive(Clone, Debug)]
pub struct Leadership(Arc<State>);

#[derive(Debug)]
struct State {
    leading: watch::Sender<bool>,
    term: Mutex<Term>,
}

/// How long a server remains the leader without another renewal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Term {
    None,
    Until(Instant),
    Always,
}

impl Leadership {
    /// For a server that is the only one.
    pub fn alone() -> Self {
        Self::with(Term::Always)
    }

    /// For one of several servers; [`keep`] decides whether it is the leader.
    pub fn among_others() -> Self {
        Self::with(Term::None)
    }

    fn with(term: Term) -> Self {
        let leading = watch::channel(term != Term::None).0;
        Self(Arc::new(State { leading, term: Mutex::new(term) }))
    }

    /// Whether it is the leader, by its own clock: a process that was paused while another took over is no
    /// longer the leader from the moment it resumes.
    pub fn is_leading(&self, now: Instant) -> bool {
        match *self.0.term.lock().unwrap_or_else(PoisonError::into_inner) {
            Term::None => false,
            Term::Until(end) => now < end,
            Term::Always => true,
        }
    }

    fn set(&self, term: Term) {
        *self.0.term.lock().unwrap_or_else(PoisonError::into_inner) = term;
        let is_leading = term != Term::None;
        if self.0.leading.send_if_modified(|now| std::mem::replace(now, is_leading) != is_leading) {
            tracing::info!(is_leading, "the leading server has changed");
        }
    }

    /// Runs `work` whenever this server is the leader, until told to stop. The work is told to stop when the
    /// server loses the lead, and started again when it regains it.
    pub async fn run_while_leading<Work: Future<Output = ()>>(
        self,
        mut stop: watch::Receiver<bool>,
        work: impl Fn(watch::Receiver<bool>) -> Work,
    ) {
        let mut leading = self.0.leading.subscribe();
        loop {
            tokio::select! {
                _ = stop.wait_for(|is_stopping| *is_stopping) => return,
                led = leading.wait_for(|is_leading| *is_leading) => if led.is_err() { return },
            }
            let (end, ending) = watch::channel(false);
            let work = work(ending);
            tokio::pin!(work);
            let is_over = tokio::select! {
                () = &mut work => return,
                _ = stop.wait_for(|is_stopping| *is_stopping) => true,
                () = lost(&mut leading) => false,
            };
            end.send_replace(true);
            work.await;
            if is_over {
                return;
            }
        }
    }
}

/// Returns when the server is no longer the leader.
async fn lost(leading: &mut watch::Receiver<bool>) {
    if leading.wait_for(|is_leading| !*is_leading).await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// The last known state of the lease, and since when.
#[derive(Debug)]
struct Seen {
    lease: Option<Lease>,
    at: Instant,
}

/// However [`keep`] ends, the lead ends with it.
struct Keeper<'a>(&'a Leadership);

impl Drop for Keeper<'_> {
    fn drop(&mut self) {
        self.0.set(Term::None);
    }
}

/// Acquires the lead when it is free, and renews it, until told to stop; then releases it. `holder` must be
/// unique to this server.
pub async fn keep(app: App, leadership: Leadership, holder: String, mut stop: watch::Receiver<bool>) {
    let keeper = Keeper(&leadership);
    let mut seen: Option<Seen> = None;
    // Until when the server is the leader; none: it is not.
    let mut end: Option<Instant> = None;
    let mut tick = time::interval(LOOK_EVERY);
    tick.set_missed_tick_behavior(time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = stop.wait_for(|is_stopping| *is_stopping) => break,
            _ = tick.tick() => {}
        }
        // Taken before the query: the time that the answer takes must not extend the lease.
        let asked = app.monotonic();
        let outcome = match end.map(|end| end.saturating_duration_since(asked)) {
            // The process was paused, or this machine's clock jumped: another server may be the leader by
            // now.
            Some(Duration::ZERO) => Ok(Ok(false)),
            Some(left) => time::timeout(left, renew(&app, &holder)).await,
            None => time::timeout(GOOD_FOR, take(&app, &holder, &mut seen, asked)).await,
        };
        match outcome {
            Ok(Ok(true)) => end = Some(asked + GOOD_FOR),
            Ok(Ok(false)) => end = None,
            Ok(Err(error)) => {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, "leadership could not be renewed or acquired");
            }
            Err(_) => tracing::warn!("the leading server could not be read from the database"),
        }
        end = end.filter(|end| app.monotonic() < *end);
        leadership.set(end.map_or(Term::None, Term::Until));
    }
    drop(keeper);
    if end.is_some()
        && let Err(error) = give_back(&app, &holder).await
    {
        tracing::warn!(error = &error as &dyn std::error::Error, "leadership could not be released");
    }
}

async fn renew(app: &App, holder: &str) -> Result<bool> {
    let mut operation = app.begin().await?;
    let is_held = lease::renew(&mut operation, NAME, holder).await?;
    operation.commit().await?;
    Ok(is_held)
}

/// Acquires the lease if it is free, or its holder has not renewed it for too long.
async fn take(app: &App, holder: &str, seen: &mut Option<Seen>, now: Instant) -> Result<bool> {
    let lease = lease::find(&mut app.store().read().await?, NAME).await?;
    let since = match seen {
        Some(seen) if seen.lease == lease => seen.at,
        _ => seen.insert(Seen { lease: lease.clone(), at: now }).at,
    };
    // It may be this server's own: acquired just as the database stopped answering, or lost through a pause.
    let is_free = lease.as_ref().is_none_or(|lease| lease.holder.is_empty() || lease.holder == holder);
    if !is_free && now.saturating_duration_since(since) < GONE_AFTER {
        return Ok(false);
    }
    let mut operation = app.begin().await?;
    let is_taken = lease::take(&mut operation, NAME, lease.as_ref(), holder).await?;
    operation.commit().await?;
    Ok(is_taken)
}

/// Releases the lead, whoever holds it: for the start of a server that knows it is the only one.
pub async fn release(app: &App) -> Result<()> {
    let mut operation = app.begin().await?;
    lease::release(&mut operation, NAME).await?;
    operation.commit().await
}

async fn give_back(app: &App, holder: &str) -> Result<()> {
    let mut operation = app.begin().await?;
    lease::give_back(&mut operation, NAME, holder).await?;
    operation.commit().await
}
