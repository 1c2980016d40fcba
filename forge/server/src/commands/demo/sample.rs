use std::{fs, path::Path, process::Stdio};

use data_encoding::BASE64;
use hearth_core::{RepositoryKind, Urls};
use tokio::process::Command;

use crate::wiring::StartError;

/// The sample project in `sample/digits`.
const FILES: &[(&str, &str)] = &[
    ("README.md", include_str!("../../../sample/digits/README.md")),
    ("digits.py", include_str!("../../../sample/digits/digits.py")),
    ("predict.py", include_str!("../../../sample/digits/predict.py")),
    ("train.py", include_str!("../../../sample/digits/train.py")),
];

/// The sample in a repository of its own, committed with the machine's own git as a user would.
pub(super) struct Sample {
    folder: tempfile::TempDir,
    commit: String,
}

impl Sample {
    pub(super) async fn commit() -> Result<Self, StartError> {
        let folder = tempfile::tempdir().map_err(cannot_write)?;
        for (name, text) in FILES {
            fs::write(folder.path().join(name), text).map_err(cannot_write)?;
        }
        git(folder.path(), &["init", "--quiet", "--initial-branch=main"], "").await?;
        git(folder.path(), &["add", "--all"], "").await?;
        git(folder.path(), &["commit", "--quiet", "--message=Read digits with a small neural network"], "")
            .await?;
        let commit = git(folder.path(), &["rev-parse", "HEAD"], "").await?.trim().to_owned();
        Ok(Self { folder, commit })
    }

    /// The full id of its commit.
    pub(super) fn id(&self) -> &str {
        &self.commit
    }

    pub(super) async fn push(
        &self,
        urls: &Urls,
        owner: &str,
        repository: &str,
        token: &str,
    ) -> Result<(), StartError> {
        let address = urls.clone_address(RepositoryKind::Code, owner, repository);
        let identity = BASE64.encode(format!("{owner}:{token}").as_bytes());
        let header = format!("Authorization: Basic {identity}");
        git(self.folder.path(), &["push", "--quiet", &address, "HEAD:main"], &header).await.map(drop)
    }
}

/// Runs git with its own identity and none of the user's settings; returns its output. `header` is passed
/// through the environment, where other users of the machine do not see it.
async fn git(folder: &Path, arguments: &[&str], header: &str) -> Result<String, StartError> {
    let mut command = Command::new("git");
    command
        .current_dir(folder)
        .args(arguments)
        .stdin(Stdio::null())
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_TERMINAL_PROMPT", "0");
    let settings = [("user.name", "Demo"), ("user.email", "demo@example.org"), ("http.extraHeader", header)];
    let count = if header.is_empty() { 2 } else { 3 };
    command.env("GIT_CONFIG_COUNT", count.to_string());
    for (place, (key, value)) in settings.into_iter().take(count).enumerate() {
        command.env(format!("GIT_CONFIG_KEY_{place}"), key).env(format!("GIT_CONFIG_VALUE_{place}"), value);
    }
    let output = command.stderr(Stdio::inherit()).output().await;
    let output = output.map_err(|error| StartError::App(format!("git cannot be run: {error}")))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(StartError::App(format!("git {} failed", arguments[0])))
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the signature that map_err requires")]
fn cannot_write(error: std::io::Error) -> StartError {
    StartError::App(format!("the sample cannot be written: {error}"))
}
