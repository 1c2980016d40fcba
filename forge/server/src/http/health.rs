//! `/healthz`: the process is alive. `/readyz`: whether it can serve, with the reasons if not.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{Json, Router, extract::State, http::StatusCode, routing::get};
use hearth_app::App;
use hearth_core::chain;
use serde_json::{Value, json};
use tokio::{
    sync::watch,
    time::{self, Instant},
};

use crate::loops::Loops;

/// How long a result is cached, so that frequent checks cost no more.
const FRESH: Duration = Duration::from_secs(1);
/// A part that does not respond within this is not ready.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often the database file is checked.
const DATABASE_EVERY: Duration = Duration::from_hours(24);

/// Whether this server can do its work.
#[derive(Clone)]
pub(crate) struct Readiness(Arc<Inner>);

struct Inner {
    app: App,
    loops: Loops,
    /// The damage found by the last check of the database file.
    damage: Mutex<Vec<String>>,
    seen: tokio::sync::Mutex<Option<(Instant, Reasons)>>,
}

/// The reasons why not, by part; empty if it is ready.
type Reasons = BTreeMap<&'static str, String>;

impl Readiness {
    pub(crate) fn new(app: App, loops: Loops) -> Self {
        Self(Arc::new(Inner { app, loops, damage: Mutex::default(), seen: tokio::sync::Mutex::default() }))
    }

    /// Checks the database file, now and every day, until told to stop.
    pub(crate) async fn watch_database(self, mut stop: watch::Receiver<bool>) {
        loop {
            match self.0.app.store().check_integrity(false).await {
                Ok(damage) => {
                    if !damage.is_empty() {
                        tracing::error!(
                            damage = damage.join("; "),
                            "the database is damaged: restore a backup"
                        );
                    }
                    *self.damage() = damage;
                }
                Err(error) => {
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        "the database could not be checked"
                    );
                }
            }
            tokio::select! {
                _ = stop.wait_for(|is_stopping| *is_stopping) => return,
                () = time::sleep(DATABASE_EVERY) => {}
            }
        }
    }

    /// Logs when the disk runs full and when there is space again, and lets the caches grow only while there
    /// is.
    pub(crate) async fn watch_disk(self, mut stop: watch::Receiver<bool>) {
        let mut was_in_trouble = false;
        loop {
            let trouble = self.0.app.disk().room().ok().and_then(|room| room.trouble());
            self.0.app.git().keep_packs(trouble.is_none());
            match &trouble {
                Some(trouble) if !was_in_trouble => {
                    tracing::error!(
                        trouble,
                        "no new tasks and no uploads are taken until there is room again"
                    );
                }
                None if was_in_trouble => tracing::info!("there is room again: tasks and uploads are taken"),
                _ => {}
            }
            was_in_trouble = trouble.is_some();
            tokio::select! {
                _ = stop.wait_for(|is_stopping| *is_stopping) => return,
                () = time::sleep(PATIENCE) => {}
            }
        }
    }

    async fn reasons(&self) -> Reasons {
        let mut seen = self.0.seen.lock().await;
        if let Some((at, reasons)) = &*seen
            && at.elapsed() < FRESH
        {
            return reasons.clone();
        }
        let reasons = self.look().await;
        *seen = Some((Instant::now(), reasons.clone()));
        reasons
    }

    async fn look(&self) -> Reasons {
        let Inner { app, loops, .. } = &*self.0;
        let mut reasons = Reasons::new();
        if let Some(why) = self.database().await {
            reasons.insert("database", why);
        }
        match app.disk().room() {
            Ok(room) => reasons.extend(room.trouble().map(|trouble| ("disk", trouble))),
            Err(error) => {
                let why = format!("the disk of the data folder cannot be asked: {error}");
                reasons.insert("disk", why);
            }
        }
        let down = loops.down();
        if !down.is_empty() {
            reasons.insert("loops", format!("down: {}", down.join(", ")));
        }
        reasons
    }

    async fn database(&self) -> Option<String> {
        let store = self.0.app.store();
        let asked = async {
            store.ping().await?;
            store.check_writable().await
        };
        match time::timeout(PATIENCE, asked).await {
            Err(_) => Some("it does not answer".to_owned()),
            Ok(Err(error)) => Some(chain(&error)),
            Ok(Ok(())) => {
                let damage = self.damage();
                (!damage.is_empty()).then(|| format!("it is damaged: {}", damage.join("; ")))
            }
        }
    }

    fn damage(&self) -> std::sync::MutexGuard<'_, Vec<String>> {
        self.0.damage.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(crate) fn router(readiness: Readiness) -> Router {
    Router::new().route("/healthz", get(live)).route("/readyz", get(ready)).with_state(readiness)
}

async fn live() -> Json<Value> {
    Json(json!({ "status": "pass" }))
}

async fn ready(State(readiness): State<Readiness>) -> (StatusCode, Json<Value>) {
    let reasons = readiness.reasons().await;
    if reasons.is_empty() {
        // An unreachable engine only delays tasks; everything else is served.
        let engines = readiness.0.app.engines().iter();
        let engines: Vec<Value> =
            engines.map(|engine| json!({ "name": engine.name(), "state": engine.health().state })).collect();
        return (StatusCode::OK, Json(json!({ "status": "pass", "engines": engines })));
    }
    for (part, reason) in &reasons {
        tracing::warn!(part, reason, "not ready");
    }
    let mut answer = json!({ "status": "fail", "reasons": reasons });
    for part in reasons.keys() {
        answer[*part] = json!("fail");
    }
    (StatusCode::SERVICE_UNAVAILABLE, Json(answer))
}
