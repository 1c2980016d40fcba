//! Atomic file writes: written beside the destination, then renamed into place.

use std::{
    ffi::OsString,
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use crate::{Result, error::At};

/// The suffix of a draft's name.
const END: &str = ".new";

/// Whether the file has to survive a power failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Durability {
    Synced,
    /// Only needed until this machine reboots.
    OfThisLife,
}

/// Writes a file. Concurrent writers have a draft each, and the last one wins.
pub(crate) fn write_whole(path: &Path, content: &[u8], durability: Durability) -> Result<()> {
    let draft = beside(path);
    let written = File::create(&draft).and_then(|mut file| {
        file.write_all(content)?;
        if durability == Durability::Synced {
            file.sync_all()?;
        }
        fs::rename(&draft, path)
    });
    written.at(path).inspect_err(|_| {
        fs::remove_file(&draft).ok();
    })
}

/// A unique hidden name in the same folder.
pub(crate) fn beside(path: &Path) -> PathBuf {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}-{}{END}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed)));
    path.with_file_name(name)
}

/// Removes drafts left by a crash, in a folder to which nobody is writing now.
pub(crate) fn remove_left(directory: &Path) -> Result<()> {
    for entry in fs::read_dir(directory).at(directory)? {
        let entry = entry.at(directory)?;
        let name = entry.file_name();
        let name = name.as_encoded_bytes();
        let is_draft = name.starts_with(b".") && name.ends_with(END.as_bytes());
        if is_draft && entry.file_type().is_ok_and(|kind| kind.is_file()) {
            fs::remove_file(entry.path()).at(entry.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_who_write_one_file_at_once_leave_one_whole_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("env.lock");
        std::thread::scope(|scope| {
            for number in 0..8_u8 {
                let path = &path;
                scope.spawn(move || {
                    for _ in 0..50 {
                        write_whole(path, &[number; 4096], Durability::OfThisLife).expect("written");
                        let found = fs::read(path).expect("there");
                        assert!(found.len() == 4096 && found.iter().all(|byte| *byte == found[0]));
                    }
                });
            }
        });
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1, "no draft is left");
    }

    #[test]
    fn drafts_of_a_stopped_process_are_removed_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in [".run.json.7-0.new", "run.json", ".hidden", "code.new"] {
            fs::write(folder.path().join(name), "").expect("written");
        }
        remove_left(folder.path()).expect("removed");
        let mut left: Vec<_> = fs::read_dir(folder.path())
            .expect("a folder")
            .map(|entry| entry.expect("one").file_name())
            .collect();
        left.sort();
        assert_eq!(left, [".hidden", "code.new", "run.json"]);
    }
}
