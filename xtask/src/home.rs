//! An empty home folder, so that tests neither depend on the user's home nor leave anything in it.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::Outcome;

/// Programs use these folders instead of the home if they are set.
const FOLDERS: &[&str] = &["XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"];
/// Rust's tools in the user's home, which tests are built with.
const TOOLS: &[(&str, &str)] = &[("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")];

/// Removed when it is dropped.
pub(crate) struct Home(TempDir);

impl Home {
    pub(crate) fn new() -> Outcome<Self> {
        let folder = tempfile::Builder::new().prefix("hearth-home-").tempdir();
        folder.map(Self).map_err(|e| format!("cannot make a home folder for the tests: {e}"))
    }

    /// Makes a command, and whatever it starts, use this home.
    pub(crate) fn give(&self, command: &mut Command) {
        for name in FOLDERS {
            command.env_remove(name);
        }
        let Some(user) = env::var_os("HOME") else { return };
        for (name, folder) in TOOLS {
            if env::var_os(name).is_none() {
                command.env(name, Path::new(&user).join(folder));
            }
        }
        command.env("HOME", self.0.path()).env("HEARTH_TEST_CACHE", cache(Path::new(&user)));
    }
}

/// Where `tests/kubernetes` caches its builds; its scripts find it by themselves.
fn cache(user: &Path) -> PathBuf {
    if let Some(folder) = env::var_os("HEARTH_TEST_CACHE") {
        return folder.into();
    }
    let caches = env::var_os("XDG_CACHE_HOME").map_or_else(|| user.join(".cache"), PathBuf::from);
    caches.join("hearth").join("kubernetes")
}
