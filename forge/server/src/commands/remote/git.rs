//! The checkout in which a command runs.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
    process::{Output, Stdio},
};

use tokio::process::Command;

use super::RemoteError;

/// A working tree.
pub(crate) struct Checkout {
    root: PathBuf,
}

/// How far back to look for a commit that the server has.
const MOST_COMMITS: &str = "--max-count=100000";

impl Checkout {
    /// The checkout around the current folder, if any.
    pub(crate) async fn find() -> Result<Option<Self>, RemoteError> {
        let answer = run(Path::new("."), &["rev-parse", "--show-toplevel"], &[]).await?;
        if !answer.status.success() {
            return Ok(None);
        }
        let root = text(&answer.stdout).trim_end_matches(['\n', '\r']).to_owned();
        Ok(Some(Self { root: root.into() }))
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The address of `origin`, or of the only remote.
    pub(crate) async fn remote(&self) -> Result<String, RemoteError> {
        let names = self.said(&["remote"]).await?;
        let name = match names.lines().collect::<Vec<_>>().as_slice() {
            names if names.contains(&"origin") => "origin".to_owned(),
            [only] => (*only).to_owned(),
            _ => return Err(RemoteError::NoRemote),
        };
        Ok(self.said(&["remote", "get-url", &name]).await?.trim().to_owned())
    }

    /// The commits of the branch, newest first.
    pub(crate) async fn commits(&self) -> Result<Vec<String>, RemoteError> {
        let answer = self.run(&["rev-list", "--first-parent", MOST_COMMITS, "HEAD"], &[]).await?;
        if !answer.status.success() {
            return Err(RemoteError::NoCommit);
        }
        Ok(text(&answer.stdout).lines().map(str::to_owned).collect())
    }

    /// The path of a file relative to the root, given relative to the current folder.
    pub(crate) async fn below_root(&self, file: &str) -> Result<String, RemoteError> {
        let prefix = run(Path::new("."), &["rev-parse", "--show-prefix"], &[]).await?;
        let prefix = text(&prefix.stdout).trim_end_matches(['\n', '\r']).to_owned();
        let mut words: Vec<&str> = Vec::new();
        let whole = format!("{prefix}{}", file.replace('\\', "/"));
        for word in whole.split('/') {
            match word {
                "" | "." => {}
                ".." => drop(words.pop()),
                word => words.push(word),
            }
        }
        Ok(words.join("/"))
    }

    /// The output of a git command that must succeed.
    pub(crate) async fn said(&self, arguments: &[&str]) -> Result<String, RemoteError> {
        Ok(text(&self.bytes(arguments, &[]).await?))
    }

    pub(crate) async fn bytes(
        &self,
        arguments: &[&str],
        environment: &[(&str, &OsStr)],
    ) -> Result<Vec<u8>, RemoteError> {
        let answer = self.run(arguments, environment).await?;
        if answer.status.success() { Ok(answer.stdout) } else { Err(failed(&answer)) }
    }

    async fn run(&self, arguments: &[&str], environment: &[(&str, &OsStr)]) -> Result<Output, RemoteError> {
        run(&self.root, arguments, environment).await
    }
}

async fn run(
    folder: &Path,
    arguments: &[&str],
    environment: &[(&str, &OsStr)],
) -> Result<Output, RemoteError> {
    Command::new("git")
        .current_dir(folder)
        .args(arguments)
        .envs(environment.iter().copied())
        .stdin(Stdio::null())
        .output()
        .await
        .map_err(|error| RemoteError::Git(format!("cannot be run: {error}")))
}

fn failed(answer: &Output) -> RemoteError {
    let said = text(&answer.stderr);
    RemoteError::Git(said.trim().trim_start_matches("fatal: ").to_owned())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
