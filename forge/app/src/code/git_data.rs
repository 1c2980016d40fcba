//! Git's own objects and references, for programs that read them one by one.

use hearth_core::{Error, Kind, Read, Result};
use hearth_git::{
    Blob, Commit, EntryKind, Log, ObjectId, OpenRepository, RefName, TagName, TagObject, TagTarget,
    TreeEntry, TreePath,
};

use crate::{Access, App, GitResult as _, content, repository};

/// The references that programs may see: what people make, not what the server keeps for itself.
const SHOWN: [&str; 4] = ["refs/heads/", "refs/tags/", "refs/notes/", "refs/pull/"];
/// A walk follows folders to this depth; what is deeper is left out.
const MOST_DEPTH: usize = 128;

/// A reference, and what it points to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    pub name: RefName,
    pub id: ObjectId,
    pub kind: TagTarget,
}

/// References whose full name begins with `prefix`, which is without `refs/`, by name; at most
/// `limits.api_folder_entries`. The second value says whether there are more.
pub async fn references(app: &App, access: &Access<Read>, prefix: &str) -> Result<(Vec<Reference>, bool)> {
    let git = repository::git(app, access.repository()).await?;
    let most = usize::try_from(app.limits().api_folder_entries).unwrap_or(usize::MAX);
    let prefix = format!("refs/{prefix}");
    git.run(move |git| {
        let mut found = Vec::new();
        for shown in SHOWN {
            // The one contains the other.
            if shown.starts_with(&prefix) || prefix.starts_with(shown) {
                found.extend(git.references(shown)?);
            }
        }
        found.retain(|(name, _)| name.as_str().starts_with(&prefix));
        let is_cut = found.len() > most;
        found.truncate(most);
        let with_kind = |(name, id): (RefName, ObjectId)| {
            let kind = kind_of(git, &name, id)?;
            Ok(Reference { name, id, kind })
        };
        Ok((found.into_iter().map(with_kind).collect::<hearth_git::Result<_>>()?, is_cut))
    })
    .await
    .map_git()
}

/// Only tags point to anything but commits.
fn kind_of(git: &OpenRepository, name: &RefName, id: ObjectId) -> hearth_git::Result<TagTarget> {
    if !name.as_str().starts_with(TagName::PREFIX) {
        return Ok(TagTarget::Commit);
    }
    let tag = name.tag().map(|name| git.tag(&name)).transpose()?.flatten();
    Ok(tag.map_or(TagTarget::Commit, |tag| if tag.target == id { tag.target_kind } else { TagTarget::Tag }))
}

/// An annotated tag by the id of its object.
pub async fn tag_object(app: &App, access: &Access<Read>, id: &str) -> Result<TagObject> {
    let id: ObjectId = id.parse().map_err(|_| Error::NotFound(Kind::Tag))?;
    let git = repository::git(app, access.repository()).await?;
    git.run(move |git| git.tag_object(id)).await.map_git()?.ok_or(Error::NotFound(Kind::Tag))
}

/// A blob by its id; without its bytes if it is larger than `limits.api_file_bytes`.
pub async fn blob(app: &App, access: &Access<Read>, id: &str) -> Result<Blob> {
    let id: ObjectId = id.parse().map_err(|_| Error::NotFound(Kind::Object))?;
    let most = app.limits().api_file_bytes;
    let git = repository::git(app, access.repository()).await?;
    let read = git.run(move |git| if git.has_object(id) { git.blob(id, most).map(Some) } else { Ok(None) });
    read.await.map_git()?.ok_or(Error::NotFound(Kind::Object))
}

/// What `git notes` says about a commit.
#[derive(Clone, Debug)]
pub struct Note {
    pub message: String,
    /// The commit that wrote it.
    pub commit: Commit,
}

/// Where `git notes` keeps what it is told, unless it is told where.
const NOTES: &str = "refs/notes/commits";

/// The note of a commit, by its id or the name of a branch or a tag. A note that is larger than `limits.api_file_bytes` is
/// not read.
pub async fn note(app: &App, access: &Access<Read>, revision: &str) -> Result<Note> {
    let none = || Error::NotFound(Kind::Object);
    let git = repository::git(app, access.repository()).await?;
    let most = app.limits().api_file_bytes;
    let reference = RefName::new(NOTES).map_err(Error::internal)?;
    let revision = revision.to_owned();
    let read = git.run(move |git| {
        let about = content::resolve(git, &revision)?.to_string();
        let Some(tip) = git.reference(&reference)? else { return Ok(None) };
        let tip = git.resolve_commit(&tip.to_string())?;
        for path in note_paths(&about) {
            let Ok(path) = TreePath::new(path) else { continue };
            if let Some(entry) = git.find_entry(tip, &path)?.filter(|entry| entry.kind.is_blob()) {
                return Ok(Some((tip, path, git.blob(entry.id, most)?)));
            }
        }
        Ok(None)
    });
    let (tip, path, blob) = read.await.map_git()?.ok_or_else(none)?;
    let message = String::from_utf8_lossy(&blob.data.ok_or_else(none)?).into_owned();
    let changed = git.log_of_path(tip, &path, &Log::page(0, 1)).await.map_git()?;
    let commit = changed.value.into_iter().next().ok_or_else(none)?;
    Ok(Note { message, commit })
}

/// Where the note of a commit may lie: git sorts many notes into folders.
fn note_paths(id: &str) -> [String; 3] {
    let (first, rest) = id.split_at(2);
    let (second, last) = rest.split_at(2);
    [id.to_owned(), format!("{first}/{rest}"), format!("{first}/{second}/{last}")]
}

/// An entry of a tree with its path from there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacedEntry {
    pub path: String,
    pub entry: TreeEntry,
}

/// One page of the entries of a tree, in git's order, folders before what they contain.
#[derive(Clone, Debug)]
pub struct TreePage {
    pub id: ObjectId,
    pub entries: Vec<PlacedEntry>,
    /// As many as could be counted.
    pub total: usize,
    /// Whether entries follow, on another page or uncounted.
    pub has_more: bool,
}

/// The entries of a tree, which is named by its own id, or by a revision whose root it is. A page has at most
/// `limits.api_folder_entries`, and as many when `most` is none.
pub async fn tree(
    app: &App,
    access: &Access<Read>,
    name: &str,
    is_recursive: bool,
    page: u32,
    most: Option<u32>,
) -> Result<TreePage> {
    let git = repository::git(app, access.repository()).await?;
    let name = name.to_owned();
    let limit = app.limits().api_folder_entries;
    let most = most.map_or(limit, |most| u64::from(most).min(limit));
    let skip = u64::from(page.saturating_sub(1)).saturating_mul(most);
    let [skip, most] = [skip, most].map(|entries| usize::try_from(entries).unwrap_or(usize::MAX));
    git.run_expensive(move |git| {
        let id = tree_of(git, &name)?;
        let mut walk =
            TreeWalk { git, is_recursive, skip, most, entries: Vec::new(), seen: 0, is_cut: false };
        match walk.enter(id, "", 0) {
            Err(hearth_git::Error::OverBudget { .. }) => walk.is_cut = true,
            other => other?,
        }
        let TreeWalk { mut entries, seen, is_cut, .. } = walk;
        for placed in &mut entries {
            git.fill_sizes(std::slice::from_mut(&mut placed.entry))?;
        }
        let has_more = is_cut || seen > skip.saturating_add(entries.len());
        Ok(TreePage { id, entries, total: seen, has_more })
    })
    .await
    .map_git()
}

/// A tree has no reference of its own: what is no revision may be the id of one.
fn tree_of(git: &OpenRepository, name: &str) -> hearth_git::Result<ObjectId> {
    match content::resolve(git, name) {
        Ok(commit) => Ok(git.commit(commit)?.tree),
        Err(error) => match name.parse::<ObjectId>() {
            Ok(id) if git.has_object(id) => Ok(id),
            _ => Err(error),
        },
    }
}

struct TreeWalk<'git> {
    git: &'git OpenRepository,
    is_recursive: bool,
    skip: usize,
    most: usize,
    entries: Vec<PlacedEntry>,
    seen: usize,
    is_cut: bool,
}

impl TreeWalk<'_> {
    fn enter(&mut self, tree: ObjectId, folder: &str, depth: usize) -> hearth_git::Result<()> {
        if depth > MOST_DEPTH {
            self.is_cut = true;
            return Ok(());
        }
        let mut entries = Vec::new();
        self.git.visit_tree(tree, |entry| entries.push(entry))?;
        for entry in entries {
            let path = format!("{folder}{}", entry.name);
            let inside = (self.is_recursive && entry.kind == EntryKind::Directory).then_some(entry.id);
            let below = inside.map(|id| (id, format!("{path}/")));
            if self.seen >= self.skip && self.entries.len() < self.most {
                self.entries.push(PlacedEntry { path, entry });
            }
            self.seen += 1;
            if let Some((id, folder)) = below {
                self.enter(id, &folder, depth + 1)?;
            }
        }
        Ok(())
    }
}
