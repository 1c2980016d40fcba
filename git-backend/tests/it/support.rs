//! A store in a temporary folder, a working copy driven by the real git, and a pusher's connection.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::atomic::{AtomicI64, Ordering},
};

use hearth_git::{
    Allowance, BranchName, Capacity, ObjectId, Repository, RepositoryStore, Signature, StorageId, TreePath,
};
use tempfile::TempDir;

pub(crate) struct Fixture {
    pub(crate) store: RepositoryStore,
    pub(crate) repository: Repository,
    pub(crate) folder: TempDir,
}

impl Fixture {
    pub(crate) async fn new() -> Self {
        Self::with(Capacity::default()).await
    }

    pub(crate) async fn with(capacity: Capacity) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store =
            RepositoryStore::with(folder.path().join("repositories"), capacity, Allowance::DEFAULT).unwrap();
        let repository = store.create(&StorageId::from(1), &branch("main")).await.unwrap();
        Self { store, repository, folder }
    }

    /// A working copy whose `origin` is the repository's folder: for filling it, bypassing the gate.
    pub(crate) fn working_copy(&self) -> WorkingCopy {
        let copy = WorkingCopy::new(&self.folder.path().join("copy"));
        copy.git(&["remote", "add", "origin", self.repository.path().to_str().unwrap()]);
        copy
    }
}

pub(crate) struct WorkingCopy {
    pub(crate) path: PathBuf,
    clock: AtomicI64,
}

impl WorkingCopy {
    pub(crate) fn new(path: &Path) -> Self {
        std::fs::create_dir_all(path).unwrap();
        let copy = Self { path: path.to_owned(), clock: AtomicI64::new(1_700_000_000) };
        copy.git(&["init", "-q", "-b", "main"]);
        copy.git(&["config", "advice.detachedHead", "false"]);
        copy
    }

    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        let output = self.try_git(arguments);
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
    }

    pub(crate) fn try_git(&self, arguments: &[&str]) -> Output {
        let time = format!("{} +0200", self.clock.fetch_add(60, Ordering::Relaxed));
        client(&self.path)
            .env("GIT_AUTHOR_DATE", &time)
            .env("GIT_COMMITTER_DATE", &time)
            .args(arguments)
            .output()
            .unwrap()
    }

    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.path.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    pub(crate) fn commit(&self, message: &str) -> ObjectId {
        self.git(&["add", "--all"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", message]);
        self.head()
    }

    pub(crate) fn head(&self) -> ObjectId {
        self.git(&["rev-parse", "HEAD"]).parse().unwrap()
    }

    pub(crate) fn push(&self) {
        self.git(&["push", "-q", "--force", "--all", "origin"]);
        self.git(&["push", "-q", "--tags", "origin"]);
    }
}

/// A git as a user has it, without this machine's configuration.
pub(crate) fn client(folder: &Path) -> Command {
    let mut command = Command::new("git");
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("HOME", folder)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_AUTHOR_NAME", "Mei")
        .env("GIT_AUTHOR_EMAIL", "mei@example.org")
        .env("GIT_COMMITTER_NAME", "Mei")
        .env("GIT_COMMITTER_EMAIL", "mei@example.org")
        .current_dir(folder)
        .stdin(Stdio::null());
    command
}

pub(crate) fn branch(name: &str) -> BranchName {
    BranchName::new(name).unwrap()
}

pub(crate) fn path(path: &str) -> TreePath {
    TreePath::new(path).unwrap()
}

pub(crate) fn mei() -> Signature {
    Signature::new("Mei", "mei@example.org", "2026-01-02T03:04:05Z".parse().unwrap()).unwrap()
}
