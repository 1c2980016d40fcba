use std::{
    collections::HashMap,
    sync::{Arc, LazyLock},
};

use hearth_core::{Read, Result};
use hearth_git::{EntryKind, ObjectId, OpenRepository};
use moka::sync::Cache;

use super::Place;
use crate::{Access, App, GitResult as _, highlight::Language, repository};

/// One language's part of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    pub name: &'static str,
    pub bytes: u64,
    /// Of a thousand.
    pub permille: u64,
}

/// What is shown; the rest is together.
const MOST_SHARES: usize = 8;
/// Files that no person wrote line by line.
const NOT_COUNTED: &[&str] = &["node_modules/", "vendor/", "third_party/", "dist/"];
/// Data and prose are no programs.
const NOT_PROGRAMS: &[&str] = &[
    "JSON",
    "YAML",
    "TOML",
    "XML",
    "CSV",
    "Markdown",
    "reStructuredText",
    "Git Ignore",
    "INI",
    "SVG",
    "Diff",
    "Log",
    "LICENSE",
];

/// A commit's tree never changes, so its languages are counted once.
static COUNTED: LazyLock<Cache<ObjectId, Arc<Vec<Share>>>> = LazyLock::new(|| Cache::new(2_000));

/// The languages of the whole tree at `place`, the largest first, by bytes.
pub async fn languages(app: &App, access: &Access<Read>, place: &Place) -> Result<Arc<Vec<Share>>> {
    if let Some(known) = COUNTED.get(&place.commit) {
        return Ok(known);
    }
    let git = repository::git(app, access.repository()).await?;
    let commit = place.commit;
    let shares = Arc::new(git.run(move |git| count(git, commit)).await.map_git()?);
    COUNTED.insert(commit, Arc::clone(&shares));
    Ok(shares)
}

fn count(git: &OpenRepository, commit: ObjectId) -> hearth_git::Result<Vec<Share>> {
    let mut by_ending: HashMap<String, Option<&'static str>> = HashMap::new();
    let mut bytes: HashMap<&'static str, u64> = HashMap::new();
    for file in git.files_with_sizes(commit)? {
        let is_counted = matches!(file.kind, EntryKind::File | EntryKind::Executable)
            && !NOT_COUNTED
                .iter()
                .any(|folder| file.path.starts_with(folder) || file.path.contains(&format!("/{folder}")));
        if !is_counted {
            continue;
        }
        let name = file.path.rsplit('/').next().unwrap_or_default();
        let ending = name.rsplit_once('.').map_or(name, |(_, ending)| ending).to_owned();
        let language =
            *by_ending.entry(ending).or_insert_with(|| Language::of_file(name, "").map(Language::name));
        if let Some(language) = language.filter(|language| !NOT_PROGRAMS.contains(language)) {
            *bytes.entry(language).or_default() += file.size;
        }
    }
    Ok(shares(bytes))
}

fn shares(bytes: HashMap<&'static str, u64>) -> Vec<Share> {
    let total: u64 = bytes.values().sum();
    let mut shares: Vec<Share> = bytes
        .into_iter()
        .filter(|(_, bytes)| *bytes > 0)
        .map(|(name, bytes)| Share { name, bytes, permille: bytes * 1000 / total.max(1) })
        .collect();
    shares.sort_by(|one, other| other.bytes.cmp(&one.bytes).then(one.name.cmp(other.name)));
    shares.truncate(MOST_SHARES);
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_sorted_and_of_a_thousand() {
        let shares = shares(HashMap::from([("Rust", 750), ("Python", 250), ("Go", 0)]));
        assert_eq!(
            shares.iter().map(|s| (s.name, s.permille)).collect::<Vec<_>>(),
            [("Rust", 750), ("Python", 250)]
        );
    }
}
