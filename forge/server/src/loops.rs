//! The server's loops. One that ends or panics is restarted with a growing delay, and `/readyz` fails until
//! it is steady.

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::watch,
    task::JoinHandle,
    time::{self, Instant},
};

/// Timing of restarts.
#[derive(Clone, Copy, Debug)]
struct Patience {
    first_pause: Duration,
    longest_pause: Duration,
    /// A loop that has run this long is considered healthy again.
    steady_after: Duration,
}

const PATIENCE: Patience = Patience {
    first_pause: Duration::from_millis(500),
    longest_pause: Duration::from_mins(1),
    steady_after: Duration::from_secs(10),
};

/// Restarts loops that end early.
#[derive(Clone, Debug)]
pub(crate) struct Loops(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    stop: watch::Receiver<bool>,
    patience: Patience,
    down: Mutex<BTreeSet<&'static str>>,
    restarts: AtomicU64,
}

impl Loops {
    /// Loops are expected to end once `stop` is true.
    pub(crate) fn new(stop: watch::Receiver<bool>) -> Self {
        Self::with(stop, PATIENCE)
    }

    fn with(stop: watch::Receiver<bool>, patience: Patience) -> Self {
        Self(Arc::new(Inner { stop, patience, down: Mutex::default(), restarts: AtomicU64::new(0) }))
    }

    /// The stop signal for loops.
    pub(crate) fn stop(&self) -> watch::Receiver<bool> {
        self.0.stop.clone()
    }

    /// Loops that are down, or were recently.
    pub(crate) fn down(&self) -> Vec<&'static str> {
        self.0.down.lock().unwrap_or_else(PoisonError::into_inner).iter().copied().collect()
    }

    /// The number of restarts.
    pub(crate) fn restarts(&self) -> u64 {
        self.0.restarts.load(Ordering::Relaxed)
    }

    /// Keeps a loop running until it is told to stop.
    pub(crate) fn keep<Work>(
        &self,
        name: &'static str,
        begin: impl Fn() -> Work + Send + 'static,
    ) -> JoinHandle<()>
    where
        Work: Future<Output = ()> + Send + 'static,
    {
        let loops = self.clone();
        tokio::spawn(async move {
            let Patience { first_pause, longest_pause, steady_after } = loops.0.patience;
            let (mut stop, mut pause) = (loops.stop(), first_pause);
            loop {
                let begun = Instant::now();
                let mut work = tokio::spawn(begin());
                let ended = tokio::select! {
                    ended = &mut work => ended,
                    () = time::sleep(steady_after) => {
                        loops.mark(name, false);
                        work.await
                    }
                };
                if *stop.borrow() {
                    return;
                }
                loops.mark(name, true);
                loops.0.restarts.fetch_add(1, Ordering::Relaxed);
                if begun.elapsed() >= steady_after {
                    pause = first_pause;
                }
                let error =
                    ended.err().map_or_else(|| "it ended by itself".to_owned(), |error| error.to_string());
                let again_in_ms = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX);
                tracing::error!(name, error, again_in_ms, "a background loop failed and is restarted");
                tokio::select! {
                    () = time::sleep(pause) => {}
                    _ = stop.wait_for(|is_stopping| *is_stopping) => return,
                }
                pause = (pause * 2).min(longest_pause);
            }
        })
    }

    fn mark(&self, name: &'static str, is_down: bool) {
        let mut down = self.0.down.lock().unwrap_or_else(PoisonError::into_inner);
        if is_down {
            down.insert(name);
        } else {
            down.remove(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUICK: Patience = Patience {
        first_pause: Duration::from_millis(1),
        longest_pause: Duration::from_millis(20),
        steady_after: Duration::from_millis(50),
    };

    async fn until(what: impl Fn() -> bool) {
        while !what() {
            time::sleep(Duration::from_millis(2)).await;
        }
    }

    #[tokio::test]
    async fn a_loop_that_panics_or_ends_begins_again_and_is_down_meanwhile() {
        let (stop, stopping) = watch::channel(false);
        let loops = Loops::with(stopping.clone(), QUICK);
        let lives = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&lives);
        let kept = loops.keep("queue", move || {
            let (life, mut stopping) = (counted.fetch_add(1, Ordering::SeqCst), stopping.clone());
            async move {
                match life {
                    0 => panic!("the first life"),
                    1 => {}
                    _ => drop(stopping.wait_for(|is_stopping| *is_stopping).await),
                }
            }
        });
        until(|| lives.load(Ordering::SeqCst) >= 2).await;
        assert_eq!(loops.down(), ["queue"]);
        until(|| loops.down().is_empty()).await;
        assert_eq!((lives.load(Ordering::SeqCst), loops.restarts()), (3, 2));
        stop.send_replace(true);
        kept.await.expect("it stops when told to");
        assert!(loops.down().is_empty());
    }
}
