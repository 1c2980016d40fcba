use std::{env, process::Stdio};

use tokio::{io::AsyncWriteExt as _, process::Command};

use super::RemoteError;

/// The environment variable for a token.
const VARIABLE: &str = "HEARTH_TOKEN";

/// How a command authenticates.
#[derive(Clone)]
pub(super) enum Credentials {
    Token(String),
    /// As stored by git: a name, and a token or a password.
    Basic {
        name: String,
        secret: String,
    },
}

/// From the environment, or else from git's credential store.
pub(super) async fn find(server: &str) -> Result<Credentials, RemoteError> {
    if let Ok(token) = env::var(VARIABLE)
        && !token.trim().is_empty()
    {
        return Ok(Credentials::Token(token.trim().to_owned()));
    }
    ask_git(server).await.ok_or_else(|| RemoteError::NoToken(server.to_owned()))
}

/// Asks git's credential helpers, without prompting anybody.
async fn ask_git(server: &str) -> Option<Credentials> {
    let mut child = Command::new("git")
        .args(["credential", "fill"])
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_ASKPASS", "true")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .ok()?;
    let mut input = child.stdin.take()?;
    input.write_all(format!("url={server}\n\n").as_bytes()).await.ok()?;
    drop(input);
    let answer = child.wait_with_output().await.ok()?;
    let said = String::from_utf8_lossy(&answer.stdout);
    let field = |name: &str| {
        let line = said.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
        line.filter(|value| !value.is_empty()).map(str::to_owned)
    };
    let secret = field("password")?;
    Some(match field("username") {
        Some(name) => Credentials::Basic { name, secret },
        None => Credentials::Token(secret),
    })
}
