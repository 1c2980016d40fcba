//! One repository, and the one door through which async callers reach blocking git work.

use std::{
    cell::OnceCell,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
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
    /// What the handles have in common: the packs that are mapped into memory.
    opened: Mutex<Option<gix::ThreadSafeRepository>>,
    idle: Mutex<Vec<Handles>>,
}

/// The libraries' handles, opened once and lent to one thread at a time. libgit2's is opened by those who write: it
/// maps the packs once more.
struct Handles {
    gix: gix::Repository,
    git2: OnceCell<git2::Repository>,
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
            opened: Mutex::default(),
            idle: Mutex::default(),
        }
    }

    fn take(&self) -> Result<Handles> {
        let idle = self.idle.lock().ok().and_then(|mut idle| idle.pop());
        idle.map_or_else(|| self.open(), Ok)
    }

    fn open(&self) -> Result<Handles> {
        if !self.path.join("HEAD").exists() {
            return Err(Error::RepositoryNotFound);
        }
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        let gix = match &*opened {
            Some(gix) => gix.to_thread_local(),
            None => {
                let gix = gix::open::Options::isolated().open_path_as_is(true).open(&self.path)?;
                opened.insert(gix).to_thread_local()
            }
        };
        Ok(Handles { gix, git2: OnceCell::new() })
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
        *self.opened.lock().unwrap_or_else(PoisonError::into_inner) = None;
        if let Ok(mut idle) = self.idle.lock() {
            idle.clear();
        }
    }
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
    git2: OnceCell<git2::Repository>,
    pub(crate) repository: Repository,
}

impl OpenRepository {
    pub(crate) fn git2(&self) -> Result<&git2::Repository> {
        if let Some(open) = self.git2.get() {
            return Ok(open);
        }
        let open = git2::Repository::open_bare(self.repository.path())?;
        Ok(self.git2.get_or_init(|| open))
    }
}
