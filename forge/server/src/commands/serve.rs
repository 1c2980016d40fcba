use std::{net::IpAddr, pin::Pin, process::ExitCode, sync::Arc, time::Duration};

use axum::{Router, middleware};
use hearth_app::{App, compute, events, jobs, maintenance, push, push::Gate, reconcile, repository, storage};
use hearth_core::urls;
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
    loops::Loops,
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

/// A running server: its listener, its workers, its hold on the data folder.
pub(super) struct Server {
    pub(super) app: App,
    /// Until there is an administrator.
    pub(super) setup_code: Option<String>,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
    _lock: FolderLock,
}

impl Server {
    /// Listens first, so that a taken port is known before anything is changed.
    pub(super) async fn start(config: Config) -> Result<Self, StartError> {
        let folder = config.data.directory.clone();
        wiring::make_folder(&folder)?;
        let in_use = || StartError::FolderInUse(folder.display().to_string());
        let lock = FolderLock::take(&folder)
            .map_err(|source| StartError::Folder { folder: folder.display().to_string(), source })?
            .ok_or_else(in_use)?;
        let address = config.server.listen;
        let bound =
            TcpListener::bind(address).await.map_err(|source| StartError::Listen { address, source })?;
        let address = bound.local_addr().map_err(|source| StartError::Listen { address, source })?;

        let store = wiring::open_store(&config).await?;
        store.migrate().await?;
        wiring::refuse_lost_database(&store, &folder).await?;
        let urls = wiring::urls(&config, address)?;
        let app = wiring::app(&config, store, urls, wiring::agent_urls(address)).await?;
        // This process alone has the folder, so what is half done in it is nobody's.
        app.git().clear_leftovers()?;
        repository::recover(&app, Duration::ZERO).await?;
        let gate = push::listen(&app, &folder.join("push.sock"))?;
        app.blobs()
            .clear_incoming()
            .await
            .map_err(|source| StartError::Folder { folder: folder.display().to_string(), source })?;
        let interpreters = config.engine.local.interpreters.iter().map(Into::into).collect();
        compute::start(&app, interpreters).await?;
        let setup_code = hearth_app::user::setup_code(&app).await;
        let setup_code = setup_code.map_err(|error| StartError::App(error.to_string()))?;

        let (stop, stopping) = watch::channel(false);
        let loops = Loops::new(stopping.clone());
        let readiness = Readiness::new(app.clone(), loops.clone());
        let mut tasks = keep_loops(&app, &loops, &readiness);
        let metrics = Metrics::new(app.chance(), loops);
        let connections = metrics.connections();
        let hosts = Hosts::new(&config, address);
        let operations = Operations::default();
        let router = router(&app, gate, &config, metrics, readiness, hosts, &operations);
        let server = config.server.clone();
        tasks.push(tokio::spawn(async move {
            listener::serve(bound, router, &server, connections, stopping).await;
            operations.end(Duration::from_secs(server.shutdown_seconds)).await;
        }));
        Ok(Self { app, setup_code, stop, tasks, _lock: lock })
    }

    /// Takes no new connections, lets running requests and jobs end, closes the database.
    pub(super) async fn stop(self) {
        tracing::info!("stopping");
        self.stop.send_replace(true);
        for task in self.tasks {
            if let Err(error) = task.await {
                tracing::error!(error = &error as &dyn std::error::Error, "a worker had failed");
            }
        }
        self.app.store().close().await;
    }
}

/// Everything that goes on beside the answering of requests.
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
        keep("tasks", |app, stop| Box::pin(compute::run(app, stop))),
        keep("reconcile", |app, stop| Box::pin(reconcile::run(app, stop))),
        keep("storage", |app, stop| Box::pin(storage::run(app, stop))),
        keep("maintenance", |app, stop| Box::pin(maintenance::run(app, stop))),
        watch("disk", |readiness, stop| Box::pin(readiness.watch_disk(stop))),
        watch("database", |readiness, stop| Box::pin(readiness.watch_database(stop))),
    ]
}

type Running = Pin<Box<dyn Future<Output = ()> + Send>>;

fn router(
    app: &App,
    gate: Gate,
    config: &Config,
    metrics: Metrics,
    readiness: Readiness,
    hosts: Hosts,
    operations: &Operations,
) -> Router {
    let proxies: Arc<[IpAddr]> = config.server.trusted_proxies.iter().map(IpAddr::to_canonical).collect();
    hearth_web::router(app.clone())
        .merge(hearth_api::router(app, Arc::new(gate)))
        .merge(health::router(readiness))
        .merge(metrics::router(metrics.clone(), app.clone(), config.metrics.clone()))
        .layer(middleware::from_fn_with_state(proxies, client::layer))
        .layer(middleware::from_fn_with_state(hosts, host::layer))
        .layer(middleware::from_fn_with_state(metrics, trace::layer))
        .layer(middleware::from_fn_with_state(operations.clone(), operation::layer))
}

/// SIGTERM and Ctrl-C, caught from the moment this is made: a server that said it is ready also ends in order.
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

    /// Waits for the first; a second one ends the program at once.
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
