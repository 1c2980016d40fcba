//! `/metrics` in the format of Prometheus.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    extract::{ConnectInfo, State},
    http::{HeaderMap, Method, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use hearth_app::{App, maintenance::MaintenanceCounts};
use hearth_store::{blob, event, job};
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Registry, Unit},
};

use crate::{config::MetricsConfig, logging, loops::Loops};

/// Upper bounds of the duration buckets, in seconds.
const BUCKETS: [f64; 10] = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0];

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    /// The pattern of the route, not the path: there are unlimited paths.
    route: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Queued {
    queue: String,
    state: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Ran {
    kind: &'static str,
    outcome: &'static str,
}

/// The counters of a running server.
#[derive(Clone)]
pub(crate) struct Metrics(Arc<Inner>);

struct Inner {
    registry: Registry,
    requests: Family<Answered, Counter>,
    durations: Histogram,
    jobs: Family<Queued, Gauge>,
    job_runs: Family<Ran, Counter>,
    undispatched: Gauge,
    memory: Gauge,
    connections: Gauge,
    ssh_connections: Gauge,
    transfers: Gauge,
    free_disk: Gauge,
    lost_objects: Gauge,
    lost_log_lines: Gauge,
    loop_restarts: Gauge,
    loops: Loops,
    maintenance: Maintained,
    /// Differs from start to start, so that request ids are not reused.
    life: u32,
    count: AtomicU64,
}

impl Metrics {
    pub(crate) fn new(random: &dyn hearth_core::RandomSource, loops: Loops) -> Self {
        let mut registry = Registry::with_prefix("hearth");
        let requests = Family::default();
        let durations = Histogram::new(BUCKETS);
        let (jobs, job_runs) = (Family::default(), Family::default());
        let (undispatched, memory) = (Gauge::default(), Gauge::default());
        registry.register("http_requests", "Requests answered", requests.clone());
        registry.register_with_unit(
            "http_request",
            "Time to an answer's head",
            Unit::Seconds,
            durations.clone(),
        );
        registry.register("jobs", "Jobs by queue and state", jobs.clone());
        registry.register("job_runs", "Runs of jobs by kind and outcome", job_runs.clone());
        registry.register("events_undispatched", "Events that wait for the dispatcher", undispatched.clone());
        registry.register_with_unit("resident_memory", "Memory in use", Unit::Bytes, memory.clone());
        let maintenance = Maintained::register(&mut registry);
        let (connections, transfers) = (Gauge::default(), Gauge::default());
        let ssh_connections = Gauge::default();
        registry.register("connections_open", "Connections of clients", connections.clone());
        registry.register("ssh_connections_open", "SSH connections of clients", ssh_connections.clone());
        registry.register("transfers_open", "Clones, fetches and pushes going on", transfers.clone());
        let (free_disk, lost_objects) = (Gauge::default(), Gauge::default());
        let (lost_log_lines, loop_restarts) = (Gauge::default(), Gauge::default());
        registry.register_with_unit(
            "disk_free",
            "Room on the disk of the data",
            Unit::Bytes,
            free_disk.clone(),
        );
        registry.register("objects_lost", "Large files whose bytes are lost", lost_objects.clone());
        registry.register("log_lines_lost", "Log lines that could not be written", lost_log_lines.clone());
        registry.register(
            "loop_restarts",
            "Loops of the server that had to begin again",
            loop_restarts.clone(),
        );
        let life = u32::from_le_bytes(random.bytes());
        let count = AtomicU64::new(0);
        Self(Arc::new(Inner {
            registry,
            requests,
            durations,
            jobs,
            job_runs,
            undispatched,
            memory,
            connections,
            ssh_connections,
            transfers,
            free_disk,
            lost_objects,
            lost_log_lines,
            loop_restarts,
            loops,
            maintenance,
            life,
            count,
        }))
    }

    /// A unique id for one request within this process, and very likely across restarts.
    pub(crate) fn next_request_id(&self) -> String {
        format!("{:08x}{:06x}", self.0.life, self.0.count.fetch_add(1, Ordering::Relaxed))
    }

    pub(crate) fn answered(&self, method: &Method, route: &str, status: u16, elapsed: Duration) {
        let labels = Answered { method: label(method), route: route.to_owned(), status };
        self.0.requests.get_or_create(&labels).inc();
        self.0.durations.observe(elapsed.as_secs_f64());
    }

    /// A gauge of open connections.
    pub(crate) fn connections(&self) -> Gauge {
        self.0.connections.clone()
    }

    /// A gauge of open SSH connections.
    pub(crate) fn ssh_connections(&self) -> Gauge {
        self.0.ssh_connections.clone()
    }

    async fn text(&self, app: &App) -> String {
        let inner = &*self.0;
        let set = |gauge: &Gauge, value: u64| gauge.set(i64::try_from(value).unwrap_or(i64::MAX));
        inner.transfers.set(i64::try_from(app.git().transfers()).unwrap_or(i64::MAX));
        if let Ok(mut reader) = app.store().read().await {
            if let Ok(counts) = job::counts(&mut reader, app.now()).await {
                inner.count_jobs(&counts);
            }
            if let Ok(waiting) = event::count_undispatched(&mut reader).await {
                set(&inner.undispatched, waiting);
            }
            if let Ok(lost) = blob::count_faults(&mut reader).await {
                set(&inner.lost_objects, lost);
            }
        }
        for (kind, outcome, runs) in app.runs().all() {
            inner.job_runs.get_or_create(&Ran { kind, outcome }).inner().store(runs, Ordering::Relaxed);
        }
        if let Ok(room) = app.disk().room() {
            set(&inner.free_disk, room.free_bytes);
        }
        set(&inner.lost_log_lines, logging::lost_lines());
        set(&inner.loop_restarts, inner.loops.restarts());
        if let Some(bytes) = resident_bytes() {
            self.0.memory.set(bytes);
        }
        self.0.maintenance.set(app.maintenance().counts());
        let mut text = String::new();
        encode(&mut text, &self.0.registry).expect("writing to a String cannot fail");
        text
    }
}

impl Inner {
    /// Queues that became empty are set to zero.
    fn count_jobs(&self, counts: &[job::Count]) {
        for queue in job::Queue::ALL {
            for state in job::JobState::ALL {
                let is_it = |count: &&job::Count| count.queue == queue.as_str() && count.state == *state;
                let jobs = counts.iter().find(is_it).map_or(0, |count| count.jobs);
                let labels = Queued { queue: queue.to_string(), state: state.as_str() };
                self.jobs.get_or_create(&labels).set(jobs);
            }
        }
    }
}

/// Clients can make up methods, and every label value is kept for good.
fn label(method: &Method) -> &'static str {
    const KNOWN: [(Method, &str); 7] = [
        (Method::GET, "GET"),
        (Method::HEAD, "HEAD"),
        (Method::POST, "POST"),
        (Method::PUT, "PUT"),
        (Method::PATCH, "PATCH"),
        (Method::DELETE, "DELETE"),
        (Method::OPTIONS, "OPTIONS"),
    ];
    KNOWN.iter().find(|(known, _)| known == method).map_or("other", |(_, label)| label)
}

/// The results of repository maintenance.
#[derive(Default)]
struct Maintained {
    rounds: Counter,
    failures: Counter,
    seconds: Counter<f64, AtomicU64>,
    waiting: Gauge,
}

impl Maintained {
    fn register(registry: &mut Registry) -> Self {
        let all = Self::default();
        registry.register("maintenance_rounds", "Rounds of a repository's maintenance", all.rounds.clone());
        registry.register("maintenance_failures", "Rounds that failed", all.failures.clone());
        let help = "Time spent in rounds of maintenance";
        registry.register_with_unit("maintenance", help, Unit::Seconds, all.seconds.clone());
        let help = "Repositories that wait for maintenance";
        registry.register("maintenance_waiting", help, all.waiting.clone());
        all
    }

    fn set(&self, counts: MaintenanceCounts) {
        self.rounds.inner().store(counts.rounds, Ordering::Relaxed);
        self.failures.inner().store(counts.failures, Ordering::Relaxed);
        self.seconds.inner().store(counts.duration.as_secs_f64().to_bits(), Ordering::Relaxed);
        self.waiting.set(i64::try_from(counts.waiting).unwrap_or(i64::MAX));
    }
}

/// From `/proc`, if available.
fn resident_bytes() -> Option<i64> {
    #[expect(clippy::disallowed_methods, reason = "a short file of the kernel")]
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: i64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

#[derive(Clone)]
struct Exposed {
    metrics: Metrics,
    app: App,
    config: MetricsConfig,
}

pub(crate) fn router(metrics: Metrics, app: App, config: MetricsConfig) -> Router {
    if !config.enabled {
        return Router::new();
    }
    Router::new().route("/metrics", get(show)).with_state(Exposed { metrics, app, config })
}

async fn show(
    State(exposed): State<Exposed>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Response {
    if !may_read(&exposed.config, peer, &headers) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let text = exposed.metrics.text(&exposed.app).await;
    ([(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text)
        .into_response()
}

/// By the token if there is one; otherwise only this machine, and not through a proxy on it.
fn may_read(config: &MetricsConfig, peer: SocketAddr, headers: &HeaderMap) -> bool {
    let token = config.token.expose();
    if token.is_empty() {
        return peer.ip().is_loopback()
            && !headers.contains_key("x-forwarded-for")
            && !headers.contains_key("forwarded");
    }
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let given = given.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    bool::from(subtle::ConstantTimeEq::ct_eq(given.as_bytes(), token.as_bytes()))
}

#[cfg(test)]
mod tests {
    use hearth_core::SystemRandomSource;
    use tokio::sync::watch;

    use super::*;

    #[test]
    fn methods_that_nobody_knows_are_counted_as_one() {
        let (_stop, stopping) = watch::channel(false);
        let metrics = Metrics::new(&SystemRandomSource, Loops::new(stopping));
        for n in 0..200 {
            let method = Method::from_bytes(format!("BREW{n}").as_bytes()).unwrap();
            metrics.answered(&method, "-", 404, Duration::ZERO);
        }
        metrics.answered(&Method::GET, "-", 200, Duration::ZERO);
        let mut text = String::new();
        encode(&mut text, &metrics.0.registry).unwrap();
        let lines: Vec<_> = text.lines().filter(|line| line.contains("method=")).collect();
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert!(text.contains(r#"method="other",route="-",status="404"} 200"#), "{text}");
    }
}
