//! Pull requests from the first push to the merge, without HTTP.

mod branch;
mod crash;
mod fork;
mod merge;
mod open;
mod refresh;
mod stack;

use hearth_app::{
    Access, Unit, access,
    content::{self, Action, FileChange},
    merge::{Merged, NewMerge},
    pull_request::{self, HeadName, NewPullRequest, PullRequest, PullRequestCard},
    repository,
    testing::TestHearth,
};
use hearth_core::{MergeMethod, Permission, Read, RepositoryKind, Result, ThreadNumber, Write};
use hearth_git::{BranchName, Commit, ObjectId};
use hearth_store::repository::Repository;

/// A repository `mei/llm` with a first commit, into which Bo may write.
pub(crate) struct World {
    pub(crate) hearth: TestHearth,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::of(TestHearth::new().await).await
    }

    pub(crate) async fn of(hearth: TestHearth) -> Self {
        let repository = hearth.repository("mei/llm").await;
        hearth.user("bo").await;
        hearth.permit(&repository, "bo", Permission::Write).await;
        let world = Self { hearth };
        world.write("mei", ("main", None), "README.md", "one\ntwo\nthree\n").await;
        world
    }

    pub(crate) async fn access(&self, who: &str, path: &str, unit: Unit) -> Access<Read> {
        let actor = self.hearth.actor(who).await;
        let (owner, name) = path.split_once('/').expect("owner/name");
        let entered = access::open(&self.hearth.app, &actor, unit, RepositoryKind::Code, owner, name).await;
        entered.expect("they may read it")
    }

    pub(crate) async fn pulls(&self, who: &str) -> Access<Read> {
        self.access(who, "mei/llm", Unit::Pulls).await
    }

    pub(crate) async fn writer(&self, who: &str) -> Access<Write> {
        self.pulls(who).await.write().expect("they may write")
    }

    /// Writes a file in `mei/llm` with one commit: on a branch, or on a new one that begins there.
    pub(crate) async fn write(&self, who: &str, branches: (&str, Option<&str>), path: &str, text: &str) {
        self.write_in("mei/llm", who, branches, path, text).await;
    }

    pub(crate) async fn write_in(
        &self,
        repository: &str,
        who: &str,
        (branch, new_branch): (&str, Option<&str>),
        path: &str,
        text: &str,
    ) {
        let code = self.access(who, repository, Unit::Code).await;
        let content = text.as_bytes().to_vec();
        let is_there = content::find(&self.hearth.app, &code, Some(branch), path).await.is_ok();
        let action = if is_there {
            Action::Update { content, sha: None, from: None }
        } else {
            Action::Create { content }
        };
        let change = FileChange {
            path: path.to_owned(),
            action,
            branch: Some(branch.to_owned()),
            new_branch: new_branch.map(str::to_owned),
            message: Some(format!("Write {path}")),
            author: None,
        };
        let writing = code.write().expect("they may write");
        content::change(&self.hearth.app, &writing, change).await.expect("it is committed");
    }

    pub(crate) async fn open(&self, who: &str, head: &str, base: &str) -> PullRequestCard {
        self.try_open(who, head, base).await.expect("it is opened")
    }

    pub(crate) async fn try_open(&self, who: &str, head: &str, base: &str) -> Result<PullRequestCard> {
        let new = NewPullRequest {
            title: format!("Merge {head}"),
            base_branch: base.to_owned(),
            head: HeadName { repository: None, branch: head.to_owned() },
            ..NewPullRequest::default()
        };
        pull_request::open(&self.hearth.app, &self.pulls(who).await, new).await
    }

    /// A branch with one new file and an open pull request for it, looked at by the jobs.
    pub(crate) async fn asked(&self, branch: &str) -> PullRequest {
        self.write("bo", ("main", Some(branch)), &format!("{branch}.txt"), "new\n").await;
        let card = self.open("bo", branch, "main").await;
        self.hearth.run_jobs().await;
        self.read(card.pull_request.number).await
    }

    pub(crate) async fn read(&self, number: ThreadNumber) -> PullRequest {
        let found = pull_request::find(&self.hearth.app, &self.pulls("mei").await, number).await;
        found.expect("it is there").pull_request
    }

    pub(crate) async fn merge(&self, number: ThreadNumber, method: MergeMethod) -> Result<Merged> {
        self.merge_as("mei", number, by(method)).await
    }

    pub(crate) async fn merge_as(&self, who: &str, number: ThreadNumber, new: NewMerge) -> Result<Merged> {
        hearth_app::merge::merge(&self.hearth.app, &self.writer(who).await, number, new).await
    }

    pub(crate) async fn repository(&self, path: &str) -> Repository {
        self.hearth.find_repository(path).await
    }

    /// The commit that a branch of `mei/llm` points to.
    pub(crate) async fn tip(&self, branch: &str) -> Option<ObjectId> {
        self.tip_in("mei/llm", branch).await
    }

    pub(crate) async fn tip_in(&self, path: &str, branch: &str) -> Option<ObjectId> {
        let git = repository::git(&self.hearth.app, &self.repository(path).await).await.expect("files");
        let name = BranchName::new(branch).expect("a good name");
        git.run(move |git| git.branch(&name)).await.expect("an answer")
    }

    pub(crate) async fn commit(&self, id: ObjectId) -> Commit {
        let git = repository::git(&self.hearth.app, &self.repository("mei/llm").await).await.expect("files");
        git.run(move |git| git.commit(id)).await.expect("a commit")
    }

    /// The text of a file on a branch of `mei/llm`; none: it is not there.
    pub(crate) async fn text(&self, branch: &str, path: &str) -> Option<String> {
        let code = self.access("mei", "mei/llm", Unit::Code).await;
        let (_, held) = content::read(&self.hearth.app, &code, Some(branch), path).await.ok()?;
        match held {
            content::Held::File(blob) => {
                Some(String::from_utf8(blob.data.expect("it is small")).expect("text"))
            }
            content::Held::Folder(_) | content::Held::Submodule => None,
        }
    }
}

/// A merge with the proposed message.
pub(crate) fn by(method: MergeMethod) -> NewMerge {
    NewMerge {
        method,
        title: String::new(),
        message: String::new(),
        expected_head: None,
        deletes_branch: false,
        bypasses: false,
    }
}
