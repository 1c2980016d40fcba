//! A small disk for a test, which can be filled and removed.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::{is_root, noise};

/// A file system of 24 MiB, unmounted at the end.
pub struct SmallDisk(TempDir);

impl SmallDisk {
    /// `None` if the tests may not mount.
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

    /// Fills the disk completely.
    ///
    /// # Panics
    ///
    /// When the file that fills it cannot be opened.
    pub fn fill(&self) {
        let mut file = File::options().create(true).append(true).open(self.filler()).expect("a file to fill");
        for bytes in [64 * 1024, 4096, 1] {
            let block = noise(2, bytes);
            while file.write_all(&block).is_ok() {}
        }
    }

    /// Removes what filled it.
    ///
    /// # Panics
    ///
    /// When nothing filled it.
    pub fn make_room(&self) {
        fs::remove_file(self.filler()).expect("the disk was filled");
    }

    fn filler(&self) -> PathBuf {
        self.path().join("filler")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        Command::new("umount").arg("--lazy").arg(self.path()).status().expect("umount can be run");
    }
}
