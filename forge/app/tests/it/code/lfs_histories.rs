//! What the collection of large files may remove, over random histories of a repository and its fork, with pull requests between
//! them and operations that stop at any step.

use std::collections::{BTreeSet, HashMap};

use hearth_app::{
    Unit,
    blobs::BlobId,
    content::{self, Action, FileChange},
    fork, lfs,
    lfs_collection::{self, Manner},
    merge,
    pull_request::{self, HeadName, NewPullRequest},
    reconcile::Reconciler,
    reference, repository,
};
use hearth_core::{IssueState, MergeMethod, RandomSource as _, SeededRandomSource, ThreadNumber, Timestamp};
use hearth_git::TreePath;

use super::lfs_collection::{DAY, KEPT_DAYS, RESTORABLE_DAYS, bytes, oid};
use crate::{
    crashes::{ends_within_steps, reconcile_everything},
    pull_request::{World, by},
};

const SEEDS: u64 = 4;
const STEPS: u32 = 45;
const OBJECTS: u8 = 7;
/// One operation of three stops before it has taken so many steps, if it has as many.
const MOST_STEPS: u8 = 90;

/// Who writes where: into the base, and into its fork.
type Place = (&'static str, &'static str);
const BASE: Place = ("mei", "mei/llm");
const FORK: Place = ("eve", "eve/llm");
const BRANCH: &str = "feature";

fn numbers() -> impl Iterator<Item = u32> {
    (0..OBJECTS).map(u32::from)
}

impl World {
    /// The objects that a repository holds. What it holds is on the disk.
    async fn held(&self, path: &str) -> BTreeSet<u32> {
        let access = self.access("mei", path, Unit::Code).await;
        let ids: Vec<_> = numbers().map(|number| BlobId::parse(&oid(number)).expect("an id")).collect();
        let held = lfs::held(&self.hearth.app, &access, &ids).await.expect("an answer");
        assert!(held.values().all(|held| held.is_here), "{path} has lost bytes: {held:?}");
        numbers().filter(|number| held.contains_key(&oid(*number))).collect()
    }

    /// The objects whose pointers are in the tree of any reference, hidden ones too. Here no commit removes a pointer, so the
    /// trees say what the histories do.
    async fn reachable(&self, path: &str) -> BTreeSet<u32> {
        let git = repository::git(&self.hearth.app, &self.repository(path).await).await.expect("files");
        let found = git.run(|git| {
            let mut found = BTreeSet::new();
            for (_, tip) in git.references("refs/")? {
                for number in numbers() {
                    let file = TreePath::file(format!("{number}.bin")).expect("a good path");
                    if git.find_entry(tip, &file)?.is_some() {
                        found.insert(number);
                    }
                }
            }
            Ok(found)
        });
        found.await.expect("references")
    }
}

struct Dice(SeededRandomSource);

impl Dice {
    fn roll(&self, sides: u8) -> u8 {
        let mut byte = [0];
        self.0.fill(&mut byte);
        byte[0] % sides
    }

    /// Runs an operation, or a part of it as if the server was killed; whether it ended.
    async fn perhaps_stop<T>(&self, operation: impl Future<Output = T>) -> bool {
        let steps = if self.roll(3) == 0 { 1 + usize::from(self.roll(MOST_STEPS)) } else { usize::MAX };
        ends_within_steps(steps, operation).await
    }
}

struct History {
    world: World,
    dice: Dice,
    reconciler: Reconciler,
    /// Who was told that an object is there, or sent it, and when.
    told: HashMap<(&'static str, u32), Timestamp>,
    asked: Vec<ThreadNumber>,
    removed: usize,
    what: String,
}

impl History {
    /// A base with a pointer and an object without one, and a fork of it.
    async fn begin(seed: u64) -> Self {
        let world = World::new().await;
        // A job that finds a stopped merge asks to be run again.
        world.hearth.let_jobs_fail();
        let mut history = Self {
            world,
            dice: Dice(SeededRandomSource::new(seed)),
            reconciler: Reconciler::default(),
            told: HashMap::new(),
            asked: Vec::new(),
            removed: 0,
            what: String::new(),
        };
        for number in [0, 1] {
            history.world.ask_and_send_to(BASE, number).await;
            history.told.insert((BASE.1, number), history.world.hearth.app.now());
        }
        let pointer = change(0, "main", None);
        let writing = history.world.access(BASE.0, BASE.1, Unit::Code).await.write().expect("hers");
        content::change(&history.world.hearth.app, &writing, pointer).await.expect("committed");
        let eve = history.world.hearth.user("eve").await;
        let code = history.world.access("eve", BASE.1, Unit::Code).await;
        fork::fork(&history.world.hearth.app, &code, eve.id.into(), None).await.expect("forked");
        assert_eq!(history.world.held(FORK.1).await, BTreeSet::from([0, 1]));
        history
    }

    async fn step(&mut self) {
        let number = u32::from(self.dice.roll(OBJECTS));
        let place = if self.dice.roll(2) == 0 { BASE } else { FORK };
        match self.dice.roll(11) {
            0 => {
                self.tell(place, number).await;
            }
            1..=3 => {
                if self.tell(place, number).await {
                    self.push(place, number).await;
                }
            }
            4 => self.ask_to_merge().await,
            5 => self.settle().await,
            6 => self.delete_branch(place).await,
            7 => self.world.wait(u32::from(self.dice.roll(40))),
            8 => self.catch_up().await,
            _ => self.collect(place.1).await,
        }
    }

    /// What a client does before it pushes a pointer; whether it came to an end, so that the pointer follows.
    async fn tell(&mut self, place: Place, number: u32) -> bool {
        let has_ended = self.dice.perhaps_stop(self.world.ask_and_send_to(place, number)).await;
        if has_ended {
            self.told.insert((place.1, number), self.world.hearth.app.now());
        }
        has_ended
    }

    /// Whether it works is all the same: the pointer may be there already.
    async fn push(&self, (who, path): Place, number: u32) {
        let is_there = self.world.tip_in(path, BRANCH).await.is_some();
        let change = match (self.dice.roll(4), is_there) {
            (0, _) => change(number, "main", None),
            (_, true) => change(number, BRANCH, None),
            (_, false) => change(number, "main", Some(BRANCH)),
        };
        let writing = self.world.access(who, path, Unit::Code).await.write().expect("theirs");
        let pushed = content::change(&self.world.hearth.app, &writing, change);
        self.dice.perhaps_stop(Box::pin(pushed)).await;
    }

    async fn ask_to_merge(&mut self) {
        let new = NewPullRequest {
            title: "From my fork".into(),
            base_branch: "main".into(),
            head: HeadName { repository: Some(("eve".into(), "llm".into())), branch: BRANCH.into() },
            ..NewPullRequest::default()
        };
        let pulls = self.world.pulls("eve").await;
        let mut opened = None;
        let opening = async { opened = pull_request::open(&self.world.hearth.app, &pulls, new).await.ok() };
        self.dice.perhaps_stop(Box::pin(opening)).await;
        self.asked.extend(opened.map(|card| card.pull_request.number));
    }

    /// Merges or closes the last pull request, if that can be done.
    async fn settle(&self) {
        let Some(number) = self.asked.last().copied() else { return };
        let app = &self.world.hearth.app;
        if self.dice.roll(2) == 0 {
            let writing = self.world.writer("mei").await;
            let merged = merge::merge(app, &writing, number, by(MergeMethod::Merge));
            self.dice.perhaps_stop(Box::pin(merged)).await;
        } else {
            let pulls = self.world.pulls("mei").await;
            let closed = pull_request::close_or_reopen(app, &pulls, number, IssueState::Closed, "");
            self.dice.perhaps_stop(Box::pin(closed)).await;
        }
    }

    async fn delete_branch(&self, (who, path): Place) {
        let writing = self.world.access(who, path, Unit::Code).await.write().expect("theirs");
        let deleted = reference::delete_branch(&self.world.hearth.app, &writing, BRANCH);
        self.dice.perhaps_stop(Box::pin(deleted)).await;
    }

    /// What a server does after a stop, and in the background.
    async fn catch_up(&mut self) {
        reconcile_everything(&self.world.hearth, &mut self.reconciler).await;
        self.world.hearth.deliver().await;
    }

    async fn collect(&mut self, path: &'static str) {
        let (world, now) = (&self.world, self.world.hearth.app.now());
        let (before, needed) = (world.held(path).await, world.reachable(path).await);
        let id = world.repository(path).await.id;
        let collected = lfs_collection::collect(&world.hearth.app, id, Manner::Remove);
        self.dice.perhaps_stop(Box::pin(collected)).await;
        let after = world.held(path).await;
        for number in before.difference(&after) {
            let told = self.told.get(&(path, *number));
            let is_awaited = told.is_some_and(|at| *at + DAY * KEPT_DAYS >= now);
            let what = format!("{}: object {number} of {path}", self.what);
            assert!(!needed.contains(number), "{what} was removed while a reference needs it");
            assert!(!is_awaited, "{what} was removed while its pointer may come yet");
        }
        self.removed += before.difference(&after).count();
    }

    /// Without stops: once everything has come to rest, what no reference needs is gone.
    async fn end(&mut self) {
        self.catch_up().await;
        for (who, path) in [BASE, FORK] {
            let writing = self.world.access(who, path, Unit::Code).await.write().expect("theirs");
            // It may be gone already.
            drop(reference::delete_branch(&self.world.hearth.app, &writing, BRANCH).await);
        }
        self.catch_up().await;
        self.world.wait(RESTORABLE_DAYS + KEPT_DAYS + 2);
        for (_, path) in [BASE, FORK] {
            let id = self.world.repository(path).await.id;
            let collected = lfs_collection::collect(&self.world.hearth.app, id, Manner::Remove).await;
            assert!(collected.expect("looked through").is_whole, "{}: {path} is moving", self.what);
            let (held, needed) = (self.world.held(path).await, self.world.reachable(path).await);
            assert!(held.is_subset(&needed), "{}: {path} keeps {held:?}, needs {needed:?}", self.what);
        }
        // The bytes go a day later, and none that a repository still holds.
        self.world.wait(2);
        self.catch_up().await;
        for (_, path) in [BASE, FORK] {
            self.world.held(path).await;
        }
    }
}

/// The commit of a pointer.
fn change(number: u32, branch: &str, new_branch: Option<&str>) -> FileChange {
    let id = BlobId::parse(&oid(number)).expect("an id");
    let pointer = lfs::Pointer { oid: id, size_bytes: bytes(number).len() as u64 };
    FileChange {
        path: format!("{number}.bin"),
        action: Action::Create { content: pointer.to_text().into_bytes() },
        branch: Some(branch.to_owned()),
        new_branch: new_branch.map(str::to_owned),
        message: None,
        author: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_stops_no_object_is_removed_that_a_branch_a_pull_request_or_the_fork_needs() {
    let (mut removed, mut asked) = (0, 0);
    for seed in 0..SEEDS {
        let mut history = History::begin(seed).await;
        for step in 0..STEPS {
            history.what = format!("seed {seed}, step {step}");
            Box::pin(history.step()).await;
        }
        Box::pin(history.end()).await;
        removed += history.removed;
        asked += history.asked.len();
    }
    assert!(removed > 0 && asked > 0, "these histories say little: {removed} removed, {asked} asked");
}
