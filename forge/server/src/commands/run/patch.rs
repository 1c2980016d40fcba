//! Packs the unpushed changes of a tree into one patch, without touching the index or the objects of the
//! checkout.

use std::{ffi::OsStr, fs, path::Path};

use hearth_app::task::LARGEST_PATCH;
use hearth_words::bytes;

use crate::commands::remote::{RemoteError, git::Checkout};

/// New files that are larger than this in total are not even read: their patch would be far too large.
const MOST_NEW_BYTES: u64 = 64 << 20;
const NAMED: usize = 5;

/// Settings that make every git write the same patch, whatever is configured.
const SETTINGS: [&str; 12] = [
    "-c",
    "core.quotePath=true",
    "-c",
    "diff.noprefix=false",
    "-c",
    "diff.mnemonicPrefix=false",
    "-c",
    "diff.suppressBlankEmpty=false",
    "-c",
    "core.safecrlf=false",
    "-c",
    "advice.addEmbeddedRepo=false",
];
const DIFF: [&str; 11] = [
    "diff",
    "--cached",
    "--binary",
    "--full-index",
    "--no-color",
    "--no-ext-diff",
    "--no-textconv",
    "--no-renames",
    "--ignore-submodules=all",
    "--src-prefix=a/",
    "--dst-prefix=b/",
];

/// The patch from `base` to the working tree: tracked changes, and new files that are not ignored. `None` if
/// empty.
pub(super) async fn of(checkout: &Checkout, base: &str) -> Result<Option<String>, RemoteError> {
    check_conflicts(checkout).await?;
    check_new_files(checkout).await?;
    let cannot = |error: std::io::Error| RemoteError::Git(format!("a temporary folder: {error}"));
    let folder = tempfile::tempdir().map_err(cannot)?;
    let index = folder.path().join("index");
    let objects = folder.path().join("objects");
    fs::create_dir(&objects).map_err(cannot)?;
    // With the stat data of the real index only changed files are read again.
    let real = checkout.said(&["rev-parse", "--git-path", "index"]).await?;
    fs::copy(checkout.root().join(real.trim_end()), &index).ok();
    let known = checkout.said(&["rev-parse", "--git-path", "objects"]).await?;
    let known = checkout.root().join(known.trim_end());
    let environment: [(&str, &OsStr); 3] = [
        ("GIT_INDEX_FILE", index.as_os_str()),
        ("GIT_OBJECT_DIRECTORY", objects.as_os_str()),
        ("GIT_ALTERNATE_OBJECT_DIRECTORIES", known.as_os_str()),
    ];
    checkout.bytes(&[&SETTINGS[..], &["add", "--all"]].concat(), &environment).await?;
    let bytes = checkout.bytes(&[&SETTINGS[..], &DIFF, &[base, "--"]].concat(), &environment).await?;
    let patch = match String::from_utf8(bytes) {
        Ok(patch) => patch,
        Err(_) => without_text(checkout, base, folder.path(), &environment).await?,
    };
    if patch.len() > LARGEST_PATCH {
        return Err(too_large(patch.len() as u64, &sizes_in(&patch)));
    }
    Ok(Some(patch).filter(|patch| !patch.is_empty()))
}

/// If some file is not UTF-8, every file is written as a binary diff, which is plain ASCII.
async fn without_text(
    checkout: &Checkout,
    base: &str,
    folder: &Path,
    environment: &[(&str, &OsStr)],
) -> Result<String, RemoteError> {
    let attributes = folder.join("attributes");
    fs::write(&attributes, "* -diff\n").map_err(|error| RemoteError::Git(error.to_string()))?;
    let setting = format!("core.attributesFile={}", attributes.display());
    let arguments = [&SETTINGS[..], &["-c", &setting], &DIFF, &[base, "--"]].concat();
    let bytes = checkout.bytes(&arguments, environment).await?;
    String::from_utf8(bytes)
        .map_err(|_| RemoteError::Git("a changed file is marked as text but is not UTF-8".to_owned()))
}

async fn check_conflicts(checkout: &Checkout) -> Result<(), RemoteError> {
    let unmerged = checkout.said(&["diff", "--name-only", "--diff-filter=U"]).await?;
    let names: Vec<&str> = unmerged.lines().take(NAMED).collect();
    if names.is_empty() { Ok(()) } else { Err(RemoteError::Unmerged(names.join(", "))) }
}

/// Checks the sizes of new files before any is read.
async fn check_new_files(checkout: &Checkout) -> Result<(), RemoteError> {
    let listed = checkout.bytes(&["ls-files", "--others", "--exclude-standard", "-z"], &[]).await?;
    let mut sizes: Vec<(String, u64)> = Vec::new();
    for name in listed.split(|byte| *byte == 0).filter(|name| !name.is_empty()) {
        let name = String::from_utf8_lossy(name).into_owned();
        let size = fs::symlink_metadata(checkout.root().join(&name)).map_or(0, |facts| facts.len());
        sizes.push((name, size));
    }
    let total = sizes.iter().map(|(_, size)| size).sum();
    if total > MOST_NEW_BYTES { Err(too_large(total, &sizes)) } else { Ok(()) }
}

fn too_large(size: u64, sizes: &[(String, u64)]) -> RemoteError {
    let mut sorted: Vec<_> = sizes.iter().collect();
    sorted.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
    let largest = sorted.iter().take(NAMED).map(|(name, size)| format!("    {name}  {}\n", bytes(*size)));
    RemoteError::PatchTooLarge {
        size: bytes(size),
        most: bytes(LARGEST_PATCH as u64),
        largest: largest.collect(),
    }
}

/// The size of each file's part of a patch.
fn sizes_in(patch: &str) -> Vec<(String, u64)> {
    let parts = patch.split("\ndiff --git ").map(|part| part.strip_prefix("diff --git ").unwrap_or(part));
    let named = parts.map(|part| {
        let line = part.lines().next().unwrap_or_default();
        let name = line.rsplit_once(" b/").map_or(line, |(_, name)| name);
        (name.to_owned(), part.len() as u64)
    });
    named.collect()
}

#[cfg(test)]
mod tests {
    use super::sizes_in;

    #[test]
    fn the_largest_parts_of_a_patch_are_named() {
        let patch = "diff --git a/a.py b/a.py\n+1\ndiff --git a/b c.bin b/b c.bin\nlonger\n";
        let names: Vec<String> = sizes_in(patch).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["a.py", "b c.bin"]);
    }
}
