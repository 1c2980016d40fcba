//! One repository, and the only way for async callers to reach blocking git work.

use std::{
    cell::{Cell, OnceCell},
    os::unix::ffi::OsStrExt as _,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime},
};

use crate::{
    Allowance, Answer, Class, Cost, Error, Permit, Result, StorageId,
    budget::{Budget, CancelFlag},
    fan_out::{Writers, Writing},
    graph::{Graph, GraphCache},
    read::ReferenceCache,
    store::StoreInner,
};

/// A repository of the store. Cheap to clone.
///
/// Everything that reads or writes objects in this process goes through [`Repository::run`]; the other
/// operations here spawn git.
#[derive(Clone)]
pub struct Repository {
    pub(crate) store: Arc<StoreInner>,
    pub(crate) shared: Arc<Shared>,
}

/// State shared by all users of one repository.
pub(crate) struct Shared {
    pub(crate) id: StorageId,
    pub(crate) path: PathBuf,
    pub(crate) graph: GraphCache,
    pub(crate) references: ReferenceCache,
    /// Held while the file with last commits is read and replaced.
    pub(crate) keeping: Mutex<()>,
    /// Held while the commit-graph is written: git refuses a second writer instead of waiting.
    pub(crate) graph_writing: tokio::sync::Mutex<()>,
    /// Held during a round of maintenance.
    pub(crate) maintenance: tokio::sync::Mutex<()>,
    pub(crate) writers: Writers,
    /// What the handles share: the packs that are mapped into memory.
    opened: Mutex<Option<gix::ThreadSafeRepository>>,
    idle: Mutex<Vec<Handles>>,
    /// How often packs were replaced.
    generation: AtomicU64,
    /// The multi-pack index as last seen; `None` if there was none, or before the first check.
    packs_seen: Mutex<Option<(SystemTime, u64)>>,
}

/// The libraries' handles, opened once and lent to one thread at a time. libgit2's is opened only for
/// writing: it maps the packs once more.
struct Handles {
    gix: gix::Repository,
    git2: OnceCell<git2::Repository>,
    /// The generation of the packs that they may have mapped.
    generation: u64,
}

/// How many packs a repository may have while its handles are open; with more it has to be reopened.
const PLACES_FOR_PACKS: gix::odb::store::init::Slots =
    gix::odb::store::init::Slots::AsNeededByDiskState { multiplier: 2.0, minimum: 512 };

/// Handles kept per repository between uses.
const MAX_IDLE_HANDLES: usize = 4;

impl Shared {
    pub(crate) fn new(id: StorageId, path: PathBuf) -> Self {
        Self {
            id,
            path,
            graph: GraphCache::default(),
            references: ReferenceCache::default(),
            keeping: Mutex::default(),
            graph_writing: tokio::sync::Mutex::default(),
            maintenance: tokio::sync::Mutex::default(),
            writers: Writers::default(),
            opened: Mutex::default(),
            idle: Mutex::default(),
            generation: AtomicU64::default(),
            packs_seen: Mutex::default(),
        }
    }

    pub(crate) fn enter_writers(&self) -> Writing {
        self.writers.enter(&self.path.join("objects"))
    }

    fn take(&self) -> Result<Handles> {
        self.notice_repacking();
        let idle = self.idle.lock().ok().and_then(|mut idle| idle.pop());
        idle.map_or_else(|| self.open(), Ok)
    }

    fn open(&self) -> Result<Handles> {
        if !self.path.join("HEAD").exists() {
            return Err(Error::RepositoryNotFound);
        }
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        let generation = self.generation.load(Ordering::Acquire);
        let gix = match &*opened {
            Some(gix) => gix.to_thread_local(),
            None => {
                let gix = open(&self.path, OBJECT_BYTES)?;
                opened.insert(gix).to_thread_local()
            }
        };
        Ok(Handles { gix, git2: OnceCell::new(), generation })
    }

    fn give_back(&self, handles: Handles) {
        if let Ok(mut idle) = self.idle.lock()
            && idle.len() < MAX_IDLE_HANDLES
            && handles.generation == self.generation.load(Ordering::Acquire)
        {
            idle.push(handles);
        }
    }

    /// Another server may have joined packs, which rewrites the multi-pack index.
    fn notice_repacking(&self) {
        let index = std::fs::metadata(self.path.join("objects/pack/multi-pack-index")).ok();
        let stamp = index.and_then(|facts| Some((facts.modified().ok()?, facts.len())));
        let mut seen = self.packs_seen.lock().unwrap_or_else(PoisonError::into_inner);
        if std::mem::replace(&mut *seen, stamp) != stamp {
            drop(seen);
            self.renew_handles();
        }
    }

    /// Closes idle handles, and lent ones when they are returned: packs were replaced, and a handle that has
    /// the old ones mapped keeps their disk space in use.
    pub(crate) fn renew_handles(&self) {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        self.generation.fetch_add(1, Ordering::AcqRel);
        *opened = None;
        drop(opened);
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

    /// Lends the opened repository to `work` on a blocking thread, for a cheap query. The number of such
    /// threads is bounded; a caller that waits too long for one gets [`Error::Busy`].
    ///
    /// Put everything that one page needs into one call: the handles are opened once and stay warm. When the
    /// future is dropped, the thread stops before the next object it would read.
    pub async fn run<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&OpenRepository) -> Result<T> + Send + 'static,
    {
        self.run_as(Class::Cheap, work).await
    }

    /// The same for an expensive query: a walk over a tree or a history, or a diff.
    pub async fn run_expensive<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&OpenRepository) -> Result<T> + Send + 'static,
    {
        self.run_as(Class::Expensive, work).await
    }

    /// The same for an optional answer: [`Error::Busy`] when there is no permit after `patience`.
    pub async fn run_expensive_within<T, F>(&self, patience: Duration, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&OpenRepository) -> Result<T> + Send + 'static,
    {
        let permit = self.store.permits.enter_soon(self.id(), patience).await?;
        self.run_with(permit, Class::Expensive, work).await
    }

    /// The same for jobs, which may take long and must not delay pages.
    pub async fn run_in_background<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&OpenRepository) -> Result<T> + Send + 'static,
    {
        self.run_as(Class::Background, work).await
    }

    async fn run_as<T, F>(&self, class: Class, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&OpenRepository) -> Result<T> + Send + 'static,
    {
        let permit = self.store.permits.enter(class, self.id()).await?;
        self.run_with(permit, class, work).await
    }

    /// The same for an expensive query about commits of two repositories of the store. Nothing of one is brought to the
    /// other, where others could find it. Only objects can be asked for: it shows no references.
    pub async fn run_with_objects_of<T, F>(&self, other: &Self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&OpenRepository) -> Result<T> + Send + 'static,
    {
        self.run_with_objects_in(other.path().join("objects"), work).await
    }

    /// The same for an expensive query that also reads the objects of another folder, which is no part of the
    /// repository yet. There, only objects can be asked for: it shows no references.
    pub(crate) async fn run_with_objects_in<T, F>(&self, folder: PathBuf, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&OpenRepository) -> Result<T> + Send + 'static,
    {
        let permit = self.store.permits.enter(Class::Expensive, self.id()).await?;
        let (cancel, cancel_on_drop) = CancelFlag::new();
        let (repository, allowance) = (self.clone(), self.store.permits.allowance(Class::Expensive));
        let task = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let budget = Budget::new(allowance, allowance, cancel);
            budget.look()?;
            let both = JoinedObjects::of([&folder, &repository.path().join("objects")])?;
            let gix = both.open()?.to_thread_local();
            work(&OpenRepository::new(&repository, gix, OnceCell::new(), budget))
        });
        let result = task.await;
        drop(cancel_on_drop);
        result.unwrap_or_else(|error| Err(Error::Damaged(format!("reading it failed: {error}"))))
    }

    async fn run_with<T, F>(&self, permit: Permit, class: Class, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&OpenRepository) -> Result<T> + Send + 'static,
    {
        let (cancel, cancel_on_drop) = CancelFlag::new();
        let (repository, allowance) = (self.clone(), self.store.permits.allowance(class));
        let task = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            repository.lend(allowance, cancel, work)
        });
        let result = task.await;
        drop(cancel_on_drop);
        result.unwrap_or_else(|error| Err(Error::Damaged(format!("reading it failed: {error}"))))
    }

    /// Lends the opened repository on the current thread.
    pub(crate) fn lend<T>(
        &self,
        allowance: Allowance,
        cancel: CancelFlag,
        work: impl FnOnce(&OpenRepository) -> Result<T>,
    ) -> Result<T> {
        let usual = self.store.permits.allowance(Class::Expensive);
        let budget = Budget::new(allowance, usual, cancel);
        // The caller may have left while waiting for a permit.
        budget.look()?;
        let Handles { gix, git2, generation } = self.shared.take()?;
        let open = OpenRepository::new(self, gix, git2, budget);
        let result = work(&open);
        // After a failed read the handles may refer to packs that are gone, or lack slots for new ones.
        if matches!(result, Err(Error::Damaged(_))) {
            self.shared.renew_handles();
        } else {
            self.shared.give_back(Handles { gix: open.gix, git2: open.git2, generation });
        }
        result
    }
}

/// A repository opened for one thread. Its methods block; they are grouped by subject in the modules of this
/// crate.
pub struct OpenRepository {
    pub(crate) gix: gix::Repository,
    git2: OnceCell<git2::Repository>,
    /// The commit-graph as of the first use in this visit.
    graph: OnceCell<Option<Arc<Graph>>>,
    /// Set from the first use of libgit2, which only writers use.
    writing: OnceCell<Writing>,
    pub(crate) repository: Repository,
    pub(crate) budget: Budget,
    pub(crate) is_reading_large: Cell<bool>,
}

/// The largest object that is normally held in memory.
pub(crate) const OBJECT_BYTES: usize = 16 << 20;
/// The largest tree, commit or tag that is read at all. One of them is read at a time.
pub(crate) const LARGE_OBJECT_BYTES: usize = 64 << 20;

/// Opens a repository so that no object above `most_bytes` is loaded into memory.
pub(crate) fn open(path: &Path, most_bytes: usize) -> Result<gix::ThreadSafeRepository> {
    let limit = format!("gitoxide.objects.allocLimit={most_bytes}");
    let options = gix::open::Options::isolated().open_path_as_is(true).config_overrides([limit]);
    Ok(options.object_store_slots(PLACES_FOR_PACKS).open(path)?)
}

/// An empty repository in a temporary folder that reads the objects of other folders, and writes nowhere.
struct JoinedObjects(tempfile::TempDir);

impl JoinedObjects {
    fn of(folders: [&Path; 2]) -> Result<Self> {
        let own = tempfile::tempdir()?;
        for folder in ["refs", "objects/info", "objects/pack"] {
            std::fs::create_dir_all(own.path().join(folder))?;
        }
        std::fs::write(own.path().join("HEAD"), "ref: refs/heads/main\n")?;
        std::fs::write(own.path().join("config"), "[core]\n\trepositoryformatversion = 0\n\tbare = true\n")?;
        let mut alternates = Vec::new();
        for folder in folders {
            alternates.extend_from_slice(folder.canonicalize()?.as_os_str().as_bytes());
            alternates.push(b'\n');
        }
        std::fs::write(own.path().join("objects/info/alternates"), alternates)?;
        Ok(Self(own))
    }

    fn open(&self) -> Result<gix::ThreadSafeRepository> {
        open(self.0.path(), OBJECT_BYTES)
    }
}

impl OpenRepository {
    fn new(
        repository: &Repository,
        gix: gix::Repository,
        git2: OnceCell<git2::Repository>,
        budget: Budget,
    ) -> Self {
        Self {
            gix,
            git2,
            graph: OnceCell::new(),
            writing: OnceCell::new(),
            repository: repository.clone(),
            budget,
            is_reading_large: Cell::default(),
        }
    }

    /// The value of an answer that has to be complete; otherwise [`Error::OverBudget`].
    pub fn whole<T>(&self, answer: Answer<T>) -> Result<T> {
        self.budget.whole(answer)
    }

    /// What has been visited and read so far.
    pub fn cost(&self) -> Cost {
        self.budget.spent()
    }

    pub(crate) fn graph(&self) -> Option<Arc<Graph>> {
        self.graph.get_or_init(|| self.repository.shared.graph.get(self.repository.path())).clone()
    }

    pub(crate) fn git2(&self) -> Result<&git2::Repository> {
        self.writing.get_or_init(|| self.repository.shared.enter_writers());
        if let Some(open) = self.git2.get() {
            return Ok(open);
        }
        let open = git2::Repository::open_bare(self.repository.path())?;
        Ok(self.git2.get_or_init(|| open))
    }
}
