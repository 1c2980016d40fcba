//! Symbolic links: followed within the repository, and never out of it.

use hearth_git::{EntryKind, ObjectId, OpenRepository, TreeEntry, TreePath};

/// Links that lead to links are followed this often.
const MOST_HOPS: usize = 8;
/// Longer targets are no paths.
const MOST_TARGET_BYTES: u64 = 4096;

/// Where a symbolic link leads.
#[derive(Debug)]
pub(super) enum Destination {
    File(TreePath, TreeEntry),
    Folder(TreePath),
    /// Out of the repository, in a circle, to a submodule, or to nothing.
    Nowhere,
}

/// The target that a link names, and where it leads in the end.
pub(super) fn follow(
    git: &OpenRepository,
    commit: ObjectId,
    link: &TreePath,
    blob: ObjectId,
) -> hearth_git::Result<(String, Destination)> {
    let named = target(git, blob)?;
    let (mut at, mut wanted) = (link.clone(), named.clone());
    for _ in 0..MOST_HOPS {
        let Some(path) = resolve(&at, &wanted) else { break };
        let Some(entry) = git.find_entry(commit, &path)? else { break };
        match entry.kind {
            EntryKind::Symlink => wanted = target(git, entry.id)?,
            EntryKind::Directory => return Ok((named, Destination::Folder(path))),
            EntryKind::File | EntryKind::Executable => return Ok((named, Destination::File(path, entry))),
            EntryKind::Submodule => break,
        }
        at = path;
    }
    Ok((named, Destination::Nowhere))
}

fn target(git: &OpenRepository, blob: ObjectId) -> hearth_git::Result<String> {
    let data = git.blob(blob, MOST_TARGET_BYTES)?.data.unwrap_or_default();
    Ok(String::from_utf8_lossy(&data).into_owned())
}

/// The path that `target` means in a link at `link`; none if it leads out of the repository.
fn resolve(link: &TreePath, target: &str) -> Option<TreePath> {
    if target.is_empty() || target.starts_with('/') {
        return None;
    }
    let folder = link.parent()?;
    let mut segments: Vec<&str> = folder.segments().collect();
    for segment in target.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()?),
            name => segments.push(name),
        }
    }
    TreePath::new(segments.join("/")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_resolved_within_the_repository_only() {
        let link = TreePath::new("docs/zh/readme").expect("a path");
        let resolved = |target| resolve(&link, target).map(|path| path.as_str().to_owned());
        assert_eq!(resolved("../../README.md").as_deref(), Some("README.md"));
        assert_eq!(resolved("./a//b").as_deref(), Some("docs/zh/a/b"));
        assert_eq!(resolved("../..").as_deref(), Some(""));
        for outside in ["/etc/passwd", "../../../x", "", "../../.git/../.."] {
            assert_eq!(resolved(outside), None, "{outside}");
        }
    }
}
