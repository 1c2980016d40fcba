use std::{env, process::Stdio};

use tokio::{
    io::AsyncWriteExt as _,
    process::{Child, Command},
};

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

/// Hands a token to git's credential helpers. Whether one keeps it is seen by asking for it.
pub(crate) async fn keep(server: &str, name: &str, token: &str) -> bool {
    let text = format!("url={server}\nusername={name}\npassword={token}\n\n");
    let Some(mut child) = git_credential("approve") else { return false };
    let Some(mut input) = child.stdin.take() else { return false };
    if input.write_all(text.as_bytes()).await.is_err() {
        return false;
    }
    drop(input);
    child.wait().await.is_ok_and(|ended| ended.success()) && ask_git(server).await.is_some()
}

fn git_credential(act: &str) -> Option<Child> {
    let mut command = Command::new("git");
    command.args(["credential", act]).env("GIT_TERMINAL_PROMPT", "0").env("GIT_ASKPASS", "true");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
    command.spawn().ok()
}

/// Asks git's credential helpers, without prompting anybody.
async fn ask_git(server: &str) -> Option<Credentials> {
    let mut child = git_credential("fill")?;
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
