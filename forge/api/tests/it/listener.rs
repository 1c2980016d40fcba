use std::{
    path::{Path, PathBuf},
    process::Output,
    sync::Arc,
    time::Duration,
};

use hearth_app::{
    push,
    testing::{Choices, TestHearth},
};
use hearth_core::{RandomSource as _, SeededRandomSource};
use tokio::{net::TcpListener, process::Command};

use crate::client::token;

/// Hearth at a real socket, for the real git.
pub(crate) struct Listener {
    pub(crate) hearth: TestHearth,
    pub(crate) address: String,
    pub(crate) folder: tempfile::TempDir,
}

impl Listener {
    pub(crate) async fn start() -> Self {
        Self::with(Choices::default()).await
    }

    pub(crate) async fn with(choices: Choices) -> Self {
        let socket = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = socket.local_addr().expect("an address").to_string();
        let hearth = TestHearth::with(Choices { root: Some(format!("http://{address}")), ..choices }).await;
        let folder = tempfile::tempdir().expect("a folder");
        let gate = push::listen(&hearth.app, &folder.path().join("push.sock")).expect("the gate opens");
        let router = hearth_api::router(&hearth.app, Arc::new(gate));
        tokio::spawn(async move { axum::serve(socket, router).await });
        Self { hearth, address, folder }
    }

    /// The address for a clone, with a token of this person inside.
    pub(crate) async fn url_of(&self, person: &str, path: &str) -> String {
        let token = match person {
            "" => return format!("http://{}/{path}", self.address),
            person => token(&self.hearth, person, "all").await,
        };
        format!("http://{person}:{token}@{}/{path}", self.address)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs git in a folder.
    pub(crate) async fn git(&self, at: &Path, arguments: &[&str]) -> Output {
        self.command(at, arguments).output().await.expect("git runs")
    }

    /// git with nothing of this machine's configuration.
    pub(crate) fn command(&self, at: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        command
            .current_dir(at)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.folder.path())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_AUTHOR_NAME", "Mei")
            .env("GIT_AUTHOR_EMAIL", "mei@example.org")
            .env("GIT_COMMITTER_NAME", "Mei")
            .env("GIT_COMMITTER_EMAIL", "mei@example.org")
            .args(["-c", "init.defaultBranch=main", "-c", "http.postBuffer=65536"])
            .args(arguments);
        command
    }

    /// The output of a command that must succeed: both streams together.
    #[track_caller]
    pub(crate) fn good(&self, output: &Output) -> String {
        let text = both(output);
        assert!(output.status.success(), "with the server at {}: {text}", self.address);
        text
    }

    /// A clone with one commit more in it, not pushed.
    pub(crate) async fn work(&self, url: &str, name: &str, files: &[(&str, &[u8])]) -> PathBuf {
        let at = self.path(name);
        std::fs::create_dir_all(&at).expect("a folder");
        self.good(&self.git(&at, &["init", "-q"]).await);
        self.good(&self.git(&at, &["remote", "add", "origin", url]).await);
        self.commit(&at, files, "first").await;
        at
    }

    pub(crate) async fn commit(&self, at: &Path, files: &[(&str, &[u8])], message: &str) {
        for (name, bytes) in files {
            std::fs::write(at.join(name), bytes).expect("a file");
        }
        self.good(&self.git(at, &["add", "-A"]).await);
        self.good(&self.git(at, &["commit", "-q", "-m", message]).await);
    }

    /// The leftover quarantine folders of a repository.
    pub(crate) fn quarantines(&self, repository: hearth_core::RepositoryId) -> Vec<String> {
        let objects = self.hearth.app.git().path(&hearth_git::StorageId::from(repository.0)).join("objects");
        let names = std::fs::read_dir(objects).expect("a folder").flatten();
        let names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
        names.filter(|name| name.starts_with("tmp_objdir") || name.starts_with("incoming")).collect()
    }
}

pub(crate) fn both(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Waits for something that happens by itself.
pub(crate) async fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    for _ in 0..600 {
        if is_so() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("not within 30 s: {what}");
}

/// Bytes that do not compress, the same each time.
pub(crate) fn noise(count: usize) -> Vec<u8> {
    let mut bytes = vec![0; count];
    SeededRandomSource::new(11).fill(&mut bytes);
    bytes
}
