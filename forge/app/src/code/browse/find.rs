//! Finding files by a part of their path.

mod fuzzy;

use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    ops::ControlFlow::{Break, Continue},
    sync::{Arc, LazyLock},
};

use hearth_core::{Read, Result};
use hearth_git::{ObjectId, OpenRepository, TreePath};
use moka::sync::Cache;

use super::{RevisionPath, permits::parse};
use crate::{Access, App, GitResult as _, repository};

/// The most paths of one commit that are searched; further ones are left out, and that is said.
pub const MOST_PATHS: usize = 200_000;
/// The most bytes of them.
const MOST_BYTES: usize = 16 << 20;
/// The lists that are kept in memory, together.
const CACHE_BYTES: u64 = 128 << 20;

/// The paths of all files below a tree, which never changes.
static KNOWN: LazyLock<Cache<ObjectId, Arc<Paths>>> = LazyLock::new(|| {
    let weigher =
        |_: &ObjectId, paths: &Arc<Paths>| u32::try_from(paths.text.len() + 256).unwrap_or(u32::MAX);
    Cache::builder().max_capacity(CACHE_BYTES).weigher(weigher).build()
});

/// The paths of the files of a commit.
#[derive(Debug, PartialEq, Eq)]
pub struct Paths {
    /// The tree that they are from.
    pub tree: ObjectId,
    /// One path a line. A path with a line break or with bytes that are not UTF-8 is left out.
    pub text: String,
    /// Whether all of them are there.
    pub is_whole: bool,
}

/// What a search found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundPaths {
    /// The best matches first.
    pub paths: Vec<String>,
    /// How many match.
    pub total: usize,
}

/// The paths of all files at a revision; `kind` and `name` as in an address. Expensive the first time.
pub async fn paths(
    app: &App,
    access: &Access<Read>,
    kind: &str,
    name: &str,
) -> Result<(RevisionPath, Arc<Paths>)> {
    let place = super::locate(app, access, kind, name).await?;
    let git = repository::git(app, access.repository()).await?;
    let commit = place.commit;
    let known =
        git.run(move |git| Ok(KNOWN.get(&git.tree_id(commit, &TreePath::root())?))).await.map_git()?;
    let paths = match known {
        Some(known) => known,
        None => git.run_expensive(move |git| collect(git, commit)).await.map_git()?,
    };
    Ok((place, paths))
}

fn collect(git: &OpenRepository, commit: ObjectId) -> hearth_git::Result<Arc<Paths>> {
    let tree = git.tree_id(commit, &TreePath::root())?;
    let (mut text, mut count, mut is_cut) = (String::new(), 0, false);
    let walked = git.walk_tree(commit, |file| {
        if count == MOST_PATHS || text.len() + file.path.len() > MOST_BYTES {
            is_cut = true;
            return Ok(Break(()));
        }
        if file.raw_path.is_none() && !file.path.contains(['\n', '\r']) {
            text.push_str(&file.path);
            text.push('\n');
            count += 1;
        }
        Ok(Continue(()))
    })?;
    let paths = Arc::new(Paths { tree, text, is_whole: walked.is_whole() && !is_cut });
    // What the budget has cut may be more the next time.
    if walked.is_whole() {
        KNOWN.insert(tree, Arc::clone(&paths));
    }
    Ok(paths)
}

/// The best `most` paths that have the letters of `query` in this order. They may be many: it does not keep other requests
/// waiting.
pub async fn find(app: &App, paths: Arc<Paths>, query: String, most: usize) -> Result<FoundPaths> {
    parse(app, move || best_of(&paths, &query, most)).await
}

fn best_of(paths: &Paths, query: &str, most: usize) -> FoundPaths {
    let query = fuzzy::folded(query);
    let mut best = BinaryHeap::with_capacity(most + 1);
    let mut total = 0;
    for (place, path) in paths.text.lines().enumerate() {
        let score = if query.is_empty() { Some(0) } else { fuzzy::score(path, &query) };
        let Some(score) = score else { continue };
        total += 1;
        // The smallest on top: it makes room. Of equals, the first remain.
        best.push(Reverse((score, Reverse(place), path)));
        if best.len() > most {
            best.pop();
        }
    }
    let best = best.into_sorted_vec();
    FoundPaths { paths: best.into_iter().map(|Reverse((_, _, path))| path.to_owned()).collect(), total }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_matches_come_first() {
        let text = "README.md\nsrc/data/train.py\nsrc/train.py\ntests/test_train.py\ntraining/notes.md\n模型/训练.py\n";
        let paths = Paths { tree: ObjectId::EMPTY_TREE, text: text.to_owned(), is_whole: true };
        assert_eq!(best_of(&paths, "train.py", 2).paths, ["src/train.py", "src/data/train.py"]);
        assert_eq!(best_of(&paths, "train", 10).total, 4);
        assert_eq!(best_of(&paths, "训练", 10).paths, ["模型/训练.py"]);
        assert_eq!(best_of(&paths, "SRC tp", 10).paths, ["src/train.py", "src/data/train.py"]);
        assert_eq!(best_of(&paths, "", 2).paths, ["README.md", "src/data/train.py"]);
        assert_eq!(best_of(&paths, "zzz", 2).total, 0);
    }
}
