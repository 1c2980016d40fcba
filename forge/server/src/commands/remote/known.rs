//! The servers that somebody signed in to on this machine: their addresses, one a line, the last first. The tokens are in
//! git's credential store.

use std::{env, fs, path::PathBuf};

use hearth_runner::bounded;
use url::Url;

/// How many addresses are kept.
const MOST_SERVERS: usize = 50;
/// A longer file is not one that this program wrote.
const MOST_BYTES: u64 = 1 << 20;

/// The address of the web server on a host that is known from SSH: one that somebody signed in to, or else the usual one.
pub(super) fn server_at(host: &str) -> String {
    let is_there = |server: &String| host_of(server).is_some_and(|known| known.eq_ignore_ascii_case(host));
    list().into_iter().find(is_there).unwrap_or_else(|| format!("https://{host}"))
}

/// The server that somebody signed in to last.
pub(super) fn last() -> Option<String> {
    list().into_iter().next()
}

/// Keeps the address of a server. Where it cannot be written, commands in clones over HTTPS still find it.
pub(crate) fn remember(server: &str) {
    let Some(file) = file() else { return };
    let others = list().into_iter().filter(|known| known != server);
    let lines: Vec<String> = std::iter::once(server.to_owned()).chain(others).take(MOST_SERVERS).collect();
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).ok();
    }
    fs::write(&file, format!("{}\n", lines.join("\n"))).ok();
}

fn list() -> Vec<String> {
    let text = file().and_then(|file| bounded::read(&file, MOST_BYTES).ok()).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    text.lines().filter(|line| host_of(line).is_some()).take(MOST_SERVERS).map(str::to_owned).collect()
}

/// The host of the address of a server.
pub(super) fn host_of(server: &str) -> Option<String> {
    let url = Url::parse(server).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    url.host_str().map(str::to_owned)
}

fn file() -> Option<PathBuf> {
    let given = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let folder = given("XDG_CONFIG_HOME").or_else(|| Some(given("HOME")?.join(".config")))?;
    Some(folder.join("hearth").join("servers"))
}
