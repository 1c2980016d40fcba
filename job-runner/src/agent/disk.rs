//! The disk usage of a task's folders. Not every file system has quotas for folders, so usage is measured
//! from time to time; counting stops at the limits, so that even a huge tree is detected quickly.

use std::{
    collections::HashSet,
    ffi::OsStr,
    fs,
    os::unix::{ffi::OsStrExt as _, fs::MetadataExt as _},
    path::{Path, PathBuf},
};

use rustix::fs::FileType;

use super::layout::Layout;
use crate::{beneath::Folder, spec::Limits};

/// The nesting depth beyond which folders are not counted: such a tree exceeds its limits.
const DEEPEST: usize = 200;
/// How many open files are checked for deleted ones.
const MOST_OPEN_FILES: usize = 50_000;

/// The limit that was exceeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Excess {
    Bytes(u64),
    Files(u64),
    Depth(usize),
}

impl std::fmt::Display for Excess {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Bytes(most) => write!(to, "more than {most} bytes on the disk"),
            Self::Files(most) => write!(to, "more than {most} files and folders"),
            Self::Depth(most) => write!(to, "folders more than {most} deep"),
        }
    }
}

/// Checks the program's folders, and deleted files that its processes hold open, against the limits. Blocks.
pub(crate) fn excess(layout: &Layout, limits: &Limits, processes: &[u32]) -> Option<Excess> {
    excess_of(&layout.trees(), limits, processes)
}

/// The same for any folders. Blocks.
pub(crate) fn excess_of(trees: &[PathBuf], limits: &Limits, processes: &[u32]) -> Option<Excess> {
    let mut count = Count { limits, bytes: 0, files: 0, linked: HashSet::new(), devices: devices_of(trees) };
    let counted = trees.iter().try_for_each(|tree| count.tree(tree));
    counted.and_then(|()| count.nameless(processes)).err()
}

/// The space that a folder takes on the disk. Blocks.
pub(crate) fn held_bytes(tree: &Path) -> u64 {
    let limits = Limits { disk_bytes: u64::MAX, disk_files: u64::MAX, ..Limits::default() };
    let mut count =
        Count { limits: &limits, bytes: 0, files: 0, linked: HashSet::new(), devices: Vec::new() };
    let _ = count.tree(tree);
    count.bytes
}

fn devices_of(trees: &[PathBuf]) -> Vec<u64> {
    trees.iter().filter_map(|tree| Some(fs::symlink_metadata(tree).ok()?.dev())).collect()
}

struct Count<'a> {
    limits: &'a Limits,
    bytes: u64,
    files: u64,
    /// Files with several hard links, each counted once.
    linked: HashSet<(u64, u64)>,
    /// The disks with the folders.
    devices: Vec<u64>,
}

impl Count<'_> {
    fn tree(&mut self, tree: &Path) -> Result<(), Excess> {
        let Ok(root) = Folder::open(tree) else { return Ok(()) };
        let mut open = vec![PathBuf::new()];
        while let Some(path) = open.pop() {
            if path.components().count() > DEEPEST {
                return Err(Excess::Depth(DEEPEST));
            }
            // A folder that was removed meanwhile takes no space.
            let Ok(folder) = root.descend(&path) else { continue };
            let Ok(names) = folder.names() else { continue };
            for name in names {
                let Ok(found) = folder.look(&name) else { continue };
                self.files += 1;
                let is_first = !found.has_more_names
                    || found.kind.is_dir()
                    || self.linked.insert((found.device, found.inode));
                if is_first {
                    self.bytes = self.bytes.saturating_add(found.held_bytes);
                }
                self.judge()?;
                if found.kind == FileType::Directory {
                    open.push(path.join(OsStr::from_bytes(name.to_bytes())));
                }
            }
        }
        Ok(())
    }

    /// A file that was deleted while open has no name, and takes disk space until it is closed.
    fn nameless(&mut self, processes: &[u32]) -> Result<(), Excess> {
        let open_files = processes
            .iter()
            .filter_map(|pid| fs::read_dir(format!("/proc/{pid}/fd")).ok())
            .flat_map(Iterator::flatten);
        for open in open_files.take(MOST_OPEN_FILES) {
            let Ok(facts) = fs::metadata(open.path()) else { continue };
            let is_held = facts.is_file() && facts.nlink() == 0 && self.devices.contains(&facts.dev());
            if is_held && self.linked.insert((facts.dev(), facts.ino())) {
                self.files += 1;
                self.bytes = self.bytes.saturating_add(facts.blocks().saturating_mul(512));
                self.judge()?;
            }
        }
        Ok(())
    }

    const fn judge(&self) -> Result<(), Excess> {
        if self.bytes > self.limits.disk_bytes {
            return Err(Excess::Bytes(self.limits.disk_bytes));
        }
        if self.files > self.limits.disk_files {
            return Err(Excess::Files(self.limits.disk_files));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::{
        fs::File,
        io::Write as _,
        os::unix::fs::{PermissionsExt as _, symlink},
    };

    use super::*;
    use crate::{agent::layout::TaskFolder, sandbox::Fence};

    struct Task {
        _folder: tempfile::TempDir,
        layout: Layout,
        limits: Limits,
    }

    fn task() -> Task {
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::new(folder.path(), Fence::Bubblewrap, None);
        layout.create().unwrap();
        let limits = Limits { disk_bytes: 1 << 20, disk_files: 50, ..Limits::default() };
        Task { _folder: folder, layout, limits }
    }

    impl Task {
        fn excess(&self) -> Option<Excess> {
            excess(&self.layout, &self.limits, &[])
        }
    }

    #[test]
    fn every_place_counts() {
        for place in TaskFolder::ALL {
            let task = task();
            assert_eq!(task.excess(), None);
            fs::write(task.layout.outside(place).join("large"), vec![1; 2 << 20]).unwrap();
            assert_eq!(task.excess(), Some(Excess::Bytes(1 << 20)), "{place:?}");
        }
    }

    #[test]
    fn many_small_files_are_too_many_and_a_deep_tree_is_too_deep() {
        let many = task();
        for n in 0..60 {
            File::create(many.layout.outside(TaskFolder::Tmp).join(n.to_string())).unwrap();
        }
        assert_eq!(many.excess(), Some(Excess::Files(50)));
        let deep = Task { limits: Limits { disk_files: 1000, ..task().limits }, ..task() };
        fs::create_dir_all(deep.layout.outside(TaskFolder::Home).join("d/".repeat(DEEPEST + 1))).unwrap();
        assert_eq!(deep.excess(), Some(Excess::Depth(DEEPEST)));
    }

    #[test]
    fn what_is_hidden_counts_and_what_is_elsewhere_does_not() {
        let hidden = task();
        let closed = hidden.layout.outside(TaskFolder::Tmp).join("closed");
        fs::create_dir(&closed).unwrap();
        fs::write(closed.join("large"), vec![1; 2 << 20]).unwrap();
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
        assert_eq!(hidden.excess(), Some(Excess::Bytes(1 << 20)));

        let nameless = task();
        let path = nameless.layout.outside(TaskFolder::Tmp).join("removed");
        let mut file = File::create(&path).unwrap();
        file.write_all(&vec![1; 2 << 20]).unwrap();
        fs::remove_file(&path).unwrap();
        let here = [std::process::id()];
        assert_eq!(excess(&nameless.layout, &nameless.limits, &here), Some(Excess::Bytes(1 << 20)));
        drop(file);

        let linked = task();
        let elsewhere = tempfile::tempdir().unwrap();
        fs::write(elsewhere.path().join("large"), vec![1; 2 << 20]).unwrap();
        symlink(elsewhere.path(), linked.layout.outside(TaskFolder::Tmp).join("away")).unwrap();
        assert_eq!(linked.excess(), None);
    }
}
