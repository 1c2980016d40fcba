//! Submodules: commits of other repositories that stand in a folder.

use hearth_git::{ObjectId, OpenRepository, TreePath};

const MOST_BYTES: u64 = 64 << 10;

/// The address of the repository that `.gitmodules` names for the submodule at a path.
pub(crate) fn address(
    git: &OpenRepository,
    commit: ObjectId,
    path: &TreePath,
) -> hearth_git::Result<Option<String>> {
    let file = TreePath::file(".gitmodules")?;
    let Some(entry) = git.find_entry(commit, &file)?.filter(|entry| entry.kind.is_blob()) else {
        return Ok(None);
    };
    let data = git.blob(entry.id, MOST_BYTES)?.data.unwrap_or_default();
    Ok(find(&String::from_utf8_lossy(&data), path.as_str()))
}

/// Git's configuration format, as far as `.gitmodules` uses it.
fn find(text: &str, wanted: &str) -> Option<String> {
    let (mut path, mut address) = (None, None);
    for line in text.lines().map(str::trim) {
        if line.starts_with('[') {
            (path, address) = (None, None);
        } else if let Some((name, value)) = line.split_once('=') {
            let value = value.trim().trim_matches('"');
            match name.trim() {
                "path" => path = Some(value),
                "url" => address = Some(value),
                _ => {}
            }
        }
        if path == Some(wanted) && address.is_some() {
            return address.map(str::to_owned);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_address_is_that_of_the_path() {
        let text = "[submodule \"a\"]\n\tpath = lib/a\n\turl = https://example.org/a.git\n\
                    [submodule \"b\"]\n\turl = ../b.git\n\tpath = lib/b\n";
        assert_eq!(find(text, "lib/a").as_deref(), Some("https://example.org/a.git"));
        assert_eq!(find(text, "lib/b").as_deref(), Some("../b.git"));
        assert_eq!(find(text, "lib"), None);
        assert_eq!(find("[submodule \"a\"]\npath = a\n[submodule \"b\"]\nurl = x\n", "a"), None);
    }

    proptest! {
        #[test]
        fn any_file_names_an_address_that_it_has_or_none(text in "(\\[submodule \"a\"\\]|path = |url = |\n|[a-z/.\"=]){0,40}") {
            if let Some(address) = find(&text, "a") {
                prop_assert!(text.contains(&address));
            }
        }
    }
}
