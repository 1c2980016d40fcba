//! Changing one file without a clone: through the API, and from pages.

use std::collections::BTreeSet;

use hearth_core::{Conflict, Error, Kind, Read, Result, Write};
use hearth_git::{
    Blob, BranchName, Change, Content, EntryKind, Invalid, Listing, NewCommit, ObjectId, OpenRepository,
    RefUpdate, Signature, TagName, TreeEntry, TreePath,
};
use hearth_store::user::User;

use crate::{
    Access, App, GitResult as _,
    branch_rule::{self, Allowed, Objects, Way},
    push, repository,
    thread::check_batch_size,
};

pub use super::reference::{create_branch, create_tag, delete_branch, delete_tag, rename_branch};

/// What happens to the file.
#[derive(Clone, Debug)]
pub enum Action {
    /// The path must not exist yet.
    Create { content: Vec<u8> },
    /// The file must exist; `sha` is the content that the change is based on.
    Update { content: Vec<u8>, sha: Option<ObjectId>, from: Option<String> },
    /// The same, for a deletion.
    Delete { sha: Option<ObjectId> },
}

/// A change of one file, which becomes one commit.
#[derive(Clone, Debug)]
pub struct FileChange {
    pub path: String,
    pub action: Action,
    /// None: the default branch.
    pub branch: Option<String>,
    /// Commit to this branch, which must not exist yet, instead of `branch`.
    pub new_branch: Option<String>,
    /// None: generated from the action and the path, or the number of files.
    pub message: Option<String>,
    /// The author if it is not the committer: name and email address.
    pub author: Option<(String, String)>,
}

/// The resulting commit.
#[derive(Clone, Debug)]
pub struct Committed {
    pub commit: ObjectId,
    pub branch: BranchName,
    pub path: TreePath,
    pub is_new: bool,
}

/// How many times to try to commit if somebody else moves the branch meanwhile without touching the file.
const ATTEMPTS: u32 = 5;

/// Creates the commit and records it as a push.
pub async fn change(app: &App, access: &Access<Write>, change: FileChange) -> Result<Committed> {
    change_all(app, access, change, Vec::new()).await
}

/// The same for several files in one commit: that of `change`, and those at the paths in `more`. Each is looked up as
/// it is before the commit.
pub async fn change_all(
    app: &App,
    access: &Access<Write>,
    change: FileChange,
    more: Vec<(String, Action)>,
) -> Result<Committed> {
    check_batch_size(app, more.len() + 1)?;
    let wanted = CheckedChange::read(app, access, change, more)?;
    let git = repository::git(app, access.repository()).await?;
    let reference_update = app.reference_updates().begin(access.repository().id);
    let mut left = ATTEMPTS;
    let (update, allowed, is_new) = loop {
        left -= 1;
        let again = wanted.clone();
        let (commit, is_new) = git.run(move |git| Ok(again.prepare(git))).await.map_git()??;
        match try_commit(app, access, &git, commit).await? {
            Err(hearth_git::Error::Conflict { .. }) if left > 0 => {}
            other => {
                let (update, allowed) = other.map_git()?;
                break (update, allowed, is_new);
            }
        }
    };
    let commit = update.new.ok_or_else(|| Error::internal("a commit moves its branch somewhere"))?;
    push::record_allowed(app, access, &[update], &allowed).await?;
    reference_update.recorded();
    Ok(Committed { commit, branch: wanted.target, path: wanted.first.path, is_new })
}

/// Makes a commit and moves its branch, if the rules let it.
async fn try_commit(
    app: &App,
    access: &Access<Write>,
    git: &hearth_git::Repository,
    commit: NewCommit,
) -> Result<hearth_git::Result<(RefUpdate, Allowed)>> {
    let update = match git.prepare_commit(commit).await {
        Ok(update) => update,
        Err(error) => return Ok(Err(error)),
    };
    let updates = std::slice::from_ref(&update);
    let allowed = branch_rule::check_updates(app, access, Way::Push, Objects::Stored(git), updates).await?;
    let moved = git.update_references(updates).await;
    Ok(moved.map(|()| (update, allowed)))
}

/// A file whose path and content were validated.
#[derive(Clone, Debug)]
struct CheckedFile {
    path: TreePath,
    from: Option<TreePath>,
    action: Action,
}

impl CheckedFile {
    fn read(path: String, action: Action) -> Result<Self> {
        let path = file_path(path)?;
        let from = match &action {
            Action::Update { from: Some(from), .. } if *from != path.as_str() => {
                Some(file_path(from.clone())?)
            }
            _ => None,
        };
        Ok(Self { path, from, action })
    }

    const fn bytes(&self) -> usize {
        match &self.action {
            Action::Create { content } | Action::Update { content, .. } => content.len(),
            Action::Delete { .. } => 0,
        }
    }

    const fn verb(&self) -> &'static str {
        match self.action {
            Action::Create { .. } => "Add",
            Action::Update { .. } => "Update",
            Action::Delete { .. } => "Delete",
        }
    }

    /// What changes in the tree of the parent, in which `find` looks up paths.
    fn changes(self, find: impl Fn(&TreePath) -> Result<Option<TreeEntry>>) -> Result<Vec<Change>> {
        let found = find(self.from.as_ref().unwrap_or(&self.path))?;
        let put =
            |kind, content| Change::Put { path: self.path.clone(), kind, content: Content::Bytes(content) };
        Ok(match self.action {
            Action::Create { content } => {
                if found.is_some() {
                    return Err(Error::Conflict(Conflict::FileExists));
                }
                vec![put(EntryKind::File, content)]
            }
            Action::Update { content, sha, .. } => {
                let entry = check(found, sha)?;
                let mut changes = Vec::new();
                if let Some(from) = self.from {
                    if find(&self.path)?.is_some() {
                        return Err(Error::Conflict(Conflict::FileExists));
                    }
                    changes.push(Change::Delete { path: from });
                }
                changes.push(put(entry.kind, content));
                changes
            }
            Action::Delete { sha } => {
                check(found, sha)?;
                vec![Change::Delete { path: self.path.clone() }]
            }
        })
    }
}

/// The message of a commit whose author gave none: its file, or how many there are and where.
fn default_message(first: &CheckedFile, more: &[CheckedFile]) -> String {
    if more.is_empty() {
        return format!("{} {}", first.verb(), first.path);
    }
    let is_one_kind = more.iter().all(|file| file.verb() == first.verb());
    let verb = if is_one_kind { first.verb() } else { "Change" };
    let count = more.len() + 1;
    let folder = first.path.parent().filter(|folder| *folder != TreePath::root());
    match folder.filter(|folder| more.iter().all(|file| file.path.parent().as_ref() == Some(folder))) {
        Some(folder) => format!("{verb} {count} files in {folder}"),
        None => format!("{verb} {count} files"),
    }
}

/// A change whose fields were validated.
#[derive(Clone, Debug)]
struct CheckedChange {
    first: CheckedFile,
    more: Vec<CheckedFile>,
    base: BranchName,
    target: BranchName,
    message: String,
    author: Signature,
    committer: Signature,
}

impl CheckedChange {
    fn read(
        app: &App,
        access: &Access<Write>,
        change: FileChange,
        more: Vec<(String, Action)>,
    ) -> Result<Self> {
        let first = CheckedFile::read(change.path, change.action)?;
        let more = more.into_iter().map(|(path, action)| CheckedFile::read(path, action));
        let more = more.collect::<Result<Vec<_>>>()?;
        let mut paths = BTreeSet::from([&first.path]);
        if !more.iter().all(|file| paths.insert(&file.path)) {
            return Err(Error::field("files", "files-twice"));
        }
        let bytes: usize = more.iter().map(CheckedFile::bytes).sum();
        if (bytes + first.bytes()) as u64 > app.limits().content_bytes {
            return Err(Error::TooLarge(app.limits().content()));
        }
        let base = change.branch.filter(|name| !name.is_empty());
        let base = branch("branch", base.unwrap_or_else(|| access.repository().default_branch.clone()))?;
        let target = match change.new_branch.filter(|name| !name.is_empty()) {
            Some(name) => branch("new_branch", name)?,
            None => base.clone(),
        };
        let message = change.message.filter(|message| !message.trim().is_empty());
        let message = message.unwrap_or_else(|| default_message(&first, &more));
        if message.contains('\0') || message.len() as u64 > app.limits().text_bytes {
            return Err(Error::field("message", "too-long"));
        }
        let committer = signature(app, access.writer());
        let author = match change.author {
            None => committer.clone(),
            Some((name, email)) => Signature::new(name, email, app.now().as_jiff())
                .map_err(|_| Error::field("author", "name-characters"))?,
        };
        Ok(Self { first, more, base, target, message, author, committer })
    }

    /// Builds the commit on top of the branch's current tip.
    fn prepare(self, git: &OpenRepository) -> Result<(NewCommit, bool)> {
        let parent = git.branch(&self.base).map_git()?;
        let is_other = self.target != self.base;
        if parent.is_none() && (is_other || !git.is_empty().map_git()?) {
            return Err(Error::NotFound(Kind::Branch));
        }
        if is_other && git.branch(&self.target).map_git()?.is_some() {
            return Err(Error::Conflict(Conflict::BranchExists));
        }
        let find = |path: &TreePath| match parent {
            None => Ok(None),
            Some(parent) => git.find_entry(parent, path).map_git(),
        };
        let is_new = matches!(self.first.action, Action::Create { .. });
        let mut changes = self.first.changes(find)?;
        for file in self.more {
            changes.append(&mut file.changes(find)?);
        }
        let commit = NewCommit {
            branch_was: if is_other { None } else { parent },
            branch: self.target,
            parent,
            author: self.author,
            committer: self.committer,
            message: self.message,
            changes,
            is_empty_allowed: false,
        };
        Ok((commit, is_new))
    }
}

/// Checks that the file exists and has the content that the caller saw.
fn check(found: Option<TreeEntry>, sha: Option<ObjectId>) -> Result<TreeEntry> {
    let entry = found.filter(|entry| entry.kind.is_blob()).ok_or(Error::NotFound(Kind::File))?;
    match sha {
        Some(sha) if sha != entry.id => Err(Error::Conflict(Conflict::StaleEdit)),
        _ => Ok(entry),
    }
}

fn file_path(path: String) -> Result<TreePath> {
    TreePath::file(path).map_err(|_| Error::field("path", "path"))
}

pub(super) fn branch(field: &'static str, name: String) -> Result<BranchName> {
    BranchName::new(name).map_err(|_| Error::field(field, "ref-name"))
}

/// A person's signature on commits that the server creates. A hidden email address stays hidden.
pub fn signature(app: &App, user: &User) -> Signature {
    let name = user.name.as_str();
    let hidden = format!("{name}@noreply.localhost");
    let email = if user.is_email_hidden { hidden.as_str() } else { user.email.as_str() };
    let now = app.now().as_jiff();
    Signature::new(user.shown_name(), email, now)
        .or_else(|_: Invalid| Signature::new(name, hidden.as_str(), now))
        .expect("an account's name is a plain word")
}

/// What was found at a path at a revision.
#[derive(Clone, Debug)]
pub struct Found {
    pub commit: ObjectId,
    pub path: TreePath,
    pub entry: TreeEntry,
}

/// The commit of a branch, a tag or an id; programs may also write `refs/heads/main`.
pub fn resolve(git: &OpenRepository, revision: &str) -> hearth_git::Result<ObjectId> {
    if let Some(name) = revision.strip_prefix(BranchName::PREFIX) {
        return git.resolve_branch(&BranchName::new(name).map_err(|_| hearth_git::Error::RevisionNotFound)?);
    }
    if let Some(name) = revision.strip_prefix(TagName::PREFIX) {
        return git.resolve_tag(&TagName::new(name).map_err(|_| hearth_git::Error::RevisionNotFound)?);
    }
    Ok(git.resolve(revision)?.commit)
}

/// The contents of what was found at a path.
#[derive(Clone, Debug)]
pub enum Held {
    /// The first entries of a folder, with the sizes of files.
    Folder(Listing),
    /// A file; without its bytes if it is too large.
    File(Blob),
    /// A commit of another repository.
    Submodule,
}

/// A path at a revision, as the caller gave them.
struct Wanted {
    revision: String,
    path: TreePath,
}

impl Wanted {
    /// Uses the default branch if `revision` is none or empty.
    fn new(access: &Access<Read>, revision: Option<&str>, path: &str) -> Result<Self> {
        let path = TreePath::new(path).map_err(|_| Error::field("path", "path"))?;
        let revision = revision.filter(|revision| !revision.is_empty());
        Ok(Self { revision: revision.unwrap_or(&access.repository().default_branch).to_owned(), path })
    }

    fn find(self, git: &OpenRepository) -> hearth_git::Result<Found> {
        let commit = resolve(git, &self.revision)?;
        let entry = git.entry(commit, &self.path)?;
        Ok(Found { commit, path: self.path, entry })
    }
}

/// Looks up a path, on the default branch if `revision` is none or empty. An unknown revision is an error:
/// there is no fallback.
pub async fn find(app: &App, access: &Access<Read>, revision: Option<&str>, path: &str) -> Result<Found> {
    let wanted = Wanted::new(access, revision, path)?;
    let git = repository::git(app, access.repository()).await?;
    git.run(move |git| wanted.find(git)).await.map_git()
}

/// The same with its contents, read in one visit.
pub async fn read(
    app: &App,
    access: &Access<Read>,
    revision: Option<&str>,
    path: &str,
) -> Result<(Found, Held)> {
    let wanted = Wanted::new(access, revision, path)?;
    let git = repository::git(app, access.repository()).await?;
    let most_entries = usize::try_from(app.limits().api_folder_entries).unwrap_or(usize::MAX);
    let most_bytes = app.limits().api_file_bytes;
    let read = git.run(move |git| {
        let found = wanted.find(git)?;
        let held = match found.entry.kind {
            EntryKind::Directory => {
                let mut listing = git.tree_entries(found.entry.id, most_entries)?;
                git.fill_sizes(&mut listing.entries)?;
                Held::Folder(listing)
            }
            EntryKind::Submodule => Held::Submodule,
            EntryKind::File | EntryKind::Executable | EntryKind::Symlink => {
                Held::File(git.blob(found.entry.id, most_bytes)?)
            }
        };
        Ok((found, held))
    });
    read.await.map_git()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(files: &[(&str, bool)]) -> String {
        let mut files: Vec<_> = files
            .iter()
            .map(|(path, is_new)| {
                let content = Vec::new();
                let action = match is_new {
                    true => Action::Create { content },
                    false => Action::Update { content, sha: None, from: None },
                };
                CheckedFile::read((*path).to_owned(), action).expect("a file")
            })
            .collect();
        let first = files.remove(0);
        default_message(&first, &files)
    }

    #[test]
    fn a_commit_without_a_message_tells_its_file_or_how_many_there_are() {
        assert_eq!(message(&[("data/a.csv", true)]), "Add data/a.csv");
        assert_eq!(message(&[("data/a.csv", true), ("data/b.csv", true)]), "Add 2 files in data");
        assert_eq!(message(&[("a.csv", false), ("b.csv", false)]), "Update 2 files");
        assert_eq!(message(&[("data/a.csv", true), ("b.csv", false), ("c", true)]), "Change 3 files");
    }
}
