//! What only git knows about a pull request: its versions are kept and measured, and the merge is tried.

use hearth_core::{Error, MergeCheck, Result};
use hearth_git::{
    CommitParts, ConflictFile, Error as GitError, Merge, ObjectId, OpenRepository, Range, RefName, RefUpdate,
    Signature, head_ref, merge_ref, version_ref,
};
use hearth_store::pull_request_version::{Facts, PullRequestVersion};

use super::{PullRequest, object, refresh::Place};
use crate::{App, GitResult as _};

/// A version whose objects lie in the base repository and stay there.
pub(super) struct Prepared {
    /// None: head and base have nothing in common.
    pub(super) merge_base: Option<ObjectId>,
    pub(super) head: ObjectId,
    /// None: the diff is over a bound.
    pub(super) patch_id: Option<String>,
    /// Whether the base has all its commits.
    pub(super) is_contained: bool,
    commits: usize,
    is_forced: bool,
}

impl Prepared {
    pub(super) fn facts(&self) -> Facts {
        Facts {
            merge_base_id: self.merge_base.map(|id| id.to_string()),
            patch_id: self.patch_id.clone(),
            // Says that it was measured, so that it is not done again each time.
            commits: i64::try_from(self.commits)
                .unwrap_or(i64::MAX)
                .max(i64::from(self.merge_base.is_none())),
            is_forced: self.is_forced,
        }
    }

    /// What was found out the last time, if that was for this base.
    fn known(place: &Place, version: &PullRequestVersion, base: ObjectId) -> Result<Option<Self>> {
        let row = &place.pull_request;
        let is_checked = is_checked(row, &base.to_string()) && row.head_id == version.head_id;
        if !is_checked || !version.is_measured() {
            return Ok(None);
        }
        let (head, merge_base) =
            (object(&version.head_id)?, version.merge_base_id.as_deref().map(object).transpose()?);
        Ok(Some(Self {
            merge_base,
            head,
            patch_id: version.patch_id.clone(),
            is_contained: merge_base == Some(head),
            commits: usize::try_from(version.commits).unwrap_or_default(),
            is_forced: version.is_forced,
        }))
    }

    pub(super) fn range(&self) -> Option<Range> {
        self.merge_base.map(|base| Range { base, head: self.head })
    }
}

/// Whether a pull request was checked for its head and this base.
fn is_checked(row: &PullRequest, base: &str) -> bool {
    row.merge_check != MergeCheck::Checking
        && row.checked_head_id.as_ref() == Some(&row.head_id)
        && row.checked_base_id.as_deref() == Some(base)
}

/// Keeps a version, and measures it against `base`. None: its commit is nowhere any more.
pub(super) async fn prepare(
    place: &Place,
    version: &PullRequestVersion,
    base: ObjectId,
) -> Result<Option<Prepared>> {
    let head = object(&version.head_id)?;
    let name = version_ref(place.pull_request.number.0, version.number);
    if !keep(place, name, head).await? {
        return Ok(None);
    }
    if let Some(prepared) = Prepared::known(place, version, base)? {
        return Ok(Some(prepared));
    }
    let is_forced = version.is_forced;
    let known = version.merge_base_id.clone().zip(version.patch_id.clone());
    let measured = place.git.run_in_background(move |git| {
        // Histories may be crafted to cost too much: then nobody knows what they have in common, and nothing is merged.
        let merge_base = bounded(git.merge_base(base, head))?.flatten();
        let text = merge_base.map(|id| id.to_string());
        // A base that moved elsewhere leaves the difference as it was.
        let patch_id = match (merge_base, known.filter(|(from, _)| text.as_ref() == Some(from))) {
            (_, Some((_, patch_id))) => Some(patch_id),
            (Some(from), None) => bounded(git.patch_id(Some(from), head))?.map(|id| id.to_string()),
            (None, None) => None,
        };
        let commits = bounded(git.ahead_behind(head, base))?.map_or(0, |counted| counted.value.ahead);
        Ok(Prepared {
            merge_base,
            head,
            patch_id,
            is_contained: merge_base == Some(head),
            commits,
            is_forced,
        })
    });
    measured.await.map_git().map(Some)
}

/// Brings a version's commit here and points its reference at it. `false`: the commit is nowhere any more.
async fn keep(place: &Place, name: RefName, commit: ObjectId) -> Result<bool> {
    let wanted = name.clone();
    let known = place.git.run_in_background(move |git| git.reference(&wanted)).await.map_git()?;
    if known == Some(commit) {
        return Ok(true);
    }
    let update = [RefUpdate { name, old: known, new: Some(commit) }];
    let fork = place.head.as_ref().filter(|head| head.repository.id != place.base.id);
    let source = fork.map_or(&place.git, |head| &head.git);
    if !source.run_in_background(move |git| Ok(git.has_object(commit))).await.map_git()? {
        return Ok(false);
    }
    let kept = match fork {
        Some(head) => place.git.take_from(&head.git, commit, &update).await,
        None => place.git.update_references(&update).await,
    };
    match kept {
        // Another run has kept it: a version's commit never changes.
        Ok(()) | Err(GitError::Conflict { .. } | GitError::NameTaken(_)) => Ok(true),
        Err(GitError::RevisionNotFound) => Ok(false),
        Err(error) => Err(error).map_git(),
    }
}

/// Points `refs/pull/N/head` at the newest version, unless a later one is already there.
pub(super) async fn point_head(
    place: &Place,
    versions: &[PullRequestVersion],
    newest: &PullRequestVersion,
) -> Result<()> {
    let (name, head) = (head_ref(place.pull_request.number.0), object(&newest.head_id)?);
    let wanted = name.clone();
    let known = place.git.run_in_background(move |git| git.reference(&wanted)).await.map_git()?;
    let is_earlier = |known: ObjectId| {
        versions.iter().any(|version| version.number < newest.number && version.head_id == known.to_string())
    };
    if known == Some(head) || known.is_some_and(|known| !is_earlier(known)) {
        return Ok(());
    }
    point(place, RefUpdate { name, old: known, new: Some(head) }).await
}

/// Moves one of our own references. If another run did so at the same time, that one has it right.
async fn point(place: &Place, update: RefUpdate) -> Result<()> {
    match place.git.update_references(&[update]).await {
        Ok(()) | Err(GitError::Conflict { .. } | GitError::NameTaken(_)) => Ok(()),
        Err(error) => Err(error).map_git(),
    }
}

/// Whether the newest version had commits of its own when it was pushed: only then does a base that has them all
/// mean that somebody merged it.
pub(super) async fn had_commits(place: &Place, newest: &PullRequestVersion) -> Result<bool> {
    let (base, head) = (object(&newest.base_id)?, object(&newest.head_id)?);
    let is_known = place.git.run_in_background(move |git| {
        if git.has_object(base) { git.is_ancestor(head, base).map(Some) } else { Ok(None) }
    });
    Ok(is_known.await.map_git()? == Some(false))
}

/// What came of trying the merge.
pub(super) struct Checked {
    pub(super) result: MergeCheck,
    pub(super) conflicts: Vec<ConflictFile>,
}

impl From<MergeCheck> for Checked {
    fn from(result: MergeCheck) -> Self {
        Self { result, conflicts: Vec::new() }
    }
}

/// Tries the merge, and keeps its result as `refs/pull/N/merge` for programs that test it.
pub(super) async fn check(app: &App, place: &Place, base: ObjectId, prepared: &Prepared) -> Result<Checked> {
    let head = prepared.head;
    if prepared.merge_base.is_none() {
        return Ok(MergeCheck::Failed.into());
    }
    let name = merge_ref(place.pull_request.number.0);
    let server = Signature::new("Hearth", "noreply@localhost", app.now().as_jiff())
        .map_err(|_| Error::internal("the server's name is a plain word"))?;
    let wanted = name.clone();
    let tried = place.git.run_in_background(move |git| {
        let known = git.reference(&wanted)?;
        let Some(merged) = bounded(git.merge(base, head))? else {
            return Ok((known, None, MergeCheck::Failed.into()));
        };
        let tree = match merged {
            Merge::Clean { tree } => tree,
            Merge::Conflicts(conflicts) => {
                return Ok((known, None, Checked { result: MergeCheck::Conflicting, conflicts }));
            }
        };
        if tree == git.commit(base)?.tree {
            return Ok((known, None, MergeCheck::Empty.into()));
        }
        let commit = match known.filter(|known| is_merge(git, *known, (base, head), tree)) {
            Some(known) => known,
            None => git.write_commit(&CommitParts {
                tree,
                parents: vec![base, head],
                author: server.clone(),
                committer: server,
                message: format!("Merge {head} into {base}"),
            })?,
        };
        Ok((known, Some(commit), MergeCheck::Clean.into()))
    });
    let (known, commit, checked) = tried.await.map_git()?;
    if known != commit {
        point(place, RefUpdate { name, old: known, new: commit }).await?;
    }
    Ok(checked)
}

/// Whether a commit is this merge already, so that a second run writes no other.
fn is_merge(
    git: &OpenRepository,
    commit: ObjectId,
    (base, head): (ObjectId, ObjectId),
    tree: ObjectId,
) -> bool {
    git.commit(commit).is_ok_and(|commit| commit.tree == tree && commit.parents == [base, head])
}

/// None: it costs more than one query may.
pub(crate) fn bounded<T>(answer: hearth_git::Result<T>) -> hearth_git::Result<Option<T>> {
    match answer {
        Err(GitError::OverBudget { .. } | GitError::TooLarge { .. }) => Ok(None),
        other => other.map(Some),
    }
}
