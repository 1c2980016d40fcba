//! The checkout in which a command runs.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
    process::{Output, Stdio},
};

use tokio::process::Command;

use super::{BranchName, RemoteError, Target};

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

    /// The address of a remote, after the replacements of git's configuration (`insteadOf`); `None`: there is no such remote.
    pub(crate) async fn address(&self, remote: &str) -> Result<Option<String>, RemoteError> {
        let answer = self.run(&["remote", "get-url", "--end-of-options", remote], &[]).await?;
        Ok(Some(text(&answer.stdout).trim().to_owned()).filter(|_| answer.status.success()))
    }

    /// The remote of this repository, by its name where there is one, else by its address.
    pub(crate) async fn remote_of(&self, target: &Target) -> Result<String, RemoteError> {
        for name in self.said(&["remote"]).await?.lines() {
            if self.address(name).await?.is_some_and(|address| target.is_at(&address)) {
                return Ok(name.to_owned());
            }
        }
        Ok(target.clone_address())
    }

    /// The branch that is checked out.
    pub(crate) async fn branch(&self) -> Result<BranchName, RemoteError> {
        let answer = self.run(&["symbolic-ref", "--quiet", "HEAD"], &[]).await?;
        let name = text(&answer.stdout);
        let name = name.trim().strip_prefix("refs/heads/").ok_or(RemoteError::NoBranch)?;
        BranchName::parse(name)
    }

    /// A setting of git; `None`: it is not set.
    pub(crate) async fn setting(&self, name: &str) -> Result<Option<String>, RemoteError> {
        let answer = self.run(&["config", "--get", "--end-of-options", name], &[]).await?;
        Ok(Some(text(&answer.stdout).trim().to_owned()).filter(|_| answer.status.success()))
    }

    /// Changes a setting of this clone.
    pub(crate) async fn set(&self, name: &str, value: &str) -> Result<(), RemoteError> {
        self.said(&["config", "--end-of-options", name, value]).await.map(drop)
    }

    /// Whether git knows a revision.
    pub(crate) async fn has(&self, revision: &str) -> Result<bool, RemoteError> {
        let arguments = ["rev-parse", "--verify", "--quiet", "--end-of-options", revision];
        Ok(self.run(&arguments, &[]).await?.status.success())
    }

    /// Runs git for the person who waits: what it says and asks goes to them.
    pub(crate) async fn act(&self, arguments: &[&str]) -> Result<(), RemoteError> {
        act(&self.root, arguments).await
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

/// Runs git in a folder for the person who waits. Its standard output goes to standard error, beside what it says there:
/// that of a command is for its own answer.
pub(crate) async fn act(folder: &Path, arguments: &[&str]) -> Result<(), RemoteError> {
    let ended = Command::new("git")
        .current_dir(folder)
        .args(arguments)
        .stdout(std::io::stderr())
        .status()
        .await
        .map_err(|error| RemoteError::Git(format!("cannot be run: {error}")))?;
    let command = arguments.first().copied().unwrap_or_default();
    if ended.success() { Ok(()) } else { Err(RemoteError::Git(format!("git {command} failed"))) }
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
