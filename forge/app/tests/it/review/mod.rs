//! Reviews of pull requests, and the rules of branches.

mod comments;
mod random_rules;
mod retraining;
mod rule_model;
mod rules;
mod suggestions;
mod verdicts;

use hearth_app::{
    Access, Unit, access,
    content::{self, Action, FileChange},
    pull_request::{self, HeadName, NewPullRequest},
    testing::{Choices, TestHearth},
};
use hearth_core::{Administer, Error, Kind, Permission, Read, RepositoryKind, ThreadNumber, Write};
use hearth_git::ObjectId;

/// What the file has at first: ten lines that all differ.
const BASE: &str = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\n";
const PATH: &str = "train.py";

/// The repository `mei/llm`: Mei owns it, Ana writes, Bo reads.
struct World {
    hearth: TestHearth,
}

impl World {
    async fn new() -> Self {
        Self::of(TestHearth::new().await).await
    }

    async fn with(choices: Choices) -> Self {
        Self::of(TestHearth::with(choices).await).await
    }

    async fn of(hearth: TestHearth) -> Self {
        let row = hearth.repository("mei/llm").await;
        for name in ["ana", "bo"] {
            hearth.user(name).await;
        }
        hearth.permit(&row, "ana", Permission::Write).await;
        let world = Self { hearth };
        world.put("mei", "main", PATH, BASE).await;
        world
    }

    async fn access(&self, name: &str) -> Access<Read> {
        self.entered(name, Unit::Pulls).await
    }

    async fn writing(&self, name: &str) -> Access<Write> {
        self.entered(name, Unit::Code).await.write().expect("a writer")
    }

    async fn administering(&self) -> Access<Administer> {
        self.entered("mei", Unit::Code).await.administer().expect("the owner")
    }

    async fn entered(&self, name: &str, unit: Unit) -> Access<Read> {
        let actor = self.hearth.actor(name).await;
        let entered = access::open(&self.hearth.app, &actor, unit, RepositoryKind::Code, "mei", "llm").await;
        entered.expect("everybody reads it")
    }

    /// Commits a file to a branch, which begins at `main` if it does not exist.
    async fn put(&self, who: &str, branch: &str, path: &str, content: &str) -> ObjectId {
        self.try_put(who, branch, path, content).await.expect("committed")
    }

    async fn try_put(
        &self,
        who: &str,
        branch: &str,
        path: &str,
        content: &str,
    ) -> hearth_core::Result<ObjectId> {
        let writing = self.writing(who).await;
        let app = &self.hearth.app;
        let content = content.as_bytes().to_vec();
        let change = |action, branch: &str| FileChange {
            path: path.into(),
            action,
            branch: Some(branch.into()),
            new_branch: None,
            message: None,
            author: None,
        };
        let updated = Action::Update { content: content.clone(), sha: None, from: None };
        match content::change(app, &writing, change(updated.clone(), branch)).await {
            Err(Error::NotFound(Kind::File)) => {}
            Err(Error::NotFound(Kind::Branch)) => {
                if content::create_branch(app, &writing, branch, "main").await.is_ok() {
                    return Ok(content::change(app, &writing, change(updated, branch)).await?.commit);
                }
            }
            other => return Ok(other?.commit),
        }
        Ok(content::change(app, &writing, change(Action::Create { content }, branch)).await?.commit)
    }

    /// Opens a pull request of Mei's branch `work`, and lets the jobs run.
    async fn open(&self) -> ThreadNumber {
        let new = NewPullRequest {
            title: "Train faster".into(),
            base_branch: "main".into(),
            head: HeadName { repository: None, branch: "work".into() },
            ..NewPullRequest::default()
        };
        let card =
            pull_request::open(&self.hearth.app, &self.access("mei").await, new).await.expect("opened");
        self.hearth.run_jobs().await;
        card.pull_request.number
    }

    /// Commits to `work`, and lets the jobs run.
    async fn push(&self, content: &str) -> ObjectId {
        let commit = self.put("mei", "work", PATH, content).await;
        self.hearth.run_jobs().await;
        commit
    }
}
