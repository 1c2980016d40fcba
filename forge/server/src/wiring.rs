//! Builds the [`App`] from the configuration: the one place where components are chosen.

use std::{
    collections::HashSet,
    fs, io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    path::Path,
    sync::Arc,
    time::Duration,
};

use hearth_app::{
    App, Blobs, DataDisk, DrawingProgram, Parts, Signer, SiteKey, blobs::S3Error, leadership::Leadership,
};
use hearth_core::{RepositoryId, SystemClock, SystemRandomSource, Urls, chain};
use hearth_git::RepositoryStore;
use hearth_runner::engine::{
    Engine, KubernetesEngine, KubernetesOptions, LocalEngine, LocalOptions, PackageMode, PackageOptions,
    Unsandboxed, kubernetes::BadFile,
};
use hearth_store::{Store, repository};

use crate::config::{
    BadMail, BadOutbound, BlobStore, Config, ConfigError, Install, LocalEngineConfig, UnreadableFile,
};

/// Why Hearth cannot start. Each message says what to do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StartError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error("the log level cannot be understood: {0}")]
    Log(#[from] tracing_subscriber::filter::ParseError),
    #[error("the data folder {folder} cannot be used: {source}")]
    Folder { folder: String, source: io::Error },
    #[error(
        "the database is empty, but {folder} holds {repositories} repositories: the database was lost, or another one is configured. \
         Put back its copy (hearth.db, or the PostgreSQL that database.url names) and start again. To begin anew without \
         them, move the repositories out of the folder first"
    )]
    DatabaseLost { folder: String, repositories: usize },
    #[error(
        "another server is using the data folder {0}. With SQLite a folder has one server; several share one with PostgreSQL \
         (database.url)"
    )]
    FolderInUse(String),
    #[error("cannot listen on {address}: {source}")]
    Listen { address: SocketAddr, source: io::Error },
    #[error("the address {0:?} in ssh.listen is no address with a port, such as 0.0.0.0:2222")]
    SshListen(String),
    #[error("the address {0:?} in server.root_url is no address")]
    RootUrl(String),
    #[error("the file in database.url_file cannot be read: {0}")]
    DatabaseAddress(io::Error),
    #[error("{0}")]
    Database(String),
    #[error("[blobs.s3] cannot be used: {0}")]
    Blobs(#[from] S3Error),
    #[error(transparent)]
    File(#[from] UnreadableFile),
    #[error(transparent)]
    Mail(#[from] BadMail),
    #[error("[outbound] cannot be used: {0}")]
    Outbound(#[from] BadOutbound),
    #[error("git cannot be used: {0}")]
    Git(#[from] hearth_git::Error),
    #[error("the path of this program cannot be found: {0}")]
    Program(io::Error),
    #[error("tasks cannot run on this machine: {0}")]
    Engine(String),
    #[error("the cluster {name:?} of [[engine.kubernetes]] cannot be used: look at its {key}")]
    Cluster { name: String, key: &'static str },
    #[error("the cluster {name:?} of [[engine.kubernetes]] cannot be used: {bad}")]
    ClusterFile { name: String, bad: Box<BadFile> },
    #[error("the address {0:?} in engine.local.packages.index_url is no address")]
    PackageIndex(String),
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

/// Creates the data folder with access for this system user only, and removes access that an earlier version
/// left open.
pub(crate) fn make_folder(folder: &Path) -> Result<(), StartError> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .and_then(|()| fs::create_dir_all(folder.join("tasks")))
        .and_then(|()| keep_private(folder))
        .map_err(|source| StartError::Folder { folder: folder.display().to_string(), source })
}

fn keep_private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    if fs::metadata(folder)?.permissions().mode() & 0o077 != 0 {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
        tracing::warn!(folder = %folder.display(), "other users of this machine could read the data folder; now only this user can");
    }
    Ok(())
}

/// Refuses an empty database with existing repositories: it is not the one they belong to. Serving would make
/// their names available to others, and cleanup would delete their data.
pub(crate) async fn refuse_lost_database(store: &Store, folder: &Path) -> Result<(), StartError> {
    let known = repository::list_ids_after(&mut store.read().await?, RepositoryId(0), 1).await?;
    if !known.is_empty() {
        return Ok(());
    }
    let repositories = RepositoryStore::at(folder)?.list().await?.len();
    if repositories == 0 {
        return Ok(());
    }
    // A log left beside the empty database would be replayed into the backup that is restored in its place.
    store.close().await;
    Err(StartError::DatabaseLost { folder: folder.display().to_string(), repositories })
}

/// Opens the database, without touching its schema.
pub(crate) async fn open_store(config: &Config) -> Result<Store, StartError> {
    let address = config.database.address().map_err(StartError::DatabaseAddress)?;
    Ok(match address {
        Some(address) => Store::postgres(&address, config.database.connections).await?,
        None => Store::sqlite(&config.data.directory.join("hearth.db")).await?,
    })
}

/// The site's public address: the configured one, or else the listening address.
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

/// The address of the server for agents on this machine, whatever its public address is.
pub(crate) fn agent_urls(listening: SocketAddr) -> Urls {
    let host = match listening.ip() {
        IpAddr::V4(address) if address.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(address) if address.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        other => other,
    };
    let address = SocketAddr::new(host, listening.port());
    Urls::new(&format!("http://{address}/").parse().expect("a socket's address is a host and a port"))
}

/// The engines of the configuration: this machine, then the clusters.
async fn engines(config: &Config, folder: &Path, public: &Urls) -> Result<Vec<Arc<dyn Engine>>, StartError> {
    let mut engines: Vec<Arc<dyn Engine>> = Vec::new();
    let clusters = clusters(config, public)?;
    if config.engine.local.enabled {
        engines.push(Arc::new(local(config, folder).await?));
    }
    // Detecting an unreachable cluster takes a moment, so they are opened concurrently.
    let opening: Vec<_> =
        clusters.into_iter().map(|cluster| tokio::spawn(KubernetesEngine::open(cluster))).collect();
    for cluster in opening {
        engines.push(Arc::new(cluster.await.map_err(|error| StartError::Engine(chain(&error)))?));
    }
    Ok(engines)
}

/// How packages are installed on this machine.
pub(crate) fn package_options(
    local: &LocalEngineConfig,
    folder: &Path,
) -> Result<PackageOptions, StartError> {
    let packages = &local.packages;
    let index_url = Some(packages.index_url.as_str()).filter(|address| !address.is_empty());
    let index_url = index_url.map(str::parse::<url::Url>).transpose();
    let index_url = index_url.map_err(|_| StartError::PackageIndex(packages.index_url.clone()))?;
    if index_url.as_ref().is_some_and(|address| !matches!(address.scheme(), "http" | "https")) {
        return Err(StartError::PackageIndex(packages.index_url.clone()));
    }
    Ok(PackageOptions {
        mode: match packages.install {
            Install::Auto => PackageMode::Auto,
            Install::On => PackageMode::On,
            Install::Off => PackageMode::Off,
        },
        index_url,
        interpreter: local.interpreters.first().cloned().unwrap_or_else(|| "python3".to_owned()),
        cache: folder.join("packages"),
        limits: packages.limits(),
    })
}

async fn local(config: &Config, folder: &Path) -> Result<LocalEngine, StartError> {
    let local = &config.engine.local;
    let program = std::env::current_exe().map_err(StartError::Program)?;
    let options = LocalOptions {
        directory: folder.join("agents"),
        agent_command: vec![program.into(), "agent".into()],
        unsandboxed: match &local.unsandboxed_commit {
            _ if local.allow_unsandboxed => Unsandboxed::Everything,
            Some(commit) => Unsandboxed::Commit(commit.clone()),
            None => Unsandboxed::Nothing,
        },
        allow_host_network: local.allow_host_network,
        hidden: vec![folder.to_owned()],
        packages: package_options(local, folder)?,
    };
    let engine = LocalEngine::open(options).await.map_err(|error| StartError::Engine(chain(&error)))?;
    if let Err(refusal) = engine.fence() {
        tracing::warn!(error = &refusal as &dyn std::error::Error, "tasks of this machine will be refused");
    }
    Ok(engine)
}

/// The options of each cluster's engine. Configuration errors that will not resolve themselves are detected
/// here.
pub(crate) fn clusters(config: &Config, public: &Urls) -> Result<Vec<KubernetesOptions>, StartError> {
    let mut names = HashSet::from(["local"]);
    config
        .engine
        .kubernetes
        .iter()
        .map(|cluster| {
            let wrong = |key: &'static str| StartError::Cluster { name: cluster.name.clone(), key };
            if cluster.name.is_empty() || !names.insert(&cluster.name) {
                return Err(wrong("name"));
            }
            if cluster.agent_image.is_empty() {
                return Err(wrong("agent_image"));
            }
            if !is_prefix(&cluster.namespace_prefix) {
                return Err(wrong("namespace_prefix"));
            }
            if !cluster.blocked_networks.iter().all(|network| is_network(network)) {
                return Err(wrong("blocked_networks"));
            }
            let address = Some(cluster.server_address.as_str()).filter(|address| !address.is_empty());
            let server: url::Url =
                address.unwrap_or(public.root()).parse().map_err(|_| wrong("server_address"))?;
            if !matches!(server.scheme(), "http" | "https") || !server.has_host() {
                return Err(wrong("server_address"));
            }
            let path = |path: &Path| Some(path.to_owned()).filter(|path| !path.as_os_str().is_empty());
            let options = KubernetesOptions {
                name: cluster.name.clone(),
                kubeconfig: path(&cluster.kubeconfig),
                context: Some(cluster.context.clone()).filter(|context| !context.is_empty()),
                namespace_prefix: cluster.namespace_prefix.clone(),
                agent_image: cluster.agent_image.clone(),
                image_pull_secret_file: path(&cluster.image_pull_secret_file),
                server,
                server_ca_file: path(&cluster.server_ca_file),
                blocked_networks: cluster.blocked_networks.clone(),
                run_as_user: (cluster.run_as_user >= 0).then_some(cluster.run_as_user),
                image_patience: Duration::from_secs(cluster.image_patience_seconds),
            };
            match options.check_files() {
                Ok(()) => Ok(options),
                Err(bad) => Err(StartError::ClusterFile { name: options.name, bad: Box::new(bad) }),
            }
        })
        .collect()
}

/// A valid namespace prefix, with room for a name after it.
fn is_prefix(prefix: &str) -> bool {
    const LONGEST_PREFIX: usize = 32;
    prefix.len() <= LONGEST_PREFIX
        && prefix.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase())
        && prefix.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// An address with a prefix length, as `10.0.0.0/8`.
fn is_network(network: &str) -> bool {
    let Some((address, length)) = network.split_once('/') else { return false };
    let most = match address.parse() {
        Ok(IpAddr::V4(_)) => 32,
        Ok(IpAddr::V6(_)) => 128,
        Err(_) => return false,
    };
    length.parse::<u8>().is_ok_and(|length| length <= most)
}

/// The store of large files.
pub(crate) async fn blobs(config: &Config, folder: &Path, disk: DataDisk) -> Result<Blobs, StartError> {
    let (folder, disk) = (folder.join("blobs"), Arc::new(disk));
    match config.blobs.store {
        BlobStore::Folder => {
            let opened = Blobs::in_folder(folder.clone(), disk).await;
            opened.map_err(|source| StartError::Folder { folder: folder.display().to_string(), source })
        }
        BlobStore::S3 => Ok(Blobs::in_s3(&config.blobs.s3.settings()?, folder, disk).await?),
    }
}

/// Builds the app on a migrated database. Nothing runs yet.
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
    let engines = engines(config, &folder, &urls).await?;
    parts(config, store, &folder, urls, agent_urls, engines).await
}

/// For commands beside a server that may be running: no tasks run here.
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
    let disk = DataDisk::of(folder.to_owned(), config.data.disk());
    let blobs = blobs(config, folder, disk.clone()).await?;
    let signer = Signer::in_folder(folder, &SystemRandomSource)
        .map_err(|source| StartError::Folder { folder: folder.display().to_string(), source })?;
    let site_key = SiteKey::in_folder(folder, &SystemRandomSource)
        .map_err(|source| StartError::Folder { folder: folder.display().to_string(), source })?;
    Ok(App::new(Parts {
        store,
        git: RepositoryStore::with(folder, config.server.capacity(), config.limits.walk_allowance())?,
        blobs,
        mailer: config.mail.mailer()?,
        drawing: Some(DrawingProgram::new(std::env::current_exe().map_err(StartError::Program)?, "draw")),
        outbound: config.outbound.client()?,
        disk,
        tasks_directory: folder.join("tasks"),
        engines,
        clock: Arc::new(SystemClock),
        signer,
        site_key: Some(site_key),
        random: Arc::new(SystemRandomSource),
        urls,
        agent_urls,
        limits: config.limits.clone(),
        settings: config.settings(),
        workers: config.jobs.clone(),
        leadership: if config.database.is_postgres() {
            Leadership::among_others()
        } else {
            Leadership::alone()
        },
    }))
}
