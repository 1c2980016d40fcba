//! Keeping repositories fast.

use std::{path::Path, time::Duration};

use crate::{
    Repository, Result, TreePath, files,
    program::{Bounds, output, run},
    stale,
    store::blocking,
};

/// What a look at the object folder tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct DiskState {
    /// Objects that lie alone, estimated from one of the 256 folders.
    pub loose_objects: usize,
    /// Packs.
    pub packs: usize,
    /// Bytes of all packs.
    pub pack_bytes: u64,
}

/// Loose objects from which on they are packed.
pub const MAX_LOOSE_OBJECTS: usize = 2_000;
/// Packs from which on they are joined.
pub const MAX_PACKS: usize = 8;
/// Unreachable objects younger than this are kept, because a push or a commit may be about to use them.
const KEEP_UNREACHABLE: &str = "2.hours.ago";
/// Folders that are looked at again after a push.
const WARM_FOLDERS: usize = 64;

const SHORT: Bounds = Bounds { time: Duration::from_mins(5), bytes: 1 << 20 };
const LONG: Bounds = Bounds { time: Duration::from_hours(4), bytes: 1 << 20 };

impl Repository {
    /// What a push leaves to do before the first visitor comes: the commit-graph with its filters is brought up
    /// to date, and the answers for the root and for the folders that were looked at lately are carried forward.
    pub async fn after_push(&self) -> Result<()> {
        self.write_commit_graph("--split", SHORT).await?;
        self.warm().await
    }

    /// Fills the caches for the default branch.
    pub async fn warm(&self) -> Result<()> {
        self.run_in_background(|git| {
            let Some(head) = git.head()? else { return Ok(()) };
            git.count_commits(head)?;
            let cache = &git.repository.store.caches.last_commits;
            let id = git.repository.id();
            let mut folders = vec![TreePath::root()];
            let known = cache.iter().filter(|(key, _)| key.0 == *id && !key.1.is_root());
            folders.extend(known.map(|(key, _)| key.1.clone()).take(WARM_FOLDERS));
            for folder in folders {
                // The folder may be gone.
                if git
                    .find_entry(head, &folder)?
                    .is_some_and(|entry| entry.kind == crate::EntryKind::Directory)
                {
                    git.last_commits(head, &folder)?;
                }
            }
            Ok(())
        })
        .await
    }

    /// How the objects lie on disk.
    pub async fn disk_state(&self) -> Result<DiskState> {
        let objects = self.path().join("objects");
        blocking(move || disk_state(&objects)).await
    }

    /// The regular round: packs references, joins packs and packs loose objects where there are many, writes the
    /// commit-graph anew, and removes what stopped pushes left.
    pub async fn maintain(&self) -> Result<DiskState> {
        let _round = self.shared.maintenance.lock().await;
        self.git("pack-refs", &["--all"], SHORT).await?;
        let state = self.disk_state().await?;
        if state.loose_objects > MAX_LOOSE_OBJECTS
            || state.packs > MAX_PACKS
            || (state.packs > 0 && !self.has_bitmap())
        {
            self.repack().await?;
        }
        self.write_commit_graph("--split=replace", LONG).await?;
        self.git("prune", &["--expire", KEEP_UNREACHABLE], LONG).await?;
        self.remove_stale_files().await?;
        self.disk_state().await
    }

    /// Removes what stopped processes left: quarantines, half-written packs, and locks that would hold up pushes.
    /// Part of [`Repository::maintain`], and worth doing once after a crash.
    pub async fn remove_stale_files(&self) -> Result<()> {
        let repository = self.path().to_owned();
        blocking(move || stale::remove(&repository)).await
    }

    async fn write_commit_graph(&self, split: &str, bounds: Bounds) -> Result<()> {
        let _writing = self.shared.graph_writing.lock().await;
        self.git("commit-graph", &["write", "--reachable", split, "--changed-paths", "--no-progress"], bounds)
            .await
    }

    /// Joins packs so that each is at least twice as large as the next smaller, and writes one index with
    /// reachability bitmaps over all of them.
    async fn repack(&self) -> Result<()> {
        let result = self
            .git("repack", &["-d", "--geometric=2", "--write-midx", "--write-bitmap-index", "--quiet"], LONG)
            .await;
        // Open handles may still count on packs that are gone now.
        self.shared.close_idle();
        result
    }

    fn has_bitmap(&self) -> bool {
        let packs = std::fs::read_dir(self.path().join("objects/pack")).into_iter().flatten().flatten();
        packs.into_iter().any(|file| file.file_name().as_encoded_bytes().ends_with(b".bitmap"))
    }

    /// Checks every object and reference; gives what git complains of, nothing for a sound repository.
    pub async fn fsck(&self) -> Result<Vec<String>> {
        let mut command = self.store.program.command(self.path(), "fsck");
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
        let mut command = self.store.program.command(self.path(), subcommand);
        command.args(arguments);
        output(command, subcommand, None, bounds).await.map(drop)
    }
}

fn disk_state(objects: &Path) -> Result<DiskState> {
    let mut state = DiskState::default();
    if let Ok(sample) = std::fs::read_dir(objects.join("17")) {
        state.loose_objects = sample.count() * 256;
    }
    for file in std::fs::read_dir(objects.join("pack"))? {
        let file = file?;
        if file.path().extension().is_some_and(|extension| extension == "pack") {
            state.packs += 1;
            // A pack may be joined with others at this moment.
            state.pack_bytes += file.metadata().map_or(0, |metadata| metadata.len());
        }
    }
    Ok(state)
}
