//! Forks: a copy that shares the files of its parent by hard links. A pack or an object is never changed in place, and
//! each of both repositories removes only its own name of a file, so nothing that one does can be lost to the other.

use std::{
    collections::BTreeMap,
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use crate::{
    Class, Error, ObjectId, OpenRepository, RefName, Repository, RepositoryStore, Result, StorageId, files,
    program::{Bounds, output},
    store::{Draft, blocking, write_outline},
};

/// How often it is tried while the parent is repacked or pushed to.
const TRIES: u32 = 8;
/// The files of a pack; its index comes last, because git looks for packs by their indexes.
const PACK_FILES: [&str; 4] = ["pack", "rev", "bitmap", "idx"];
const REFERENCES: Bounds = Bounds { time: Duration::from_mins(1), bytes: 64 << 20 };
const CHECK: Bounds = Bounds { time: Duration::from_mins(5), bytes: 1 << 20 };

type References = BTreeMap<RefName, ObjectId>;

impl Repository {
    /// Makes a new repository with the branches and tags of this one, without its pull requests. It appears
    /// atomically and whole, even while this one is pushed to or repacked. It has no commit-graph yet:
    /// [`Repository::after_push`] makes one.
    pub async fn fork_into(&self, new: &StorageId) -> Result<Self> {
        let store = RepositoryStore(Arc::clone(&self.store));
        let path = store.path(new);
        if tokio::fs::try_exists(&path).await? {
            return Err(Error::RepositoryExists);
        }
        let _permit = self.store.permits.enter(Class::Background, self.id()).await?;
        let head = self.run(OpenRepository::default_branch).await?.full();
        for _ in 0..TRIES {
            let draft = Arc::new(Draft(store.draft_path(new)));
            let before = self.branches_and_tags().await?;
            let (parent, at, head) = (self.path().to_owned(), Arc::clone(&draft), head.clone());
            let is_complete = blocking(move || {
                write_outline(&at.0, &head)?;
                share_objects(&parent.join("objects"), &at.0.join("objects"))
            })
            .await?;
            // What no reference held all the time may have been removed before it was linked.
            if !is_complete || !self.is_whole(&draft.0, &before).await? {
                continue;
            }
            let destination = path.clone();
            blocking(move || {
                let lines = before.iter().map(|(name, id)| format!("{id} {name}\n"));
                files::write_synced(&draft.0.join("packed-refs"), lines.collect::<String>().as_bytes())?;
                files::sync_file_system(&draft.0)?;
                files::rename_dir(&draft.0, &destination)
            })
            .await?;
            return store.open(new).await;
        }
        Err(Error::Busy)
    }

    async fn branches_and_tags(&self) -> Result<References> {
        let mut command = self.store.program.command(self.path(), "for-each-ref");
        command.args(["--format=%(objectname) %(refname)", "refs/heads/", "refs/tags/"]);
        let text = output(command, "for-each-ref", None, REFERENCES).await?;
        let line = |line: &str| {
            let (id, name) = line.split_once(' ')?;
            Some((RefName::new(name).ok()?, id.parse().ok()?))
        };
        Ok(String::from_utf8_lossy(&text).lines().filter_map(line).collect())
    }

    /// Whether a draft has everything that these references need. Those that have not moved meanwhile kept their
    /// objects; the others are followed.
    async fn is_whole(&self, draft: &Path, before: &References) -> Result<bool> {
        let now = self.branches_and_tags().await?;
        let (still, moved): (Vec<_>, Vec<_>) =
            before.iter().partition(|(name, id)| now.get(*name) == Some(*id));
        if moved.is_empty() {
            return Ok(true);
        }
        let moved = moved.iter().map(|(_, id)| format!("{id}\n"));
        let input: String = moved.chain(still.iter().map(|(_, id)| format!("^{id}\n"))).collect();
        let mut command = self.store.program.command(draft, "rev-list");
        command.args(["--objects", "--quiet", "--stdin"]);
        match output(command, "rev-list", Some(input.into_bytes()), CHECK).await {
            Ok(_) => Ok(true),
            Err(Error::Git { .. } | Error::Damaged(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// Links everything from one folder of objects into an empty one. `false` if a pack disappeared meanwhile.
fn share_objects(from: &Path, to: &Path) -> Result<bool> {
    // Loose objects first: they move into packs, and never back.
    for folder in files::folders(from)? {
        let Some(name) = folder.file_name().filter(|name| name.len() == 2) else { continue };
        let destination = to.join(name);
        fs::create_dir_all(&destination)?;
        for entry in fs::read_dir(&folder).into_iter().flatten() {
            let entry = entry?;
            // The rest of the id; everything else is temporary.
            if entry.file_name().len() == 38 {
                share(&entry.path(), &destination.join(entry.file_name()))?;
            }
        }
    }
    for entry in fs::read_dir(from.join("pack"))? {
        let index = entry?.path();
        if index.extension().is_none_or(|extension| extension != "idx") {
            continue;
        }
        for kind in PACK_FILES {
            let file = index.with_extension(kind);
            let is_there = share(&file, &destination_of(&file, to))?;
            if !is_there && matches!(kind, "pack" | "idx") {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

fn destination_of(file: &Path, objects: &Path) -> PathBuf {
    objects.join("pack").join(file.file_name().unwrap_or_default())
}

/// Gives a file a second name, or copies it where the file system has no second names. `false` if it is gone.
fn share(from: &Path, to: &Path) -> Result<bool> {
    let shared = match fs::hard_link(from, to) {
        Err(error) if needs_copy(error.kind()) => fs::copy(from, to).map(drop),
        linked => linked,
    };
    match shared {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error.into()),
    }
}

fn needs_copy(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::CrossesDevices
            | ErrorKind::TooManyLinks
            | ErrorKind::Unsupported
            | ErrorKind::PermissionDenied
    )
}
