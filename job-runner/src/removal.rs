//! Removing folders that programs wrote to.

use std::{ffi::CStr, fs, io, os::unix::fs::PermissionsExt as _, path::Path};

use crate::beneath::Folder;

/// How many folders are entered below each other. A program nests tens of thousands in a second; entering them all
/// takes more stack and more open files than there are.
const DEEPEST: usize = 32;

/// Removes a folder with everything in it, however deep it is; one that does not exist is no error. Programs can
/// leave folders that even their owner cannot list: their modes are changed first.
pub(crate) fn remove_tree(folder: &Path) -> io::Result<()> {
    let root = match open(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        opened => opened?,
    };
    let mut removal = Removal { root: &root, moved: 0 };
    loop {
        let moved_before = removal.moved;
        removal.empty(&root, 0)?;
        let has_moved = removal.moved > moved_before;
        match fs::remove_dir(folder) {
            // What was moved up is still to be removed.
            Err(error) if has_moved && error.kind() == io::ErrorKind::DirectoryNotEmpty => {}
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => return Ok(()),
        }
    }
}

fn open(folder: &Path) -> io::Result<Folder> {
    match Folder::open(folder) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
            Folder::open(folder)
        }
        opened => opened,
    }
}

struct Removal<'a> {
    root: &'a Folder,
    /// How many folders were moved up into the root.
    moved: u64,
}

impl Removal<'_> {
    /// Removes what is in a folder; what lies too deep is moved up into the root instead.
    fn empty(&mut self, folder: &Folder, depth: usize) -> io::Result<()> {
        folder.allow_changes();
        for name in folder.names()? {
            if folder.remove_file(&name)? {
                continue;
            }
            let inner = match folder.folder(name.as_c_str()) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                opened => opened?,
            };
            if depth < DEEPEST {
                self.empty(&inner, depth + 1)?;
                folder.remove_folder(&name)?;
            } else {
                // Moving a folder changes what is its parent, for which it has to be writable.
                inner.allow_changes();
                self.move_up(folder, &name)?;
            }
        }
        Ok(())
    }

    fn move_up(&mut self, folder: &Folder, name: &CStr) -> io::Result<()> {
        loop {
            self.moved += 1;
            if folder.move_to(name, self.root, &format!("moved-{}", self.moved))? {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder with `rounds` times 1,500 others below each other, which no single path can name.
    fn deep(root: &Path, rounds: usize) {
        fs::create_dir(root).unwrap();
        for round in 0..rounds {
            let (top, rest) = (root.join("top"), "d/".repeat(1_499));
            let before = root.join("before");
            if round > 0 {
                fs::rename(&top, &before).unwrap();
            }
            fs::create_dir_all(top.join(&rest)).unwrap();
            fs::write(top.join(&rest).join("file"), "").unwrap();
            if round > 0 {
                fs::rename(&before, top.join(&rest).join("d")).unwrap();
            }
        }
    }

    #[test]
    fn a_tree_is_removed_however_deep_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("root");
        deep(&root, 3);
        // A name that is needed on the way is taken.
        fs::create_dir_all(root.join("moved-1/full")).unwrap();
        fs::write(root.join("moved-2"), "").unwrap();
        remove_tree(&root).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_is_closed_is_removed_and_what_a_link_leads_to_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let (root, away) = (folder.path().join("root"), folder.path().join("away"));
        fs::create_dir_all(root.join("closed/inner")).unwrap();
        fs::create_dir(&away).unwrap();
        fs::write(away.join("precious"), "kept").unwrap();
        std::os::unix::fs::symlink(&away, root.join("link")).unwrap();
        for (path, mode) in [("closed/inner", 0o000), ("closed", 0o500)] {
            fs::set_permissions(root.join(path), fs::Permissions::from_mode(mode)).unwrap();
        }
        remove_tree(&root).unwrap();
        assert!(!root.exists() && away.join("precious").is_file());
        remove_tree(&root).unwrap();
    }
}
