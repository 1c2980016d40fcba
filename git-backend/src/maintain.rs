//! Keeping repositories fast.

use std::{collections::HashMap, ops::ControlFlow::Continue, path::Path, sync::Arc, time::Duration};

use tokio::process::Command;

use crate::{
    EntryKind, ObjectId, OpenRepository, Repository, Result, TreePath, fan_out, files, folder_lock,
    program::{Bounds, output, run},
    stale,
    store::blocking,
};

/// The state of a repository on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct DiskState {
    /// Loose references; one more than [`MAX_LOOSE_REFERENCES`] stands for any larger number.
    pub loose_references: usize,
    /// Loose objects, estimated from a few of the 256 folders.
    pub loose_objects: usize,
    /// Packs.
    pub packs: usize,
    /// Bytes of all packs.
    pub pack_bytes: u64,
    /// Whether there is a reachability bitmap, which saves a clone from computing what can be reached from a
    /// commit.
    pub has_bitmap: bool,
}

/// The number of loose references above which they are packed: each is a file of its own that every list of them opens.
pub const MAX_LOOSE_REFERENCES: usize = 50;
/// The number of loose objects above which they are packed.
pub const MAX_LOOSE_OBJECTS: usize = 2_000;
/// The number of packs above which they are joined.
pub const MAX_PACKS: usize = 8;
/// Unreachable objects younger than this are kept, because a push or a commit may be about to use them.
const KEEP_UNREACHABLE: &str = "2.hours.ago";
/// Folders whose answers are refreshed after a push.
const WARM_FOLDERS: usize = 64;
/// A folder with so many entries is costly to look through, so its answer is found before anybody asks.
const LARGE_FOLDER: usize = 500;
/// The most of these that are found.
const MOST_LARGE_FOLDERS: usize = 16;
/// The object folders that are sampled.
const COUNTED_FOLDERS: [&str; 4] = ["17", "5a", "a3", "ee"];
/// The nesting depth to which references are searched.
const MOST_REFERENCE_LEVELS: usize = 32;

const SHORT: Bounds = Bounds { time: Duration::from_mins(5), bytes: 1 << 20 };
const LONG: Bounds = Bounds { time: Duration::from_hours(4), bytes: 1 << 20 };
/// The list of the commits that references point to.
const TIPS: Bounds = Bounds { time: Duration::from_mins(5), bytes: 64 << 20 };
/// The temporary file of that list, with a name that cleanup removes.
const TIPS_FILE: &str = "tmp_tips";

impl DiskState {
    /// Whether there is something for [`Repository::maintain`] to do.
    pub fn needs_maintenance(&self) -> bool {
        self.has_many_references() || self.has_many_objects()
    }

    fn has_many_references(&self) -> bool {
        self.loose_references > MAX_LOOSE_REFERENCES
    }

    fn has_many_objects(&self) -> bool {
        self.loose_objects > MAX_LOOSE_OBJECTS
            || self.packs > MAX_PACKS
            || (self.packs > 0 && !self.has_bitmap)
    }
}

impl Repository {
    /// The work to do after a push and before the first visitor: the commit-graph with its filters is brought
    /// up to date, and the answers for the root and for recently viewed folders are carried forward.
    pub async fn after_push(&self) -> Result<()> {
        let command = self.store.program.command(self.path(), "commit-graph");
        self.write_commit_graph(command, "--split", SHORT).await?;
        self.warm().await
    }

    /// Fills the caches for the default branch.
    pub async fn warm(&self) -> Result<()> {
        self.run_in_background(|git| {
            let Some(head) = git.head()? else { return Ok(()) };
            git.count_commits(head)?;
            let mut answers = Vec::new();
            for folder in git.folders_to_warm(head)? {
                // The folder may be gone in the new commit.
                let entry = git.find_entry(head, &folder)?;
                if entry.is_some_and(|entry| entry.kind == EntryKind::Directory) {
                    let answer = git.last_commits(head, &folder)?;
                    answers.push((folder, answer));
                }
            }
            git.keep_last_commits(answers)
        })
        .await
    }

    /// Its state on disk.
    pub async fn disk_state(&self) -> Result<DiskState> {
        let repository = self.path().to_owned();
        blocking(move || disk_state(&repository)).await
    }

    /// A round of maintenance, as far as needed: packs references, removes old unreachable objects, packs the
    /// others and joins packs, with bitmaps and a commit-graph over everything. It may be interrupted at any
    /// moment: files get their final name when they are complete, and a later round removes partial ones.
    /// Does nothing while another server maintains the repository.
    pub async fn maintain(&self) -> Result<DiskState> {
        let _round = self.shared.maintenance.lock().await;
        let Some(_alone) = folder_lock::lock_exclusive(self.path())? else {
            tracing::debug!(id = %self.id(), "another server maintains it");
            return self.disk_state().await;
        };
        // A lock file left by a killed git would block every step.
        self.remove_stale_files().await?;
        let state = self.disk_state().await?;
        if state.has_many_references() {
            self.git("pack-refs", &["--all"], SHORT).await?;
        }
        if state.has_many_objects() {
            self.clear_objects().await?;
            let command = self.store.program.background_command(self.path(), "commit-graph");
            self.write_commit_graph(command, "--split=replace", LONG).await?;
        }
        self.disk_state().await
    }

    /// Removes what killed processes left: quarantines, partial packs, and lock files that would block
    /// pushes. Part of [`Repository::maintain`], and worth doing once after a crash.
    pub async fn remove_stale_files(&self) -> Result<()> {
        let repository = self.path().to_owned();
        blocking(move || stale::remove(&repository)).await
    }

    /// Removes unreachable objects and packs the rest, while pushes go on.
    async fn clear_objects(&self) -> Result<()> {
        let objects = self.path().join("objects");
        blocking(move || fan_out::keep(&objects)).await?;
        let cleared = match self.git("prune", &["--expire", KEEP_UNREACHABLE], LONG).await {
            Ok(()) => self.repack().await,
            Err(error) => Err(error),
        };
        let (objects, shared) = (self.path().join("objects"), Arc::clone(&self.shared));
        let released = blocking(move || fan_out::release(&objects, &shared.writers)).await;
        cleared.and(released)
    }

    async fn write_commit_graph(&self, mut command: Command, split: &str, bounds: Bounds) -> Result<()> {
        let _writing = self.shared.graph_writing.lock().await;
        command.args(["write", "--reachable", split, "--changed-paths", "--no-progress"]);
        output(command, "commit-graph", None, bounds).await.map(drop)
    }

    /// Joins packs so that each is at least twice as large as the next smaller, and writes one index with
    /// reachability bitmaps over all of them.
    async fn repack(&self) -> Result<()> {
        // Bitmaps need commits whose whole history is packed; that may not hold for anything pushed from here
        // on.
        let tips = self.ask("rev-list", &["--no-walk", "--all"], TIPS).await?;
        self.git("repack", &["-d", "--geometric=2", "--quiet"], LONG).await?;
        let file = self.path().join("objects").join(TIPS_FILE);
        tokio::fs::write(&file, tips).await?;
        let snapshot = format!("--refs-snapshot={}", file.display());
        let written =
            self.git("multi-pack-index", &["write", "--bitmap", "--no-progress", &snapshot], LONG).await;
        files::remove_file(&file)?;
        self.shared.renew_handles();
        written
    }

    /// Checks every object and reference; returns git's complaints, none for a sound repository.
    pub async fn fsck(&self) -> Result<Vec<String>> {
        let mut command = self.store.program.background_command(self.path(), "fsck");
        command.args(["--full", "--no-dangling", "--no-progress"]);
        let outcome = run(command, "fsck", None, LONG).await?;
        if outcome.is_success {
            return Ok(Vec::new());
        }
        let text = [outcome.output, outcome.complaint].concat();
        Ok(String::from_utf8_lossy(&text).lines().map(str::to_owned).collect())
    }

    /// Bytes of all files of the repository.
    pub async fn size_bytes(&self) -> Result<u64> {
        let path = self.path().to_owned();
        blocking(move || files::bytes_in(&path)).await
    }

    async fn git(&self, subcommand: &'static str, arguments: &[&str], bounds: Bounds) -> Result<()> {
        self.ask(subcommand, arguments, bounds).await.map(drop)
    }

    async fn ask(&self, subcommand: &'static str, arguments: &[&str], bounds: Bounds) -> Result<Vec<u8>> {
        let mut command = self.store.program.background_command(self.path(), subcommand);
        command.args(arguments);
        output(command, subcommand, None, bounds).await
    }
}

impl OpenRepository {
    /// The folders that were looked at lately, here or before a restart; where none was, the large ones.
    fn folders_to_warm(&self, head: ObjectId) -> Result<Vec<TreePath>> {
        let (cache, id) = (&self.repository.store.caches.last_commits, self.repository.id());
        let known = cache.iter().filter(|(key, _)| key.0 == *id).map(|(key, _)| key.1.clone());
        let mut folders: Vec<TreePath> = known.take(WARM_FOLDERS).collect();
        let kept = self.kept_last_commits();
        if kept.is_empty() {
            folders.extend(self.large_folders(head)?);
        }
        folders.extend(kept.into_iter().map(|(folder, _)| folder).take(WARM_FOLDERS));
        folders.push(TreePath::root());
        folders.sort_unstable();
        folders.dedup();
        Ok(folders)
    }

    /// Folders with very many files, the largest first; those that could be found within the budget.
    fn large_folders(&self, head: ObjectId) -> Result<Vec<TreePath>> {
        let mut files: HashMap<String, usize> = HashMap::new();
        self.walk_tree(head, |file| {
            let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
            match files.get_mut(folder) {
                Some(count) => *count += 1,
                None => drop(files.insert(folder.to_owned(), 1)),
            }
            Ok(Continue(()))
        })?;
        let mut large: Vec<_> = files.into_iter().filter(|(_, files)| *files >= LARGE_FOLDER).collect();
        large.sort_unstable_by_key(|(_, files)| std::cmp::Reverse(*files));
        let paths =
            large.into_iter().take(MOST_LARGE_FOLDERS).filter_map(|(path, _)| TreePath::new(path).ok());
        Ok(paths.collect())
    }
}

fn disk_state(repository: &Path) -> Result<DiskState> {
    let objects = repository.join("objects");
    let mut state = DiskState {
        loose_references: loose_references(&repository.join("refs"), MOST_REFERENCE_LEVELS),
        ..DiskState::default()
    };
    for folder in COUNTED_FOLDERS {
        let entries = std::fs::read_dir(objects.join(folder)).into_iter().flatten().flatten();
        state.loose_objects += entries.filter(|entry| !fan_out::is_keeper(&entry.file_name())).count();
    }
    state.loose_objects *= 256 / COUNTED_FOLDERS.len();
    for file in std::fs::read_dir(objects.join("pack"))? {
        let file = file?;
        match file.path().extension().and_then(|extension| extension.to_str()) {
            Some("pack") => {
                state.packs += 1;
                // A concurrent repack may be removing this pack.
                state.pack_bytes += file.metadata().map_or(0, |metadata| metadata.len());
            }
            Some("bitmap") => state.has_bitmap = true,
            _ => {}
        }
    }
    Ok(state)
}

/// Counts loose references, up to one more than [`MAX_LOOSE_REFERENCES`].
fn loose_references(folder: &Path, levels: usize) -> usize {
    let mut count = 0;
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if count > MAX_LOOSE_REFERENCES {
            return count;
        }
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && levels > 0 => count += loose_references(&entry.path(), levels - 1),
            Ok(kind) if kind.is_file() => count += 1,
            _ => {}
        }
    }
    count.min(MAX_LOOSE_REFERENCES + 1)
}
