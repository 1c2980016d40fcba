use std::{
    fs, io,
    net::IpAddr,
    path::{Path, PathBuf},
    pin::Pin,
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use axum::{Router, middleware};
use hearth_app::{
    App, compute, events, jobs, leadership, maintenance, push, push::Gate, reconcile, repository, storage,
};
use hearth_core::urls;
use hearth_ssh::SshServer;
use prometheus_client::metrics::gauge::Gauge;
use tokio::{
    net::TcpListener,
    signal::unix::{Signal, SignalKind, signal},
    sync::watch,
    task::JoinHandle,
};

use super::output;
use crate::{
    config::Config,
    folder_lock::FolderLock,
    http::{
        client, health, health::Readiness, host, host::Hosts, listener, metrics, metrics::Metrics, operation,
        operation::Operations, trace,
    },
    huge_pages,
    loops::Loops,
    ssh,
    wiring::{self, StartError},
};

pub(super) async fn run(config: Config) -> Result<ExitCode, StartError> {
    let stop = StopSignal::listen();
    let server = Server::start(config).await?;
    output::line(&format!("Hearth is ready at {}", server.app.urls().root()));
    if let Some(code) = &server.setup_code {
        let form = server.app.urls().absolute(urls::sign_up());
        output::line(&format!("Setup code: {code}"));
        output::line(&format!("The first account administers the site: {form}?code={code}"));
    }
    stop.wait().await;
    server.stop().await;
    Ok(ExitCode::SUCCESS)
}

/// A running server: its listener, its workers, its lock on the data folder.
pub(super) struct Server {
    pub(super) app: App,
    /// Set until there is an administrator.
    pub(super) setup_code: Option<String>,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
    lead: Lead,
    _lock: FolderLock,
}

impl Server {
    /// Binds the port first, so that a taken port is detected before anything is changed.
    pub(super) async fn start(config: Config) -> Result<Self, StartError> {
        huge_pages::refuse();
        let folder = config.data.directory.clone();
        wiring::make_folder(&folder)?;
        let in_use = || StartError::FolderInUse(folder.display().to_string());
        let unusable = |source| StartError::Folder { folder: folder.display().to_string(), source };
        let is_among_others = config.database.is_postgres();
        let lock = FolderLock::take(&folder, is_among_others).await.map_err(unusable)?;
        let mut lock = lock.ok_or_else(in_use)?;
        let address = config.server.listen;
        let bound =
            TcpListener::bind(address).await.map_err(|source| StartError::Listen { address, source })?;
        let address = bound.local_addr().map_err(|source| StartError::Listen { address, source })?;

        let ssh = ssh::bind(&config, address).await?;

        let store = wiring::open_store(&config).await?;
        store.migrate().await?;
        wiring::refuse_lost_database(&store, &folder).await?;
        let urls = wiring::urls(&config, address)?.with_ssh(ssh.as_ref().map(|bound| bound.address.clone()));
        let app = wiring::app(&config, store, urls, wiring::agent_urls(address)).await?;
        let is_alone = lock.is_alone();
        if is_alone {
            // This server is alone, so partial files in the folder belong to nobody.
            app.git().clear_leftovers()?;
            repository::recover(&app, Duration::ZERO).await?;
            app.blobs().clear_incoming().await.map_err(unusable)?;
            jobs::release_all(&app).await?;
            leadership::release(&app).await?;
        }
        let socket = push_socket(&app, &folder, is_among_others, is_alone).map_err(unusable)?;
        let interpreters = config.engine.local.interpreters.iter().map(Into::into).collect();
        compute::prepare(&app, interpreters).await?;
        if is_among_others {
            lock.share().map_err(unusable)?;
        }
        // Only once the folder is shared: a server that has it alone removes the sockets of others.
        let gate = Arc::new(push::listen(&app, &socket)?);
        let setup_code = hearth_app::user::setup_code(&app).await;
        let setup_code = setup_code.map_err(|error| StartError::App(error.to_string()))?;

        let (stop, stopping) = watch::channel(false);
        let loops = Loops::new(stopping.clone());
        let readiness = Readiness::new(app.clone(), loops.clone());
        let mut tasks = keep_loops(&app, &loops, &readiness);
        let lead = Lead::keep(&app, &loops, is_among_others);
        let metrics = Metrics::new(app.random(), loops);
        let connections = metrics.connections();
        let hosts = Hosts::new(&config, address);
        let operations = Operations::default();
        if let Some(bound) = ssh {
            tasks.push(serve_ssh(
                &app,
                Arc::clone(&gate),
                bound,
                &config,
                metrics.ssh_connections(),
                &stopping,
            )?);
        }
        let router = router(&app, gate, &config, metrics, readiness, hosts, &operations);
        let server = config.server.clone();
        tasks.push(tokio::spawn(async move {
            listener::serve(bound, router, &server, connections, stopping).await;
            operations.end(Duration::from_secs(server.shutdown_seconds)).await;
        }));
        Ok(Self { app, setup_code, stop, tasks, lead, _lock: lock })
    }

    /// Accepts no new connections, lets running requests and jobs finish, closes the database.
    pub(super) async fn stop(self) {
        tracing::info!("stopping");
        self.stop.send_replace(true);
        self.lead.end().await;
        wait_for(self.tasks).await;
        self.app.store().close().await;
    }
}

/// SSH beside the pages, until `stopping` is true.
fn serve_ssh(
    app: &App,
    gate: Arc<Gate>,
    bound: ssh::Bound,
    config: &Config,
    connections: Gauge,
    stopping: &watch::Receiver<bool>,
) -> Result<JoinHandle<()>, StartError> {
    let pace = config.server.pace();
    let grace = Duration::from_secs(config.server.shutdown_seconds);
    let keys = ssh::keys(&config.data.directory)?;
    let server = SshServer::new(app, gate, config.ssh.settings(pace), keys);
    let bounds = ssh::Bounds::new(&config.ssh, pace, grace, connections);
    Ok(tokio::spawn(ssh::serve(bound.listener, server, bounds, stopping.clone())))
}

async fn wait_for(tasks: Vec<JoinHandle<()>>) {
    for task in tasks {
        if let Err(error) = task.await {
            tracing::error!(error = &error as &dyn std::error::Error, "a worker failed");
        }
    }
}

/// Where push helpers find this server. Servers that share a folder have one socket each, in a folder created
/// here.
fn push_socket(app: &App, folder: &Path, is_among_others: bool, is_alone: bool) -> io::Result<PathBuf> {
    if !is_among_others {
        return Ok(folder.join("push.sock"));
    }
    let sockets = folder.join("push");
    if is_alone && sockets.exists() {
        // Left by killed servers.
        fs::remove_dir_all(&sockets)?;
    }
    fs::create_dir_all(&sockets)?;
    Ok(sockets.join(app.store().server()))
}

/// The background loops of every server.
fn keep_loops(app: &App, loops: &Loops, readiness: &Readiness) -> Vec<JoinHandle<()>> {
    let keep = |name, begin: fn(App, watch::Receiver<bool>) -> Running| {
        let (app, stop) = (app.clone(), loops.stop());
        loops.keep(name, move || begin(app.clone(), stop.clone()))
    };
    let watch = |name, begin: fn(Readiness, watch::Receiver<bool>) -> Running| {
        let (readiness, stop) = (readiness.clone(), loops.stop());
        loops.keep(name, move || begin(readiness.clone(), stop.clone()))
    };
    vec![
        keep("jobs", |app, stop| Box::pin(jobs::run(app, stop))),
        keep("events", |app, stop| Box::pin(events::run(app, stop))),
        keep("maintenance", |app, stop| Box::pin(maintenance::run(app, stop))),
        watch("disk", |readiness, stop| Box::pin(readiness.watch_disk(stop))),
        watch("database", |readiness, stop| Box::pin(readiness.watch_database(stop))),
    ]
}

/// The duties of one server for all that share a database: it schedules tasks and looks after the files.
struct Lead {
    loops: Vec<JoinHandle<()>>,
    /// If there may be other servers: the connection to them, and the lock that keeps the lead until the
    /// loops have ended.
    keeper: Option<Keeper>,
}

struct Keeper {
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

impl Lead {
    fn keep(app: &App, loops: &Loops, is_among_others: bool) -> Self {
        let lead = |name, begin: fn(App, watch::Receiver<bool>) -> Running| {
            let (app, stop) = (app.clone(), loops.stop());
            loops.keep(name, move || {
                let begun = app.clone();
                app.leadership().clone().run_while_leading(stop.clone(), move |end| begin(begun.clone(), end))
            })
        };
        let led = vec![
            lead("tasks", |app, stop| Box::pin(compute::run(app, stop))),
            lead("reconcile", |app, stop| Box::pin(reconcile::run(app, stop))),
            lead("storage", |app, stop| Box::pin(storage::run(app, stop))),
            lead("repositories", |app, stop| Box::pin(maintenance::look_at_all(app, stop))),
        ];
        Self { loops: led, keeper: is_among_others.then(|| Keeper::begin(app, loops)) }
    }

    /// Ends the lead; another server takes over only when nothing is running here any more.
    async fn end(self) {
        wait_for(self.loops).await;
        if let Some(keeper) = self.keeper {
            keeper.stop.send_replace(true);
            wait_for(keeper.tasks).await;
        }
    }
}

impl Keeper {
    fn begin(app: &App, loops: &Loops) -> Self {
        let (stop, stopping) = watch::channel(false);
        let keep = |name, begin: fn(App, watch::Receiver<bool>) -> Running, stop: watch::Receiver<bool>| {
            let app = app.clone();
            loops.keep(name, move || begin(app.clone(), stop.clone()))
        };
        let tasks = vec![
            keep(
                "others",
                |app, stop| Box::pin(async move { app.store().follow_peers(stop).await }),
                loops.stop(),
            ),
            keep("moved", |app, stop| Box::pin(reconcile::run_own(app, stop)), loops.stop()),
            keep("leadership", |app, stop| Box::pin(keep_lead(app, stop)), stopping),
        ];
        Self { stop, tasks }
    }
}

async fn keep_lead(app: App, stop: watch::Receiver<bool>) {
    let (leadership, holder) = (app.leadership().clone(), app.store().server().to_owned());
    leadership::keep(app, leadership, holder, stop).await;
}

type Running = Pin<Box<dyn Future<Output = ()> + Send>>;

fn router(
    app: &App,
    gate: Arc<Gate>,
    config: &Config,
    metrics: Metrics,
    readiness: Readiness,
    hosts: Hosts,
    operations: &Operations,
) -> Router {
    let proxies: Arc<[IpAddr]> = config.server.trusted_proxies.iter().map(IpAddr::to_canonical).collect();
    hearth_pages_site::router(app.clone())
        .merge(hearth_api::router(app, gate))
        .merge(health::router(readiness))
        .merge(metrics::router(metrics.clone(), app.clone(), config.metrics.clone()))
        .layer(middleware::from_fn_with_state(proxies, client::layer))
        .layer(middleware::from_fn_with_state(hosts, host::layer))
        .layer(middleware::from_fn_with_state(metrics, trace::layer))
        .layer(middleware::from_fn_with_state(operations.clone(), operation::layer))
}

/// SIGTERM and Ctrl-C, caught from its creation on: a server that reports it is ready also shuts down in
/// order.
pub(super) struct StopSignal {
    terminate: Signal,
    interrupt: Signal,
}

impl StopSignal {
    pub(super) fn listen() -> Self {
        Self {
            terminate: signal(SignalKind::terminate()).expect("SIGTERM can be caught"),
            interrupt: signal(SignalKind::interrupt()).expect("SIGINT can be caught"),
        }
    }

    /// Waits for the first signal; a second one ends the program at once.
    pub(super) async fn wait(mut self) {
        self.next().await;
        tokio::spawn(async move {
            self.next().await;
            std::process::exit(130);
        });
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
