//! A merged pull request taken back, or applied to another branch: as a new branch with a pull request of its own.

use hearth_core::{Conflict, Error, Kind, MergedAs, PullRequestState, Read, Result, ThreadNumber, Unit};
use hearth_git::{BranchName, Commit, CommitParts, Merge, ObjectId, OpenRepository, Range, Signature};
use hearth_store::push as push_row;

use super::{branch, build::own_commits, row_of};
use crate::{
    Access, App, GitResult as _,
    content::signature,
    pull_request::{self, HeadName, NewPullRequest, PullRequest, PullRequestCard, object, tip_of},
    repository::git,
    thread::LONGEST_TITLE,
};

/// Opens a pull request that takes back what a merged one changed.
pub async fn revert(app: &App, access: &Access<Read>, number: ThreadNumber) -> Result<PullRequestCard> {
    let merged = row_of(app, access, number).await?;
    let base = merged.base_branch.clone();
    pick(app, access, &merged, (Direction::Back, &base)).await
}

/// Opens a pull request that makes the changes of a merged one on another branch as well.
pub async fn cherry_pick(
    app: &App,
    access: &Access<Read>,
    number: ThreadNumber,
    onto: &str,
) -> Result<PullRequestCard> {
    let merged = row_of(app, access, number).await?;
    pick(app, access, &merged, (Direction::Again, onto)).await
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    Back,
    Again,
}

async fn pick(
    app: &App,
    access: &Access<Read>,
    merged: &PullRequest,
    (direction, onto): (Direction, &str),
) -> Result<PullRequestCard> {
    let writing = access.enter_unit(Unit::Code)?.write()?;
    if merged.state != PullRequestState::Merged {
        return Err(Error::Conflict(Conflict::State));
    }
    let target = BranchName::new(onto.trim()).map_err(|_| Error::field("onto", "ref-name"))?;
    let git = git(app, access.repository()).await?;
    let tip = match (tip_of(&git, &target).await, direction) {
        (Err(Error::NotFound(_)), Direction::Back) => return Err(Error::Conflict(Conflict::BaseGone)),
        (found, _) => found?,
    };
    let work = Work {
        direction,
        number: merged.number,
        made: made_by(app, merged).await?,
        onto: tip,
        committer: signature(app, writing.writer()),
        most: usize::try_from(app.limits().merged_commits).unwrap_or(usize::MAX),
    };
    let commit = git.run_expensive(move |git| Ok(work.apply(git))).await.map_git()??;
    let name = match direction {
        Direction::Back => format!("revert-{}-{}", merged.number, merged.head_branch),
        Direction::Again => format!("pick-{}-to-{target}", merged.number),
    };
    let name = branch::free_name(&git, name).await?;
    branch::create(app, &writing, (&git, &name), commit).await?;
    let (title, verb) = match direction {
        Direction::Back => (format!("Revert \"{}\"", merged.title), "Reverts"),
        Direction::Again => (format!("{} ({target})", merged.title), "Applies"),
    };
    let new = NewPullRequest {
        title: title.chars().take(LONGEST_TITLE).collect(),
        body: format!("{verb} #{}.", merged.number),
        base_branch: target.to_string(),
        head: HeadName { repository: None, branch: name.to_string() },
        ..NewPullRequest::default()
    };
    pull_request::open(app, access, new).await
}

/// What a merge made of a pull request.
struct Made {
    /// The base branch afterwards.
    commit: ObjectId,
    /// The base branch before; none: it is not known.
    before: Option<ObjectId>,
    /// Whether the one commit has all the changes, against its first parent.
    is_single: bool,
}

async fn made_by(app: &App, merged: &PullRequest) -> Result<Made> {
    let text = merged.merge_commit_id.as_ref().ok_or(Error::Conflict(Conflict::State))?;
    let full = format!("{}{}", BranchName::PREFIX, merged.base_branch);
    let mut reader = app.store().read().await?;
    let before = push_row::find_old(&mut reader, merged.repository_id, &full, text).await?;
    let is_single = match merged.merge_method {
        Some(MergedAs::Merge | MergedAs::Squash | MergedAs::RebaseMerge) => true,
        Some(MergedAs::Rebase | MergedAs::FastForwardOnly | MergedAs::ManuallyMerged) | None => false,
    };
    let before = before.filter(|before| !before.is_empty());
    Ok(Made { commit: object(text)?, before: before.as_deref().map(object).transpose()?, is_single })
}

struct Work {
    direction: Direction,
    number: ThreadNumber,
    made: Made,
    onto: ObjectId,
    committer: Signature,
    most: usize,
}

impl Work {
    /// The commit on top of the target that has all the changes.
    fn apply(&self, git: &OpenRepository) -> Result<ObjectId> {
        let mut tip = self.onto;
        for commit in self.commits(git)? {
            tip = self.step(git, &commit, tip)?;
        }
        if tip == self.onto { Err(Error::Conflict(Conflict::NothingToMerge)) } else { Ok(tip) }
    }

    /// The commits to apply, in the order in which that is done.
    fn commits(&self, git: &OpenRepository) -> Result<Vec<Commit>> {
        let Made { commit, before, is_single } = self.made;
        let own = git.commit(commit).map_git()?;
        if is_single || own.parent_count > 1 {
            return Ok(vec![own]);
        }
        let base = before.ok_or(Error::NotFound(Kind::Commit))?;
        let ids = own_commits(git, &Range { base, head: commit }, self.most)?.ids;
        let mut commits: Vec<Commit> =
            ids.into_iter().map(|id| git.commit(id)).collect::<hearth_git::Result<_>>().map_git()?;
        if self.direction == Direction::Back {
            commits.reverse();
        }
        Ok(commits)
    }

    /// One commit more on top of `tip`; none if it changes nothing there.
    fn step(&self, git: &OpenRepository, commit: &Commit, tip: ObjectId) -> Result<ObjectId> {
        let changed = match self.direction {
            Direction::Back => git.revert(commit.id, tip),
            Direction::Again => git.cherry_pick(commit.id, tip),
        };
        let tree = match changed.map_git()? {
            Merge::Clean { tree } => tree,
            Merge::Conflicts(_) => return Err(Error::Conflict(Conflict::MergeConflicts)),
        };
        if tree == git.commit(tip).map_git()?.tree {
            return Ok(tip);
        }
        let (author, message) = match self.direction {
            Direction::Back => {
                let text = format!(
                    "Revert \"{}\"\n\nThis reverts commit {}, merged with #{}.",
                    commit.title, commit.id, self.number
                );
                (self.committer.clone(), text)
            }
            Direction::Again => {
                let whole = format!("{}\n\n{}", commit.title, commit.body);
                let text = format!("{}\n\n(cherry picked from commit {})", whole.trim_end(), commit.id);
                (commit.author.clone(), text)
            }
        };
        let parts =
            CommitParts { tree, parents: vec![tip], author, committer: self.committer.clone(), message };
        git.write_commit(&parts).map_git()
    }
}
