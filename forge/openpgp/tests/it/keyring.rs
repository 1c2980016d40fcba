//! A real GnuPG in a folder of its own.

use std::{fs, path::Path, process::Command};

use tempfile::TempDir;

pub(crate) struct Keyring(TempDir);

impl Keyring {
    /// None if the machine has no `gpg`; the test is then skipped, and says so.
    pub(crate) fn new() -> Option<Self> {
        // The path of the agent's socket has to be short, so the folder is not in a longer one.
        let keyring = Self(tempfile::tempdir().expect("a folder"));
        if keyring.gpg(&["--version"]).is_none() {
            hearth_skip::skip("there is no gpg");
            return None;
        }
        Some(keyring)
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// What it prints; none if it fails.
    pub(crate) fn gpg(&self, arguments: &[&str]) -> Option<String> {
        let output = Command::new("gpg")
            .args(["--homedir", self.path().to_str()?, "--batch", "--yes", "--no-tty"])
            .args(["--pinentry-mode", "loopback", "--passphrase", ""])
            .args(arguments)
            .output()
            .ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Makes a key of this kind that signs; none if this `gpg` does not know the kind.
    pub(crate) fn make(&self, name: &str, kind: &str, expires: &str) -> Option<()> {
        self.gpg(&["--quick-generate-key", name, kind, "sign", expires]).map(drop)
    }

    pub(crate) fn export(&self, name: &str) -> String {
        self.gpg(&["--armor", "--export", name]).expect("gpg exports")
    }

    /// The armoured signature of a message.
    pub(crate) fn sign(&self, name: &str, message: &[u8], more: &[&str]) -> Option<String> {
        let file = self.path().join("message");
        fs::write(&file, message).expect("a file");
        let file = file.to_str().expect("text");
        let sign = ["--local-user", name, "--armor", "--detach-sign", "--output", "-", file];
        self.gpg(&[more, &sign].concat())
    }
}

impl Drop for Keyring {
    fn drop(&mut self) {
        // Its agent would live on.
        let _ = Command::new("gpgconf").arg("--homedir").arg(self.path()).args(["--kill", "all"]).status();
    }
}
