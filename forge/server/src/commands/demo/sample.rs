use std::{fs, path::Path, process::Stdio};

use data_encoding::BASE64;
use hearth_core::{RepositoryKind, Urls};
use tokio::process::Command;

use crate::wiring::StartError;

/// The sample project, as it lies in `sample/digits`.
const FILES: &[(&str, &str)] = &[
    ("README.md", include_str!("../../../sample/digits/README.md")),
    ("digits.py", include_str!("../../../sample/digits/digits.py")),
    ("predict.py", include_str!("../../../sample/digits/predict.py")),
    ("train.py", include_str!("../../../sample/digits/train.py")),
];

/// Commits the sample with the machine's own git and pushes it, as a person would.
pub(super) async fn push(urls: &Urls, owner: &str, repository: &str, token: &str) -> Result<(), StartError> {
    let folder = tempfile::tempdir().map_err(cannot_write)?;
    for (name, text) in FILES {
        fs::write(folder.path().join(name), text).map_err(cannot_write)?;
    }
    let address = urls.clone_address(RepositoryKind::Code, owner, repository);
    let header = format!("Authorization: Basic {}", BASE64.encode(format!("{owner}:{token}").as_bytes()));
    git(folder.path(), &["init", "--quiet", "--initial-branch=main"], "").await?;
    git(folder.path(), &["add", "--all"], "").await?;
    git(folder.path(), &["commit", "--quiet", "--message=Read digits with a small neural network"], "")
        .await?;
    git(folder.path(), &["push", &address, "HEAD:main"], &header).await
}

/// Runs git with an identity of its own and none of the person's settings. `header` goes by the environment, where
/// other people of the machine do not see it.
async fn git(folder: &Path, arguments: &[&str], header: &str) -> Result<(), StartError> {
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
    let status =
        command.status().await.map_err(|error| StartError::App(format!("git cannot be run: {error}")))?;
    if status.success() { Ok(()) } else { Err(StartError::App(format!("git {} failed", arguments[0]))) }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn cannot_write(error: std::io::Error) -> StartError {
    StartError::App(format!("the sample cannot be written: {error}"))
}
