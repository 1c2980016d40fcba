//! One repository, and the one door through which async callers reach blocking git work.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use crate::{Error, Result, StorageId, graph::GraphCache, store::StoreInner};

/// A repository of the store. Cheap to clone.
///
/// Everything that reads or writes objects in this process goes through [`Repository::run`]; what is left here
/// are the operations that spawn git.
#[derive(Clone)]
pub struct Repository {
    pub(crate) store: Arc<StoreInner>,
    pub(crate) shared: Arc<Shared>,
}

/// What the users of one repository share.
pub(crate) struct Shared {
    pub(crate) id: StorageId,
    pub(crate) path: PathBuf,
    pub(crate) graph: GraphCache,
    /// Held by whoever writes the commit-graph: git refuses a second writer instead of waiting.
    pub(crate) graph_writing: tokio::sync::Mutex<()>,
    /// Held during a round of maintenance.
    pub(crate) maintenance: tokio::sync::Mutex<()>,
    idle: Mutex<Vec<Handles>>,
}

/// The libraries' handles, opened once and lent to one thread at a time.
struct Handles {
    gix: gix::Repository,
    git2: git2::Repository,
}

/// Handles kept per repository between uses.
const MAX_IDLE_HANDLES: usize = 4;

impl Shared {
    pub(crate) fn new(id: StorageId, path: PathBuf) -> Self {
        Self {
            id,
            path,
            graph: GraphCache::default(),
            graph_writing: tokio::sync::Mutex::default(),
            maintenance: tokio::sync::Mutex::default(),
            idle: Mutex::new(Vec::new()),
        }
    }

    fn take(&self) -> Result<Handles> {
        let idle = self.idle.lock().ok().and_then(|mut idle| idle.pop());
        idle.map_or_else(|| open(&self.path), Ok)
    }

    fn give_back(&self, handles: Handles) {
        if let Ok(mut idle) = self.idle.lock()
            && idle.len() < MAX_IDLE_HANDLES
        {
            idle.push(handles);
        }
    }

    /// Closes idle handles, after packs were replaced.
    pub(crate) fn close_idle(&self) {
        if let Ok(mut idle) = self.idle.lock() {
            idle.clear();
        }
    }
}

fn open(path: &Path) -> Result<Handles> {
    if !path.join("HEAD").exists() {
        return Err(Error::RepositoryNotFound);
    }
    let gix = gix::open::Options::isolated().open_path_as_is(true).open(path)?.to_thread_local();
    let git2 = git2::Repository::open_bare(path)?;
    Ok(Handles { gix, git2 })
}

impl Repository {
    /// The id in the store.
    pub fn id(&self) -> &StorageId {
        &self.shared.id
    }

    /// The folder on disk.
    pub fn path(&self) -> &Path {
        &self.shared.path
    }

    /// Lends the opened repository to `work` on a thread that may block. The number of such threads is bounded;
    /// whoever waits too long for one gets [`Error::Busy`].
    ///
    /// Put everything that one page needs into one call: the handles are opened once and stay warm.
    pub async fn run<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&OpenRepository) -> Result<T> + Send + 'static,
    {
        let permit = self.store.reading_permit().await?;
        let repository = self.clone();
        let task = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            repository.run_blocking(work)
        });
        task.await.unwrap_or_else(|error| Err(Error::Damaged(format!("reading it failed: {error}"))))
    }

    /// The same on the current thread, for code that already runs where it may block.
    pub fn run_blocking<T>(&self, work: impl FnOnce(&OpenRepository) -> Result<T>) -> Result<T> {
        let Handles { gix, git2 } = self.shared.take()?;
        let open = OpenRepository { gix, git2, repository: self.clone() };
        let result = work(&open);
        // After a failed read the handles may hold on to packs that are gone.
        if !matches!(result, Err(Error::Damaged(_))) {
            self.shared.give_back(Handles { gix: open.gix, git2: open.git2 });
        }
        result
    }
}

/// A repository opened for one thread. Its methods block; they are grouped by subject in the modules of
/// this crate.
pub struct OpenRepository {
    pub(crate) gix: gix::Repository,
    pub(crate) git2: git2::Repository,
    pub(crate) repository: Repository,
}
