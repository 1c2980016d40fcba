//! A disk of a test's own, to be filled and taken away.

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::is_root;

/// A file system of 24 MiB, unmounted at the end.
pub struct SmallDisk(TempDir);

impl SmallDisk {
    /// None where the tests may not mount.
    ///
    /// # Panics
    ///
    /// When there is no folder to mount it on.
    pub fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=24m", "hearth-test"]).arg(folder.path());
        (is_root() && mount.output().is_ok_and(|output| output.status.success())).then_some(Self(folder))
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        Command::new("umount").arg("--lazy").arg(self.path()).status().expect("umount can be run");
    }
}
