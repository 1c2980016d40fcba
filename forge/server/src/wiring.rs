//! Makes the [`App`] from the configuration: the one place where parts are chosen.

use std::{
    fs, io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    path::Path,
    sync::Arc,
};

use hearth_app::{App, Blobs, Live, Parts};
use hearth_core::{SystemChance, SystemClock, Urls, chain};
use hearth_git::RepositoryStore;
use hearth_runner::engine::{Engine, LocalEngine, LocalOptions};
use hearth_store::Store;

use crate::config::{Config, ConfigError};

/// Why Hearth cannot start. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StartError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error("the log level cannot be understood: {0}")]
    Log(#[from] tracing_subscriber::filter::ParseError),
    #[error("the data folder {folder} cannot be used: {source}")]
    Folder { folder: String, source: io::Error },
    #[error("another server is using the data folder {0}")]
    FolderInUse(String),
    #[error("cannot listen on {address}: {source}")]
    Listen { address: SocketAddr, source: io::Error },
    #[error("the address {0:?} in server.root_url is no address")]
    RootUrl(String),
    #[error("the file in database.url_file cannot be read: {0}")]
    DatabaseAddress(io::Error),
    #[error("{0}")]
    Database(String),
    #[error("git cannot be used: {0}")]
    Git(#[from] hearth_git::Error),
    #[error("the program cannot find itself: {0}")]
    Program(io::Error),
    #[error("tasks cannot run on this machine: {0}")]
    Engine(String),
    #[error("{0}")]
    App(String),
}

impl From<hearth_store::Error> for StartError {
    fn from(error: hearth_store::Error) -> Self {
        Self::Database(chain(&error))
    }
}

impl From<hearth_core::Error> for StartError {
    fn from(error: hearth_core::Error) -> Self {
        Self::App(chain(&error))
    }
}

/// Makes the data folder, for this system user alone.
pub(crate) fn make_folder(folder: &Path) -> Result<(), StartError> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .and_then(|()| fs::create_dir_all(folder.join("tasks")))
        .map_err(|source| StartError::Folder { folder: folder.display().to_string(), source })
}

/// Opens the database, without touching its schema.
pub(crate) async fn open_store(config: &Config) -> Result<Store, StartError> {
    let address = config.database.address().map_err(StartError::DatabaseAddress)?;
    Ok(match address {
        Some(address) => Store::postgres(&address, config.database.connections).await?,
        None => Store::sqlite(&config.data.directory.join("hearth.db")).await?,
    })
}

/// The site's public address: the configured one, else where it listens.
pub(crate) fn urls(config: &Config, listening: SocketAddr) -> Result<Urls, StartError> {
    let text = if config.server.root_url.is_empty() {
        format!("http://{listening}/")
    } else {
        config.server.root_url.clone()
    };
    let root: url::Url = text.parse().map_err(|_| StartError::RootUrl(text.clone()))?;
    if root.cannot_be_a_base() || !matches!(root.scheme(), "http" | "https") {
        return Err(StartError::RootUrl(text));
    }
    Ok(Urls::new(&root))
}

/// Where agents on this machine find the server, whatever its public address is.
pub(crate) fn agent_urls(listening: SocketAddr) -> Urls {
    let host = match listening.ip() {
        IpAddr::V4(address) if address.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(address) if address.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        other => other,
    };
    let address = SocketAddr::new(host, listening.port());
    Urls::new(&format!("http://{address}/").parse().expect("a socket's address is a host and a port"))
}

/// The engines of the configuration.
async fn engines(config: &Config, folder: &Path) -> Result<Vec<Arc<dyn Engine>>, StartError> {
    let local = &config.engine.local;
    if !local.enabled {
        return Ok(Vec::new());
    }
    let program = std::env::current_exe().map_err(StartError::Program)?;
    let options = LocalOptions {
        directory: folder.join("agents"),
        agent_command: vec![program.into(), "agent".into()],
        allow_unsandboxed: local.allow_unsandboxed,
        hidden: vec![folder.to_owned()],
    };
    let engine = LocalEngine::open(options).await.map_err(|error| StartError::Engine(chain(&error)))?;
    if let Err(refusal) = engine.fence() {
        tracing::warn!(error = &refusal as &dyn std::error::Error, "tasks of this machine will be refused");
    }
    Ok(vec![Arc::new(engine)])
}

/// Everything wired, on a database with today's schema. Nothing runs yet.
pub(crate) async fn app(
    config: &Config,
    store: Store,
    urls: Urls,
    agent_urls: Urls,
) -> Result<App, StartError> {
    let folder = fs::canonicalize(&config.data.directory).map_err(|source| StartError::Folder {
        folder: config.data.directory.display().to_string(),
        source,
    })?;
    let engines = engines(config, &folder).await?;
    parts(config, store, &folder, urls, agent_urls, engines).await
}

/// For commands beside a server that may be running: nothing runs tasks here.
pub(crate) async fn tool(config: &Config, store: Store) -> Result<App, StartError> {
    let listening = config.server.listen;
    let folder = &config.data.directory;
    parts(config, store, folder, urls(config, listening)?, agent_urls(listening), Vec::new()).await
}

async fn parts(
    config: &Config,
    store: Store,
    folder: &Path,
    urls: Urls,
    agent_urls: Urls,
    engines: Vec<Arc<dyn Engine>>,
) -> Result<App, StartError> {
    let blobs = Blobs::open(folder.join("blobs")).await.map_err(|source| StartError::Folder {
        folder: folder.join("blobs").display().to_string(),
        source,
    })?;
    Ok(App::new(Parts {
        store,
        git: RepositoryStore::at(folder)?,
        blobs,
        tasks_directory: folder.join("tasks"),
        engines,
        clock: Arc::new(SystemClock),
        chance: Arc::new(SystemChance),
        urls,
        agent_urls,
        limits: config.limits.clone(),
        settings: config.site.clone(),
        live: Live::default(),
    }))
}
