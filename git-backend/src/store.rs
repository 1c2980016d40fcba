//! The repositories on disk.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, OnceLock},
    time::Duration,
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{
    Allowance, BranchName, CommitSigner, Error, Lock, Permit, RefName, Repository, Result, Shares, StorageId,
    caches::Caches,
    files, folder_lock,
    holders::current_holders,
    permits::{self, Permits},
    program::{Bounds, GitProgram, output},
    repository::Shared,
    wire::PackCache,
};

/// Folders below `.hearth` for repositories being created or removed, and for temporary files.
const PASSING: [&str; 3] = ["new", "removed", "requests"];
/// How long a reader waits for a permit before it is told to come back later.
const BUSY_AFTER: Duration = Duration::from_secs(20);
/// How long a clone or push waits for a permit. Permits are granted in order, and a client that does not read
/// loses its own in less time, so everybody gets one.
const WIRE_BUSY_AFTER: Duration = Duration::from_mins(2);
/// The number of requests that are buffered in files at once, and the share of one address or account.
const WAITING_REQUESTS: usize = 64;
const WAITING_REQUESTS_OF_ONE: usize = 16;
/// Repositories kept open.
const OPEN_REPOSITORIES: u64 = 128;
/// How long a repository stays open without being used.
const OPEN_FOR: Duration = Duration::from_mins(2);

/// All repositories of one server: folders under `root`, named by [`StorageId`] and sharded on two levels.
///
/// Cheap to clone; clones share caches and limits.
#[derive(Clone)]
pub struct RepositoryStore(pub(crate) Arc<StoreInner>);

pub(crate) struct StoreInner {
    root: PathBuf,
    pub(crate) program: GitProgram,
    pub(crate) caches: Caches,
    pub(crate) packs: PackCache,
    open: moka::sync::Cache<StorageId, Arc<Shared>>,
    pub(crate) permits: Permits,
    /// Held while an object is read that is too large to hold several at once.
    pub(crate) large_object: Mutex<()>,
    commands: Arc<Semaphore>,
    wire: Shares,
    /// For requests that are buffered in a file until they are complete.
    pub(crate) requests: Shares,
    requests_folder: PathBuf,
    pub(crate) signer: OnceLock<Arc<dyn CommitSigner>>,
}

/// What all clients together, and each client, may use of the machine.
#[derive(Clone, Copy, Debug)]
pub struct Capacity {
    /// Concurrent clones, fetches and pushes, and half as many archives.
    pub transfers: usize,
    /// Transfers per address or account.
    pub transfers_per_client: usize,
    /// Concurrent expensive queries. They mostly take memory, so there are few.
    pub questions: usize,
    /// Expensive queries per address or account. One repository gets at most half of all.
    pub questions_per_client: usize,
    /// Size limit of the pack cache, in bytes.
    pub pack_cache_bytes: u64,
}

impl Default for Capacity {
    /// Most transfers wait for their clients' networks, and identical clones share one pack.
    fn default() -> Self {
        let cores = permits::cores();
        let questions = (cores * 2).max(4);
        Self {
            transfers: cores * 16,
            transfers_per_client: cores * 4,
            questions,
            questions_per_client: questions / 2,
            pack_cache_bytes: 2 << 30,
        }
    }
}

impl RepositoryStore {
    /// Opens the store, creating its folders and writing git's configuration and the push helper. The working
    /// files of other processes are left alone, so that a tool may open it beside a server. Blocks; called
    /// once at start.
    pub fn at(root: impl AsRef<Path>) -> Result<Self> {
        Self::with(root, Capacity::default(), Allowance::DEFAULT)
    }

    /// The same with other limits for all queries and transfers, and for one expensive query.
    pub fn with(root: impl AsRef<Path>, capacity: Capacity, allowance: Allowance) -> Result<Self> {
        std::fs::create_dir_all(root.as_ref())?;
        let root = root.as_ref().canonicalize()?;
        let own = root.join(".hearth");
        for folder in PASSING {
            std::fs::create_dir_all(own.join(folder))?;
        }
        // Handles are kept open, and there is no way to bound their object cache.
        git2::opts::enable_caching(false);
        let program = GitProgram::install(&own)?;
        Ok(Self(Arc::new(StoreInner {
            root,
            program,
            caches: Caches::default(),
            packs: PackCache::at(own.join("packs"), capacity.pack_cache_bytes)?,
            open: moka::sync::Cache::builder().max_capacity(OPEN_REPOSITORIES).time_to_idle(OPEN_FOR).build(),
            permits: Permits::new(&capacity, allowance),
            large_object: Mutex::default(),
            commands: Arc::new(Semaphore::new(permits::cores() * 4)),
            wire: Shares::new(capacity.transfers, capacity.transfers_per_client),
            requests: Shares::new(WAITING_REQUESTS, WAITING_REQUESTS_OF_ONE),
            requests_folder: own.join("requests"),
            signer: OnceLock::new(),
        })))
    }

    /// Removes what a stopped server left half created or half deleted, and its pack cache. Only for a server
    /// that has the folder to itself, at start. Blocks.
    pub fn clear_leftovers(&self) -> Result<()> {
        for folder in PASSING.map(|folder| self.0.root.join(".hearth").join(folder)) {
            files::remove_dir_all(&folder)?;
            std::fs::create_dir_all(folder)?;
        }
        self.0.packs.clear()
    }

    /// Sets whether packs of recent clones are kept. Turning it off removes the existing ones.
    pub fn keep_packs(&self, is_kept: bool) {
        self.0.packs.keep(is_kept);
    }

    /// Creates an empty bare repository whose `HEAD` names `default_branch`. It appears atomically.
    pub async fn create(&self, id: &StorageId, default_branch: &BranchName) -> Result<Repository> {
        let path = self.path(id);
        let draft = self.draft_path(id);
        let head = default_branch.full();
        blocking(move || {
            if path.exists() {
                return Err(Error::RepositoryExists);
            }
            let draft = Draft(draft);
            let draft = &draft.0;
            write_outline(draft, &head)?;
            files::rename_dir(draft, &path)
        })
        .await?;
        self.open(id).await
    }

    /// Opens an existing repository.
    pub async fn open(&self, id: &StorageId) -> Result<Repository> {
        if let Some(shared) = self.0.open.get(id) {
            return Ok(Repository { store: Arc::clone(&self.0), shared });
        }
        let path = self.path(id);
        if !tokio::fs::try_exists(path.join("HEAD")).await? {
            return Err(Error::RepositoryNotFound);
        }
        let shared = self.0.open.get_with_by_ref(id, || Arc::new(Shared::new(id.clone(), path)));
        Ok(Repository { store: Arc::clone(&self.0), shared })
    }

    /// Whether a repository lies under this id.
    pub async fn exists(&self, id: &StorageId) -> Result<bool> {
        Ok(tokio::fs::try_exists(self.path(id).join("HEAD")).await?)
    }

    /// Removes a repository: it disappears at once, its files are deleted afterwards. Removing one that does
    /// not exist is fine, so that the caller may retry.
    pub async fn remove(&self, id: &StorageId) -> Result<()> {
        let path = self.path(id);
        let removed = self.0.root.join(".hearth/removed").join(files::unique(id));
        self.forget(id);
        let packs = self.0.packs.folder(id);
        blocking(move || match std::fs::rename(&path, &removed) {
            Ok(()) => files::remove_dir_all(&removed).and_then(|()| files::remove_dir_all(&packs)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error.into()),
        })
        .await
    }

    /// All repositories on disk, for `doctor` and the reconciliation at start.
    pub async fn list(&self) -> Result<Vec<StorageId>> {
        let root = self.0.root.clone();
        blocking(move || {
            let mut ids = Vec::new();
            for outer in files::folders(&root)? {
                ids.extend(ids_below(&outer)?);
            }
            Ok(ids)
        })
        .await
    }

    /// The number of running clones, fetches and pushes.
    pub fn transfers(&self) -> usize {
        self.0.wire.taken()
    }

    /// One of 256 parts of [`RepositoryStore::list`], for processing all repositories bit by bit.
    pub async fn list_part(&self, part: usize) -> Result<Vec<StorageId>> {
        let outer = self.0.root.join(format!("{:02x}", part % 256));
        blocking(move || if outer.exists() { ids_below(&outer) } else { Ok(Vec::new()) }).await
    }

    /// The version of git, for `doctor`.
    pub async fn git_version(&self) -> Result<String> {
        let command = self.0.program.command(&self.0.root, "version");
        let bounds = Bounds { time: Duration::from_secs(10), bytes: 1 << 10 };
        let text = output(command, "version", None, bounds).await?;
        let text = String::from_utf8_lossy(&text);
        Ok(text.trim().trim_start_matches("git version ").to_owned())
    }

    /// Tells all servers that share the folder that references of a repository may be moving, until it is
    /// dropped. `None` if there is no such repository.
    pub fn hold_references(&self, id: &StorageId) -> Option<Lock> {
        folder_lock::lock_shared(&self.path(id).join("refs"))
    }

    /// Whether any server holds them; see [`RepositoryStore::hold_references`].
    pub fn are_references_held(&self, id: &StorageId) -> Result<bool> {
        let refs = self.path(id).join("refs");
        Ok(refs.exists() && folder_lock::lock_exclusive(&refs)?.is_none())
    }

    /// The folder of a repository, whether or not it exists.
    pub fn path(&self, id: &StorageId) -> PathBuf {
        let [outer, inner] = id.shards();
        self.0.root.join(outer).join(inner).join(format!("{id}.git"))
    }

    /// Drops all cached state of a repository.
    pub(crate) fn forget(&self, id: &StorageId) {
        self.0.open.invalidate(id);
        self.0.caches.forget(id);
    }

    pub(crate) fn draft_path(&self, id: &StorageId) -> PathBuf {
        self.0.root.join(".hearth/new").join(files::unique(id))
    }
}

/// A repository that is being created. It is deleted when this is dropped before it is moved into place.
pub(crate) struct Draft(pub(crate) PathBuf);

impl Drop for Draft {
    fn drop(&mut self) {
        if let Err(error) = files::remove_dir_all(&self.0) {
            tracing::warn!(error = %error, path = %self.0.display(), "a partly created repository could not be removed and stays until a restart");
        }
    }
}

/// Writes the folders and files that make a repository without objects.
pub(crate) fn write_outline(repository: &Path, head: &RefName) -> Result<()> {
    for folder in ["objects/info", "objects/pack", "refs/heads", "refs/tags"] {
        std::fs::create_dir_all(repository.join(folder))?;
    }
    files::write_synced(&repository.join("HEAD"), format!("ref: {head}\n").as_bytes())?;
    files::write_synced(
        &repository.join("config"),
        b"[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n",
    )
}

impl StoreInner {
    /// A permit for a short command.
    pub(crate) async fn command_permit(&self) -> Result<OwnedSemaphorePermit> {
        permit(&self.commands, BUSY_AFTER).await
    }

    /// A permit for a clone, fetch, push or large file, from the shares of the current holders.
    pub(crate) async fn wire_permit(&self) -> Result<Permit> {
        self.wire.acquire_within(WIRE_BUSY_AFTER, &current_holders()).await.ok_or(Error::Busy)
    }

    /// The folder for requests that are too long for memory.
    pub(crate) fn requests_folder(&self) -> &Path {
        &self.requests_folder
    }
}

/// The repositories in a folder of the first level.
fn ids_below(outer: &Path) -> Result<Vec<StorageId>> {
    let mut ids = Vec::new();
    for inner in files::folders(outer)? {
        for repository in files::folders(&inner)? {
            let id = repository.file_name().and_then(|name| name.to_str()?.strip_suffix(".git"));
            ids.extend(id.and_then(|id| StorageId::new(id).ok()));
        }
    }
    Ok(ids)
}

async fn permit(semaphore: &Arc<Semaphore>, patience: Duration) -> Result<OwnedSemaphorePermit> {
    match tokio::time::timeout(patience, Arc::clone(semaphore).acquire_owned()).await {
        Ok(Ok(permit)) => Ok(permit),
        _ => Err(Error::Busy),
    }
}

/// Runs file work on a blocking thread.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| Err(std::io::Error::other(error).into()))
}
