use std::{env, fs, process::Stdio};

use hearth_runner::bounded;
use tokio::process::Command;

use crate::commands::remote::RemoteError;

/// A text is refused far below this by any server.
const MOST_BYTES: u64 = 16 << 20;

/// Lets somebody write in their editor, the one that git uses, and returns what they saved.
pub(crate) async fn edit(begin: &str) -> Result<String, RemoteError> {
    let failed = |error: std::io::Error| RemoteError::File("the text for the editor".to_owned(), error);
    let folder = tempfile::tempdir().map_err(failed)?;
    let file = folder.path().join("HEARTH_EDITMSG.md");
    fs::write(&file, begin).map_err(failed)?;
    // An editor is a command with options, which the shell takes apart, as git does. The file is an argument of its own.
    let script = format!("{} \"$@\"", chosen().await);
    let ended = Command::new("sh")
        .args(["-c", &script, "editor"])
        .arg(&file)
        .stdin(Stdio::inherit())
        .status()
        .await
        .map_err(failed)?;
    if !ended.success() {
        return Err(RemoteError::Usage("the editor failed, and nothing was sent".to_owned()));
    }
    let text = bounded::read(&file, MOST_BYTES).map_err(failed)?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// `git var GIT_EDITOR` looks at `GIT_EDITOR`, the configuration, `VISUAL` and `EDITOR`.
async fn chosen() -> String {
    let said = Command::new("git").args(["var", "GIT_EDITOR"]).stdin(Stdio::null()).output().await;
    let said = said.ok().filter(|said| said.status.success());
    let name = said.map(|said| String::from_utf8_lossy(&said.stdout).trim().to_owned());
    name.filter(|name| !name.is_empty())
        .or_else(|| env::var("EDITOR").ok())
        .unwrap_or_else(|| "vi".to_owned())
}
