use std::{collections::BTreeSet, time::Duration};

use hearth_app::{
    Unit,
    blobs::BlobId,
    deleted_reference, lfs,
    lfs_batch::{self, Answer, Asked, Direction},
    lfs_collection::{self, Collected, Manner},
    reference,
};
use hearth_core::{RandomSource as _, RuleKind, SeededRandomSource, Timestamp};
use sha2::{Digest as _, Sha256};

use crate::pull_request::World;

pub(super) const DAY: Duration = Duration::from_hours(24);
/// The defaults of `limits.lfs_keep_days` and `limits.restore_days`.
pub(super) const KEPT_DAYS: u32 = 14;
pub(super) const RESTORABLE_DAYS: u32 = 90;

const NOTHING: Collected = Collected { objects: 0, bytes: 0, is_whole: true };

/// What a large file holds; the number names it.
pub(super) fn bytes(number: u32) -> Vec<u8> {
    format!("weights {number}").into_bytes()
}

pub(super) fn oid(number: u32) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes(number)).iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a text grows");
        text
    })
}

impl World {
    async fn send(&self, number: u32) {
        self.send_to(("mei", "mei/llm"), number).await;
    }

    async fn send_to(&self, (who, path): (&str, &str), number: u32) {
        let access = self.access(who, path, Unit::Code).await.push().expect("they may push");
        let (id, content) = (BlobId::parse(&oid(number)).expect("an id"), bytes(number));
        let size = Some(content.len() as u64);
        lfs::store(&self.hearth.app, &access, &id, size, &content[..]).await.expect("stored");
    }

    async fn ask_and_send(&self, number: u32) {
        self.ask_and_send_to(("mei", "mei/llm"), number).await;
    }

    /// What a client does before it pushes a pointer: it asks, and sends what is not here.
    pub(super) async fn ask_and_send_to(&self, (who, path): (&str, &str), number: u32) {
        let access = self.access(who, path, Unit::Code).await;
        let size_bytes = i64::try_from(bytes(number).len()).expect("small");
        let asked = [Asked { oid: oid(number), size_bytes }];
        let answers = lfs_batch::answer(&self.hearth.app, &access, Direction::Upload, &asked).await;
        match answers.expect("answers")[..] {
            [Answer::Upload] => self.send_to((who, path), number).await,
            [Answer::Nothing] => {}
            ref other => panic!("{other:?}"),
        }
    }

    async fn push_pointer(&self, branches: (&str, Option<&str>), number: u32) {
        let id = BlobId::parse(&oid(number)).expect("an id");
        let pointer = lfs::Pointer { oid: id, size_bytes: bytes(number).len() as u64 };
        self.write("mei", branches, &format!("{number}.bin"), &pointer.to_text()).await;
    }

    async fn has(&self, path: &str, number: u32) -> bool {
        let access = self.access("mei", path, Unit::Code).await;
        let id = BlobId::parse(&oid(number)).expect("an id");
        !lfs::held(&self.hearth.app, &access, &[id]).await.expect("an answer").is_empty()
    }

    async fn collect(&self) -> Collected {
        let id = self.repository("mei/llm").await.id;
        lfs_collection::collect(&self.hearth.app, id, Manner::Remove).await.expect("looked through")
    }

    pub(super) fn wait(&self, days: u32) {
        self.hearth.clock.advance(DAY * days);
    }
}

#[tokio::test]
async fn an_object_that_nothing_needs_is_removed_after_some_days_and_asked_for_again() {
    let world = World::new().await;
    world.send(1).await;
    world.send(2).await;
    world.push_pointer(("main", None), 1).await;
    world.wait(KEPT_DAYS - 1);
    assert_eq!(world.collect().await, NOTHING, "the pointer may come yet");
    world.wait(2);
    let id = world.repository("mei/llm").await.id;
    let found = lfs_collection::collect(&world.hearth.app, id, Manner::DryRun).await.expect("looked through");
    let second = Collected { objects: 1, bytes: bytes(2).len() as u64, is_whole: true };
    assert_eq!(found, second);
    assert!(world.has("mei/llm", 2).await, "nothing was removed yet");
    assert_eq!(world.collect().await, second);
    assert!(world.has("mei/llm", 1).await && !world.has("mei/llm", 2).await);
    world.ask_and_send(2).await;
    assert!(world.has("mei/llm", 2).await);
    world.hearth.run_jobs().await;
}

#[tokio::test]
async fn who_was_told_that_an_object_is_here_may_push_its_pointer() {
    let world = World::new().await;
    world.send(1).await;
    world.wait(KEPT_DAYS + 10);
    world.ask_and_send(1).await;
    world.collect().await;
    world.push_pointer(("main", None), 1).await;
    assert!(world.has("mei/llm", 1).await);
    world.hearth.run_jobs().await;
}

#[tokio::test]
async fn a_branch_that_can_be_restored_keeps_its_large_files() {
    let world = World::new().await;
    world.send(1).await;
    world.push_pointer(("main", Some("trial")), 1).await;
    world.wait(KEPT_DAYS + 1);
    let writing = world.access("mei", "mei/llm", Unit::Code).await.write().expect("she may write");
    reference::delete_branch(&world.hearth.app, &writing, "trial").await.expect("deleted");
    world.collect().await;
    assert!(world.has("mei/llm", 1).await, "the branch can be restored");
    world.wait(RESTORABLE_DAYS + 1);
    world.collect().await;
    assert!(!world.has("mei/llm", 1).await);
    world.hearth.run_jobs().await;
}

/// What must be there, by the rules alone.
#[derive(Default)]
struct Expected {
    main: BTreeSet<u32>,
    /// What the other branch needs, if there is one.
    trial: Option<BTreeSet<u32>>,
    /// Those that were deleted, and when.
    deleted: Vec<(Timestamp, BTreeSet<u32>)>,
    /// Objects that somebody sent or was told of, and when.
    told: Vec<(Timestamp, u32)>,
}

impl Expected {
    fn at(&self, now: Timestamp) -> BTreeSet<u32> {
        let mut needed = self.main.clone();
        needed.extend(self.trial.iter().flatten());
        let restorable = self.deleted.iter().filter(|(at, _)| *at + DAY * RESTORABLE_DAYS >= now);
        needed.extend(restorable.flat_map(|(_, objects)| objects));
        needed.extend(
            self.told.iter().filter(|(at, _)| *at + DAY * KEPT_DAYS >= now).map(|(_, number)| *number),
        );
        needed
    }
}

#[tokio::test]
async fn over_random_histories_nothing_that_is_needed_is_removed_and_in_the_end_everything_else_is() {
    const OBJECTS: u32 = 8;
    for seed in 0..6 {
        let (world, random) = (World::new().await, SeededRandomSource::new(seed));
        let app = &world.hearth.app;
        let writing = world.access("mei", "mei/llm", Unit::Code).await.write().expect("she may write");
        let mut expected = Expected::default();
        for step in 0..40 {
            let mut dice = [0; 2];
            random.fill(&mut dice);
            let number = u32::from(dice[1]) % OBJECTS;
            let now = app.now();
            match dice[0] % 8 {
                // Somebody asks, and pushes the pointer, or never does.
                0 => {
                    world.ask_and_send(number).await;
                    expected.told.push((now, number));
                }
                1 if step % 5 == 0 && !expected.main.contains(&number) => {
                    world.ask_and_send(number).await;
                    expected.told.push((now, number));
                    world.push_pointer(("main", None), number).await;
                    expected.main.insert(number);
                }
                1 | 2 if !expected.trial.as_ref().unwrap_or(&expected.main).contains(&number) => {
                    world.ask_and_send(number).await;
                    expected.told.push((now, number));
                    let is_there = expected.trial.is_some();
                    let branches = if is_there { ("trial", None) } else { ("main", Some("trial")) };
                    world.push_pointer(branches, number).await;
                    expected.trial.get_or_insert_with(|| expected.main.clone()).insert(number);
                }
                3 => {
                    if let Some(objects) = expected.trial.take() {
                        reference::delete_branch(app, &writing, "trial").await.expect("deleted");
                        expected.deleted.push((now, objects));
                    }
                }
                4 if expected.trial.is_none() => {
                    let restored = deleted_reference::restore(app, &writing, RuleKind::Branch, "trial").await;
                    if restored.is_ok() {
                        expected.trial = expected.deleted.last().map(|(_, objects)| objects.clone());
                    }
                }
                5 => world.wait(u32::from(dice[1]) % 40),
                _ => {
                    world.collect().await;
                }
            }
            for number in expected.at(app.now()) {
                assert!(world.has("mei/llm", number).await, "seed {seed}, step {step}: object {number}");
            }
        }
        if expected.trial.is_some() {
            reference::delete_branch(app, &writing, "trial").await.expect("deleted");
        }
        world.wait(RESTORABLE_DAYS + KEPT_DAYS + 1);
        world.collect().await;
        for number in 0..OBJECTS {
            let is_needed = expected.main.contains(&number);
            assert_eq!(world.has("mei/llm", number).await, is_needed, "seed {seed}: object {number}");
        }
        world.hearth.run_jobs().await;
    }
}
