//! Lists what an untrusted program left in its output folder: links are not followed, the walk is bounded,
//! and files that are not kept are named up to the length of a useful list.

use std::{fs, io, path::Path};

use hearth_core::OutputPath;
use serde::{Deserialize, Serialize};

use crate::spec::Limits;

/// Files that are examined in one output folder. Beyond them files are only counted, not kept.
const MOST_FILES_FOUND: usize = 200_000;
/// Maximum characters of a path in a list.
const LONGEST_NAME: usize = 255;

/// Files that are not kept, and why: up to a limit by name, the rest counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    pub named: Vec<(String, String)>,
    /// How many more there are.
    pub more: u64,
}

impl LeftOut {
    /// Maximum number of names in one list.
    pub const MOST_NAMED: usize = 1000;

    pub fn push(&mut self, path: &str, why: &str) {
        if self.named.len() < Self::MOST_NAMED {
            self.named.push((path.chars().take(LONGEST_NAME).collect(), why.to_owned()));
        } else {
            self.more += 1;
        }
    }
}

/// The files below an output folder.
#[derive(Debug, Default)]
pub struct Found {
    /// Sorted by name, with their sizes in bytes; together within the limits.
    pub files: Vec<(OutputPath, u64)>,
    pub left_out: LeftOut,
    /// There was more than the limits allow.
    pub is_over_limit: bool,
}

/// Finds the outputs to keep in a folder. Blocks.
pub fn find(folder: &Path, limits: &Limits) -> Found {
    let mut found = Found::default();
    walk(folder, "", &mut found);
    let mut files = std::mem::take(&mut found.files);
    files.sort_unstable();
    let mut bytes = 0_u64;
    for (path, size_bytes) in files {
        let is_one_too_many = found.files.len() as u64 >= limits.output_files;
        if is_one_too_many || bytes.saturating_add(size_bytes) > limits.output_bytes {
            found.is_over_limit = true;
            found.left_out.push(path.as_str(), "limit");
        } else {
            bytes += size_bytes;
            found.files.push((path, size_bytes));
        }
    }
    found
}

fn walk(folder: &Path, prefix: &str, found: &mut Found) {
    let Ok(entries) = fs::read_dir(folder) else {
        found.left_out.push(prefix, "unreadable");
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let lossy = name.to_string_lossy();
        let relative = if prefix.is_empty() { lossy.into_owned() } else { format!("{prefix}/{lossy}") };
        let Ok(facts) = entry.path().symlink_metadata() else { continue };
        let path = name.to_str().and_then(|_| relative.parse::<OutputPath>().ok());
        match path {
            None => found.left_out.push(&relative, "name"),
            Some(_) if facts.is_dir() => walk(&entry.path(), &relative, found),
            Some(_) if facts.is_file() && found.files.len() >= MOST_FILES_FOUND => {
                found.is_over_limit = true;
                found.left_out.push(&relative, "limit");
            }
            Some(path) if facts.is_file() => found.files.push((path, facts.len())),
            Some(_) if facts.is_symlink() => found.left_out.push(&relative, "link"),
            Some(_) => found.left_out.push(&relative, "special"),
        }
    }
}

/// Whether an error means that a disk is full.
pub fn is_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::QuotaExceeded
    )
}

/// The free space in bytes of the disk with this file or folder.
pub fn free_bytes(path: &Path) -> io::Result<u64> {
    let facts = rustix::fs::statvfs(path)?;
    Ok(facts.f_bavail.saturating_mul(facts.f_frsize))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left_out(found: &Found) -> Vec<(&str, &str)> {
        found.left_out.named.iter().map(|(path, why)| (path.as_str(), why.as_str())).collect()
    }

    #[test]
    fn links_and_names_that_are_no_plain_paths_are_left_out_and_named() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("sub")).unwrap();
        fs::write(folder.path().join("sub/model.bin"), b"weights").unwrap();
        fs::write(folder.path().join("a\\b"), b"").unwrap();
        std::os::unix::fs::symlink("/etc/passwd", folder.path().join("stolen")).unwrap();
        let found = find(folder.path(), &Limits::default());
        assert_eq!(found.files, [("sub/model.bin".parse().unwrap(), 7)]);
        let mut named = left_out(&found);
        named.sort_unstable();
        assert_eq!(named, [("a\\b", "name"), ("stolen", "link")]);
    }

    #[test]
    fn what_is_over_the_limit_is_left_out_and_named() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a", "b", "c"] {
            fs::write(folder.path().join(name), [0; 10]).unwrap();
        }
        let found = find(folder.path(), &Limits { output_bytes: 20, ..Limits::default() });
        assert!(found.is_over_limit);
        assert_eq!(found.files.len(), 2);
        assert_eq!(left_out(&found), [("c", "limit")]);
    }

    #[test]
    fn so_many_are_named_and_the_rest_is_counted() {
        let mut left_out = LeftOut::default();
        for number in 0..500_000 {
            left_out.push(&format!("{}{number}", "x".repeat(300)), "limit");
        }
        assert_eq!((left_out.named.len(), left_out.more), (LeftOut::MOST_NAMED, 499_000));
        assert!(serde_json::to_vec(&left_out).unwrap().len() < 400 << 10);
    }
}
