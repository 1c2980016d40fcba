//! Reads below a folder that a program writes to: from one open folder descriptor to the next, so that no
//! link is followed whatever the program puts in the way, and no open blocks.

use std::{
    ffi::CStr,
    fs::File,
    io,
    os::fd::OwnedFd,
    path::{Component, Path},
};

use rustix::{
    fs::{self as sys, AtFlags, Dir, FileType, Mode, OFlags},
    io::Errno,
};

/// A folder that was opened without following a link.
pub(crate) struct Folder(OwnedFd);

/// An entry of a folder.
pub(crate) struct Found {
    pub(crate) kind: FileType,
    /// The space it takes on disk.
    pub(crate) held_bytes: u64,
    pub(crate) device: u64,
    pub(crate) inode: u64,
    pub(crate) has_more_names: bool,
}

const FOLDER: OFlags = OFlags::RDONLY
    .union(OFlags::DIRECTORY)
    .union(OFlags::NOFOLLOW)
    .union(OFlags::NONBLOCK)
    .union(OFlags::CLOEXEC);
const FILE: OFlags = OFlags::RDONLY.union(OFlags::NOFOLLOW).union(OFlags::NONBLOCK).union(OFlags::CLOEXEC);

impl Folder {
    /// Opens a folder that the agent itself created.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        Ok(Self(sys::open(path, FOLDER, Mode::empty())?))
    }

    /// Opens a subfolder. If its owner may not list it, its mode is changed first: a program can revoke its
    /// own access.
    pub(crate) fn folder(&self, name: impl rustix::path::Arg + Copy) -> io::Result<Self> {
        match sys::openat(&self.0, name, FOLDER, Mode::empty()) {
            Ok(folder) => Ok(Self(folder)),
            Err(Errno::ACCESS) => {
                let path_only = OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
                let closed = sys::openat(&self.0, name, path_only, Mode::empty())?;
                // By descriptor, not by name, which may refer to something else by now.
                let itself = format!("/proc/self/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&closed));
                sys::chmod(&itself, Mode::RWXU)?;
                Ok(Self(sys::openat(&self.0, name, FOLDER, Mode::empty())?))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Opens a folder by a plain relative path.
    pub(crate) fn descend(&self, path: &Path) -> io::Result<Self> {
        let mut here = Self(self.0.try_clone()?);
        for part in path.components() {
            let Component::Normal(name) = part else { return Err(io::ErrorKind::InvalidInput.into()) };
            here = here.folder(name)?;
        }
        Ok(here)
    }

    /// Opens a regular file by a plain relative path.
    pub(crate) fn file(&self, path: &Path) -> io::Result<File> {
        let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
        let folder = self.descend(path.parent().unwrap_or(Path::new("")))?;
        let file = File::from(sys::openat(&folder.0, name, FILE, Mode::empty())?);
        if file.metadata()?.is_file() { Ok(file) } else { Err(io::ErrorKind::InvalidInput.into()) }
    }

    /// Creates an empty file of this name, unless the name is taken.
    pub(crate) fn touch(&self, name: &str) -> io::Result<()> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        match sys::openat(&self.0, name, flags, Mode::from_raw_mode(0o644)) {
            Ok(_) | Err(Errno::EXIST) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Lets its owner list and change the folder: a program can revoke its own access.
    pub(crate) fn allow_changes(&self) {
        // Whoever does not own it may need no permission; if they do, the next step says so.
        let _ = sys::fchmod(&self.0, Mode::RWXU);
    }

    /// Removes what has this name, or finds it gone. `false`: it is a folder, and stays.
    pub(crate) fn remove_file(&self, name: &CStr) -> io::Result<bool> {
        match sys::unlinkat(&self.0, name, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => Ok(true),
            Err(Errno::ISDIR) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes an empty folder, or finds it gone.
    pub(crate) fn remove_folder(&self, name: &CStr) -> io::Result<()> {
        match sys::unlinkat(&self.0, name, AtFlags::REMOVEDIR) {
            Ok(()) | Err(Errno::NOENT) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Moves a folder from this one to another. `false`: the new name is taken there.
    pub(crate) fn move_to(&self, name: &CStr, other: &Self, new_name: &str) -> io::Result<bool> {
        match sys::renameat(&self.0, name, &other.0, new_name) {
            Ok(()) => Ok(true),
            Err(Errno::NOTEMPTY | Errno::EXIST | Errno::NOTDIR) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    pub(crate) fn names(&self) -> io::Result<impl Iterator<Item = std::ffi::CString>> {
        let names = Dir::read_from(&self.0)?.filter_map(|entry| Some(entry.ok()?.file_name().to_owned()));
        Ok(names.filter(|name| !matches!(name.to_bytes(), b"." | b"..")))
    }

    pub(crate) fn look(&self, name: &CStr) -> io::Result<Found> {
        let facts = sys::statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW)?;
        Ok(Found {
            kind: FileType::from_raw_mode(facts.st_mode),
            held_bytes: u64::try_from(facts.st_blocks).unwrap_or_default().saturating_mul(512),
            device: facts.st_dev,
            inode: facts.st_ino,
            has_more_names: facts.st_nlink > 1,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, io::Read as _, os::unix::fs::symlink};

    use super::*;

    #[test]
    fn no_link_is_followed_wherever_it_is_in_the_way() {
        let folder = tempfile::tempdir().unwrap();
        let (here, away) = (folder.path().join("here"), folder.path().join("away"));
        fs::create_dir_all(here.join("a")).unwrap();
        fs::create_dir_all(&away).unwrap();
        fs::write(away.join("secret"), "not for tasks").unwrap();
        fs::write(here.join("a/plain"), "read").unwrap();
        symlink(&away, here.join("a/linked")).unwrap();
        symlink(away.join("secret"), here.join("a/direct")).unwrap();
        let opened = Folder::open(&here).unwrap();
        let mut text = String::new();
        opened.file(Path::new("a/plain")).unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "read");
        for path in ["a/linked/secret", "a/direct", "../away/secret", "/etc/passwd", "a", ""] {
            assert!(opened.file(Path::new(path)).is_err(), "{path}");
        }
        assert!(Folder::open(&here.join("a/linked")).is_err());
    }

    #[test]
    fn a_mark_is_not_written_through_a_link() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("code")).unwrap();
        fs::write(folder.path().join("precious"), "kept").unwrap();
        symlink(folder.path().join("precious"), folder.path().join("code/mark")).unwrap();
        symlink(folder.path().join("new"), folder.path().join("code/other")).unwrap();
        let code = Folder::open(&folder.path().join("code")).unwrap();
        for name in ["mark", "other", "plain"] {
            code.touch(name).unwrap();
        }
        assert_eq!(fs::read_to_string(folder.path().join("precious")).unwrap(), "kept");
        assert!(!folder.path().join("new").exists());
        assert!(folder.path().join("code/plain").is_file());
    }
}
