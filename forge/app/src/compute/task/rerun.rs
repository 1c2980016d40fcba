//! Running a task again: with the code that it ran, or with the newest of its branch.

use hearth_core::Result;
use hearth_git::{BranchName, Error as GitError, Log, ObjectId, OpenRepository, StorageId, TagName};
use hearth_store::task as row;

use super::{
    NewTask, Task, TaskAccess, TaskTexts,
    launch::{check_code, launch},
};
use crate::{App, GitResult as _};

/// Which code a repeated task runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CodeChoice {
    /// The commit that the task ran, with its unpushed changes.
    #[default]
    Pinned,
    /// The newest commit of the task's branch.
    Newest,
}

/// The code that a repeated task can run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RerunCode {
    /// The full id of the commit that the task ran.
    pub pinned: String,
    /// The first line of its message; `None` if the repository no longer has it.
    pub pinned_title: Option<String>,
    /// The branch that the task was launched from, if it no longer exists.
    pub gone: Option<String>,
    /// The branch whose newest commit is offered: the task's, else the default one. `None` if there is none.
    pub branch: Option<BranchTip>,
}

/// The newest commit of a branch, compared with the one that a task ran.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BranchTip {
    pub name: String,
    /// Its full id.
    pub commit: String,
    /// How many commits only the branch has; `None` if the histories are too large to compare.
    pub ahead: Option<usize>,
    /// How many only the task's commit has: the branch was rewritten, or the task ran another one.
    pub behind: Option<usize>,
    /// The first lines of the newest commits that only the branch has, newest first.
    pub titles: Vec<CommitTitle>,
}

/// One commit in a short list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitTitle {
    /// The full id.
    pub id: String,
    pub title: String,
}

/// Commits that are listed by title.
const MOST_TITLES: usize = 5;
/// How many repetitions of a task are followed back to the branch that the first was launched from.
const MOST_PARENTS: usize = 20;

impl RerunCode {
    /// Whether the branch's newest commit is the one that the task ran.
    pub fn is_same(&self) -> bool {
        self.branch.as_ref().is_some_and(|tip| tip.commit == self.pinned)
    }
}

/// The input that would launch the same task again, without its patch: for the form "run again with changes".
pub async fn clone_of(app: &App, access: &TaskAccess) -> Result<NewTask> {
    let task = access.task();
    let texts = super::texts(app, access).await?;
    Ok(to_new(task, texts))
}

fn to_new(task: &Task, texts: TaskTexts) -> NewTask {
    NewTask {
        kind: Some(task.kind),
        name: task.name.clone(),
        description: texts.description,
        revision: task.commit_id.clone(),
        program: texts.program.0,
        image: task.image_code.clone(),
        spec: task.spec_code.clone(),
        nodes: u32::try_from(task.node_count).unwrap_or(1),
        // A priority granted by an administrator was for that task.
        priority: task.priority.min(0),
        time_limit_seconds: task.time_limit_seconds.and_then(|seconds| u64::try_from(seconds).ok()),
        network: task.has_network,
        skip_requirements: !task.installs_requirements,
        patch: None,
        seed: task.seed,
        parent: Some(task.id),
        request_key: None,
    }
}

/// Launches the same task again, with the same code or with the newest of its branch.
pub async fn rerun(app: &App, task: &TaskAccess, choice: CodeChoice) -> Result<Task> {
    let mut new = clone_of(app, task).await?;
    new.name = next_name(&task.task().name);
    match choice {
        // The revision is already pinned to the same commit.
        CodeChoice::Pinned => new.patch = super::patch(app, task).await?,
        CodeChoice::Newest => {
            let branch = rerun_code(app, task).await?.branch;
            new.revision = branch.map(|tip| tip.name).unwrap_or_default();
        }
    }
    launch(app, &task.write()?, new).await
}

/// The code that this task can run again with, and how the newest differs from what it ran.
pub async fn rerun_code(app: &App, access: &TaskAccess) -> Result<RerunCode> {
    check_code(access.access())?;
    let task = access.task();
    let revision = launched_from(app, task).await?;
    let (pinned, default) = (task.commit_id.clone(), access.repository().default_branch.clone());
    let git = app.git().open(&StorageId::from(task.repository_id.0)).await.map_git()?;
    git.run_expensive(move |git| look(git, &revision, pinned, &default)).await.map_git()
}

/// What the first of a row of repeated tasks was launched from: the others name its commit.
async fn launched_from(app: &App, task: &Task) -> Result<String> {
    let mut reader = app.store().read().await?;
    let (mut revision, mut parent) = (task.revision.clone(), task.parent_id);
    for _ in 0..MOST_PARENTS {
        let Some(id) = parent.filter(|_| task.commit_id == revision) else { break };
        match row::find(&mut reader, id).await? {
            Some(earlier) if is_same_code(&earlier, task) => {
                (revision, parent) = (earlier.revision, earlier.parent_id);
            }
            _ => break,
        }
    }
    Ok(revision)
}

fn is_same_code(earlier: &Task, task: &Task) -> bool {
    earlier.repository_id == task.repository_id && earlier.commit_id == task.commit_id
}

fn look(
    git: &OpenRepository,
    revision: &str,
    pinned: String,
    default: &str,
) -> hearth_git::Result<RerunCode> {
    let ran = match git.resolve_commit(&pinned) {
        Ok(id) => Some(git.commit(id)?),
        Err(GitError::RevisionNotFound) => None,
        Err(other) => return Err(other),
    };
    let own = tip_of(git, revision)?;
    let gone = (own.is_none() && !is_other_revision(git, revision, &pinned)?).then(|| revision.to_owned());
    let (name, tip) = match own {
        Some(tip) => (revision, Some(tip)),
        None => (default, tip_of(git, default)?),
    };
    let branch = tip.map(|tip| compare(git, name, tip, ran.as_ref().map(|commit| commit.id))).transpose()?;
    Ok(RerunCode { pinned_title: ran.map(|commit| commit.title), pinned, gone, branch })
}

fn tip_of(git: &OpenRepository, name: &str) -> hearth_git::Result<Option<ObjectId>> {
    match BranchName::new(name) {
        Ok(name) => git.branch(&name),
        Err(_) => Ok(None),
    }
}

/// Whether a revision that is no branch is a tag, or the task's commit.
fn is_other_revision(git: &OpenRepository, revision: &str, pinned: &str) -> hearth_git::Result<bool> {
    if pinned.starts_with(&revision.to_ascii_lowercase()) {
        return Ok(true);
    }
    match TagName::new(revision) {
        Ok(name) => Ok(git.reference(&name.full())?.is_some()),
        Err(_) => Ok(false),
    }
}

fn compare(
    git: &OpenRepository,
    name: &str,
    tip: ObjectId,
    ran: Option<ObjectId>,
) -> hearth_git::Result<BranchTip> {
    let branch = BranchTip {
        name: name.to_owned(),
        commit: tip.to_string(),
        ahead: None,
        behind: None,
        titles: Vec::new(),
    };
    let Some(ran) = ran else { return Ok(branch) };
    let between = git.ahead_behind(tip, ran)?;
    let newer = git.log(tip, &Log { limit: MOST_TITLES, without: Some(ran), ..Log::default() })?;
    let is_whole = between.is_whole();
    Ok(BranchTip {
        ahead: is_whole.then_some(between.value.ahead),
        behind: is_whole.then_some(between.value.behind),
        titles: newer
            .value
            .into_iter()
            .map(|commit| CommitTitle { id: commit.id.to_string(), title: commit.title })
            .collect(),
        ..branch
    })
}

/// `run` becomes `run #2`, `run #2` becomes `run #3`.
fn next_name(name: &str) -> String {
    let counted = name.rsplit_once(" #").and_then(|(base, count)| Some((base, count.parse::<u32>().ok()?)));
    match counted {
        Some((base, count)) => format!("{base} #{}", count.saturating_add(1)),
        None => format!("{name} #2"),
    }
}

#[cfg(test)]
mod tests {
    use super::next_name;

    #[test]
    fn a_repeated_task_counts_on() {
        assert_eq!(next_name("run"), "run #2");
        assert_eq!(next_name("run #2"), "run #3");
        assert_eq!(next_name("C #x"), "C #x #2");
    }
}
