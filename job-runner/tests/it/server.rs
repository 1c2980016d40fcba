//! A small server of the agent's protocol, on the crate's own record, with injected faults.

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    Json, Router,
    body::{Body, Bytes},
    extract::{Query, Request, State},
    http::{StatusCode, header},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use futures_util::StreamExt;
use hearth_core::Reason;
use hearth_runner::{
    Error, TaskSpec,
    protocol::{
        Appended, Event, EventBatch, Finish, Heartbeat, HeartbeatReply, OutputEntry, Phase, ResourceSample,
    },
    record::Record,
};
use serde::Deserialize;
use tokio::{net::TcpListener, task::JoinHandle};

pub(crate) const TOKEN: &str = "0123456789abcdef0123456789abcdef01234567";

/// What the server knows; survives its restarts.
pub(crate) struct Known {
    pub(crate) spec: TaskSpec,
    pub(crate) code: Vec<u8>,
    pub(crate) inputs: Vec<(String, Vec<u8>)>,
    pub(crate) record: Record,
    pub(crate) events: Mutex<Vec<Event>>,
    pub(crate) samples: Mutex<Vec<ResourceSample>>,
    pub(crate) phases: Mutex<Vec<Phase>>,
    pub(crate) finish: Mutex<Option<Finish>>,
    pub(crate) reply: Mutex<HeartbeatReply>,
    /// The folder of outputs that it takes by itself.
    pub(crate) shared: Mutex<Option<PathBuf>>,
    pub(crate) faults: Faults,
}

#[derive(Default)]
pub(crate) struct Faults {
    /// Answers 500 to that many requests, after having done what they ask.
    pub(crate) failing: AtomicU32,
    /// Answers 410 to everything.
    pub(crate) is_gone: AtomicBool,
    /// Loses the second half of the log when it receives `finish`, as a power cut might.
    pub(crate) is_forgetful: AtomicBool,
    /// Breaks off this many uploads in the middle.
    pub(crate) breaking_uploads: AtomicU32,
    /// Reports a full disk for this many uploads.
    pub(crate) full: AtomicU32,
    /// Rejects this many long `finish` messages.
    pub(crate) curt: AtomicU32,
    /// Accepts no more than this of a log; 0 for all of it.
    pub(crate) most_log: AtomicU64,
    /// Rejects events with this reason.
    pub(crate) odd_reason: Mutex<Option<Reason>>,
}

pub(crate) struct Server {
    pub(crate) known: Arc<Known>,
    pub(crate) address: std::net::SocketAddr,
    task: Option<JoinHandle<()>>,
}

impl Server {
    pub(crate) async fn start(known: Arc<Known>) -> Self {
        Self::start_at(known, "127.0.0.1").await
    }

    pub(crate) async fn start_at(known: Arc<Known>, host: &str) -> Self {
        let listener = TcpListener::bind((host, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut server = Self { known, address, task: None };
        server.serve(listener);
        server
    }

    fn serve(&mut self, listener: TcpListener) {
        let router = router(Arc::clone(&self.known));
        self.task = Some(tokio::spawn(async move { axum::serve(listener, router).await.unwrap() }));
    }

    /// As if killed: nothing listens any more and open connections are cut.
    pub(crate) async fn vanish(&mut self) {
        let task = self.task.take().unwrap();
        task.abort();
        let _ = task.await;
    }

    pub(crate) async fn come_back(&mut self) {
        let listener = loop {
            match TcpListener::bind(self.address).await {
                Ok(listener) => break listener,
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        };
        self.serve(listener);
    }

    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.known.record.log_path(0)).unwrap_or_default()
    }

    pub(crate) fn log_of(&self, node: u32) -> String {
        std::fs::read_to_string(self.known.record.log_path(node)).unwrap_or_default()
    }

    pub(crate) fn metrics(&self) -> String {
        std::fs::read_to_string(self.known.record.metrics_path()).unwrap_or_default()
    }

    pub(crate) fn reasons(&self) -> Vec<Reason> {
        self.known.events.lock().unwrap().iter().map(|event| event.reason).collect()
    }

    /// What the timeline says of a reason.
    pub(crate) fn facts(&self, reason: Reason) -> std::collections::BTreeMap<String, String> {
        let events = self.known.events.lock().unwrap();
        events.iter().find(|event| event.reason == reason).map(|event| event.data.clone()).unwrap_or_default()
    }

    /// Waits for the end of the attempt.
    pub(crate) async fn finished(&self) -> Finish {
        self.wait("finish", || self.known.finish.lock().unwrap().clone()).await
    }

    pub(crate) async fn wait_for_log(&self, text: &str) {
        self.wait(text, || self.log().contains(text).then_some(())).await;
    }

    async fn wait<T>(&self, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
        for _ in 0..1200 {
            if let Some(seen) = look() {
                return seen;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("no {what} after a minute; log so far:\n{}", self.log());
    }
}

fn router(known: Arc<Known>) -> Router {
    let calls = Router::new()
        .route("/spec", get(async |State(known): State<Arc<Known>>| Json(known.spec.clone())))
        .route("/code.tar", get(async |State(known): State<Arc<Known>>| known.code.clone()))
        .route("/patch", get(patch))
        .route("/input/{kind}/{file}", get(input))
        .route("/heartbeat", post(heartbeat))
        .route("/events", post(events))
        .route("/log", post(log))
        .route("/metrics", post(metrics))
        .route("/resources", post(resources))
        .route("/outputs", get(output_status).put(output).post(take_output))
        .route("/finish", post(finish))
        .layer(from_fn_with_state(Arc::clone(&known), faults));
    Router::new().nest("/api/agent/v1", calls).with_state(known)
}

async fn faults(State(known): State<Arc<Known>>, request: Request, next: Next) -> Response {
    if known.faults.is_gone.load(Ordering::Relaxed) {
        return StatusCode::GONE.into_response();
    }
    let is_ours = request
        .headers()
        .get(header::AUTHORIZATION)
        .is_some_and(|value| value.as_bytes() == format!("Bearer {TOKEN}").as_bytes());
    if !is_ours {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let answer = next.run(request).await;
    let failing = &known.faults.failing;
    if failing.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok() {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    answer
}

async fn patch(State(known): State<Arc<Known>>) -> Vec<u8> {
    std::fs::read(known.record.directory().join("code.patch")).unwrap()
}

async fn input(
    State(known): State<Arc<Known>>,
    axum::extract::Path((kind, file)): axum::extract::Path<(String, String)>,
) -> Response {
    let wanted = format!("{kind}/{file}");
    match known.inputs.iter().find(|(name, _)| *name == wanted) {
        Some((_, tar)) => tar.clone().into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn heartbeat(State(known): State<Arc<Known>>, Json(beat): Json<Heartbeat>) -> Json<HeartbeatReply> {
    known.phases.lock().unwrap().push(beat.phase);
    Json(*known.reply.lock().unwrap())
}

async fn events(State(known): State<Arc<Known>>, Json(batch): Json<EventBatch>) -> Response {
    let odd = *known.faults.odd_reason.lock().unwrap();
    if odd.is_some_and(|odd| batch.events.iter().any(|event| event.reason == odd)) {
        return StatusCode::UNPROCESSABLE_ENTITY.into_response();
    }
    let mut events = known.events.lock().unwrap();
    let fits = batch.first == events.len() as u64;
    if fits {
        events.extend(batch.events);
    }
    let status = if fits { StatusCode::OK } else { StatusCode::CONFLICT };
    (status, Json(Appended { next_offset: events.len() as u64 })).into_response()
}

#[derive(Deserialize)]
struct NodeOffset {
    #[serde(default)]
    node: u32,
    offset: u64,
}

async fn log(State(known): State<Arc<Known>>, Query(place): Query<NodeOffset>, body: Bytes) -> Response {
    let most = known.faults.most_log.load(Ordering::Relaxed);
    if most > 0 && place.offset + body.len() as u64 > most {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    }
    appended(known.record.append_log(place.node, place.offset, &body))
}

async fn metrics(State(known): State<Arc<Known>>, Query(place): Query<NodeOffset>, body: Bytes) -> Response {
    appended(known.record.append_metrics(place.offset, &body))
}

fn appended(result: hearth_runner::Result<Appended>) -> Response {
    match result {
        Ok(appended) => Json(appended).into_response(),
        Err(Error::WrongOffset(appended)) => (StatusCode::CONFLICT, Json(appended)).into_response(),
        Err(error) => panic!("{error}"),
    }
}

async fn resources(State(known): State<Arc<Known>>, Json(samples): Json<Vec<ResourceSample>>) -> StatusCode {
    known.samples.lock().unwrap().extend(samples);
    StatusCode::NO_CONTENT
}

fn once(left: &AtomicU32) -> bool {
    left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok()
}

#[derive(Deserialize)]
struct OutputPlace {
    path: String,
    size: u64,
    sha256: String,
    #[serde(default)]
    offset: u64,
}

impl OutputPlace {
    fn entry(&self) -> OutputEntry {
        OutputEntry { path: self.path.parse().unwrap(), size_bytes: self.size, sha256: self.sha256.clone() }
    }
}

async fn output_status(State(known): State<Arc<Known>>, Query(place): Query<OutputPlace>) -> Response {
    Json(known.record.output_status(&place.entry()).unwrap()).into_response()
}

#[derive(Deserialize)]
struct Left {
    path: String,
}

async fn take_output(State(known): State<Arc<Known>>, Query(left): Query<Left>) -> Response {
    let folder = known.shared.lock().unwrap().clone();
    let taken =
        folder.and_then(|folder| known.record.take_output(&folder, &left.path.parse().unwrap()).unwrap());
    match taken {
        Some(entry) => Json(entry).into_response(),
        None => StatusCode::CONFLICT.into_response(),
    }
}

async fn output(State(known): State<Arc<Known>>, Query(place): Query<OutputPlace>, body: Body) -> Response {
    let entry = place.entry();
    let mut offset = place.offset;
    let mut body = body.into_data_stream();
    if once(&known.faults.full) {
        // A client that is still sending might not see the answer.
        while let Some(Ok(_)) = body.next().await {}
        return StatusCode::INSUFFICIENT_STORAGE.into_response();
    }
    let breaking = &known.faults.breaking_uploads;
    let breaks =
        breaking.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok();
    while let Some(Ok(piece)) = body.next().await {
        match known.record.append_output(&entry, offset, &piece) {
            Ok(status) => offset = status.received,
            Err(_) => {
                return (StatusCode::CONFLICT, Json(known.record.output_status(&entry).unwrap()))
                    .into_response();
            }
        }
        if breaks {
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    }
    match known.record.complete_output(&entry) {
        Ok(status) => Json(status).into_response(),
        Err(Error::HashMismatch { .. }) => StatusCode::UNPROCESSABLE_ENTITY.into_response(),
        Err(error) => panic!("{error}"),
    }
}

#[derive(Deserialize)]
struct Which {
    node: u32,
}

async fn finish(
    State(known): State<Arc<Known>>,
    Query(which): Query<Which>,
    Json(finish): Json<Finish>,
) -> Response {
    if !finish.working_directory.is_empty() && once(&known.faults.curt) {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    }
    let path = known.record.log_path(which.node);
    if known.faults.is_forgetful.swap(false, Ordering::Relaxed) {
        let log = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
        log.set_len(log.metadata().unwrap().len() / 2).unwrap();
    }
    let log = std::fs::metadata(&path).map_or(0, |facts| facts.len());
    if log < finish.log_bytes {
        return (StatusCode::CONFLICT, Json(Appended { next_offset: log })).into_response();
    }
    *known.finish.lock().unwrap() = Some(finish);
    StatusCode::NO_CONTENT.into_response()
}
