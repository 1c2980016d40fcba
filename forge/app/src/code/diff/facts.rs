//! What is known of a changed file besides its lines: its sizes, how much of a renamed one stayed, where a submodule
//! comes from.

use hearth_git::{FileDiff, FileStatus, LineKind, ObjectId, OpenRepository, TreePath};

use crate::code::submodule_address;

/// The mode of a submodule in a tree.
const SUBMODULE_MODE: u32 = 0o160_000;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The size before in bytes, of files without lines to show and of renamed ones.
    pub old_bytes: Option<u64>,
    /// The size after.
    pub new_bytes: Option<u64>,
    /// How much of a renamed file stayed, in percent of the larger one.
    pub similarity: Option<u64>,
    /// What `.gitmodules` names as the repository of a submodule.
    pub submodule: Option<String>,
}

/// Whether a changed file is a submodule on a side where it exists.
pub fn is_submodule(file: &FileDiff) -> bool {
    file.old_mode == SUBMODULE_MODE || file.new_mode == SUBMODULE_MODE
}

/// What is known of each of these files, which changed on the way to a commit.
pub(crate) fn of(git: &OpenRepository, to: ObjectId, files: &[FileDiff]) -> hearth_git::Result<Vec<Facts>> {
    files.iter().map(|file| of_file(git, to, file)).collect()
}

fn of_file(git: &OpenRepository, to: ObjectId, file: &FileDiff) -> hearth_git::Result<Facts> {
    if is_submodule(file) {
        let submodule = match TreePath::file(file.path()) {
            Ok(path) => submodule_address(git, to, &path)?,
            Err(_) => None,
        };
        return Ok(Facts { submodule, ..Facts::default() });
    }
    let is_renamed = file.status == FileStatus::Renamed;
    let is_left_out = file.is_truncated && file.hunks.is_empty();
    if !(is_renamed || file.is_binary || is_left_out) {
        return Ok(Facts::default());
    }
    let size = |id: Option<ObjectId>| id.map(|id| git.blob_size(id)).transpose();
    let (old_bytes, new_bytes) = (size(file.old_id)?, size(file.new_id)?);
    let similarity = if is_renamed { similarity(file, old_bytes.zip(new_bytes)) } else { None };
    Ok(Facts { old_bytes, new_bytes, similarity, submodule: None })
}

/// What both sides have in common, in percent of the larger one; none where that cannot be told from the lines.
fn similarity(file: &FileDiff, sizes: Option<(u64, u64)>) -> Option<u64> {
    if file.old_id == file.new_id {
        return Some(100);
    }
    let (old, new) = sizes.filter(|_| !file.is_binary && !file.is_truncated)?;
    let added = file.hunks.iter().flat_map(|hunk| &hunk.lines).filter(|line| line.kind == LineKind::Added);
    let added_bytes: u64 = added.map(|line| line.text.len() as u64 + 1).sum();
    (new.saturating_sub(added_bytes) * 100).checked_div(old.max(new))
}

#[cfg(test)]
mod tests {
    use hearth_git::{DiffLine, Hunk};

    use super::*;

    fn renamed(added: &[&str]) -> FileDiff {
        let line = |text: &&str| DiffLine {
            kind: LineKind::Added,
            old_number: None,
            new_number: Some(1),
            text: (*text).to_owned(),
        };
        FileDiff {
            old_path: Some("a.txt".to_owned()),
            new_path: Some("b.txt".to_owned()),
            old_id: None,
            new_id: "0123456789012345678901234567890123456789".parse().ok(),
            old_mode: 0o100_644,
            new_mode: 0o100_644,
            status: FileStatus::Renamed,
            is_binary: false,
            additions: added.len(),
            deletions: 0,
            hunks: vec![Hunk { header: String::new(), lines: added.iter().map(line).collect() }],
            is_truncated: false,
            patch_id: hearth_git::PatchId::default(),
        }
    }

    #[test]
    fn what_was_not_added_is_what_stayed() {
        assert_eq!(similarity(&renamed(&["1234"]), Some((20, 20))), Some(75));
        assert_eq!(similarity(&renamed(&[]), Some((0, 0))), None);
        let cut = FileDiff { is_truncated: true, ..renamed(&["1234"]) };
        assert_eq!(similarity(&cut, Some((20, 20))), None);
    }
}
