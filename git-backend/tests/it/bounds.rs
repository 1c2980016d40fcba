//! Repositories crafted to cost more than they should.

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    io::{Read as _, Write as _},
    ops::ControlFlow::Continue,
    path::Path,
    process::Stdio,
    time::Duration,
};

use hearth_git::{
    Allowance, BranchName, Capacity, CommitParts, Contributors, DiffRequest, Error, GrepManner, GrepPattern,
    GrepRequest, Kept, LinePlace, LineSide, Log, MOST_PARENTS, NewTag, ObjectId, OpenRepository, Range,
    RefName, Repository, RepositoryStore, Result, Signature, StorageId, TagName, TagTarget, TreePart,
};
use tokio::io::AsyncReadExt;

use crate::support::{Fixture, WorkingCopy, branch, client, path};

/// So little that everything below exceeds it, unless it is bounded.
const SMALL: Allowance =
    Allowance { entries: 3_000, bytes: 2 << 20, time: Duration::from_secs(24 * 60 * 60) };
/// Each level of the bomb holds so many of the next: twelve of them are 10^12 files in fourteen objects.
const WIDTH: usize = 10;
const LEVELS: usize = 12;
const PARENTS: usize = 5_000;
const TITLE_BYTES: usize = 1 << 20;
const DEPTH: usize = 700;

struct Bomb {
    fixture: Fixture,
    targets: Targets,
}

#[derive(Clone, Copy)]
struct Targets {
    /// A commit of a tree that unfolds to 10^12 files, on the branch `main`.
    bomb: ObjectId,
    /// Its child, in which every file differs.
    other: ObjectId,
    /// One with thousands of parents.
    many_parents: ObjectId,
    /// One with a title of a megabyte.
    long_title: ObjectId,
    /// One with folders in folders in folders.
    deep: ObjectId,
    blob: ObjectId,
}

impl Bomb {
    async fn new() -> Self {
        let fixture = Fixture::new().await;
        let copy = fixture.working_copy();
        let blob = object(&copy, "blob", b"small\n");
        let bomb = commit(&copy, unfolding(&copy, blob), &[], "bomb");
        let other_blob = object(&copy, "blob", b"other\n");
        let other = commit(&copy, unfolding(&copy, other_blob), &[bomb], "other");
        let leaf = object(&copy, "tree", &entry("100644", "file", blob));
        let deep = (0..DEPTH).fold(leaf, |tree, _| object(&copy, "tree", &entry("40000", "d", tree)));
        let deep = commit(&copy, deep, &[], "deep");
        let long_title = commit(&copy, leaf, &[], &format!("é{}", "t".repeat(TITLE_BYTES)));
        let parents = [bomb, deep].repeat(PARENTS / 2);
        let many_parents = commit(&copy, leaf, &parents, "many parents");
        for (name, target) in [
            ("heads/main", other),
            ("heads/bomb", bomb),
            ("heads/deep", deep),
            ("heads/title", long_title),
            ("heads/parents", many_parents),
            ("tags/blob", blob),
            ("tags/tree", leaf),
        ] {
            copy.git(&["update-ref", &format!("refs/{name}"), &target.to_string()]);
        }
        let mut nested = bomb;
        for number in 0..50 {
            let kind = if number == 0 { "commit" } else { "tag" };
            let text = format!(
                "object {nested}\ntype {kind}\ntag nested\ntagger Mei <mei@example.org> 1700000000 +0000\n\nnested\n"
            );
            nested = object(&copy, "tag", text.as_bytes());
        }
        copy.git(&["update-ref", "refs/tags/nested", &nested.to_string()]);
        copy.push();
        let targets = Targets { bomb, other, many_parents, long_title, deep, blob };
        Self { fixture, targets }
    }

    /// The repository opened in a store with small limits.
    async fn bounded(&self) -> Repository {
        let root = self.fixture.folder.path().join("repositories");
        RepositoryStore::with(root, Capacity::default(), SMALL)
            .unwrap()
            .open(&StorageId::from(1))
            .await
            .unwrap()
    }
}

fn entry(mode: &str, name: &str, id: ObjectId) -> Vec<u8> {
    [format!("{mode} {name}\0").as_bytes(), id.as_bytes()].concat()
}

fn unfolding(copy: &WorkingCopy, blob: ObjectId) -> ObjectId {
    (0..LEVELS).fold(blob, |below, level| {
        let mode = if level == 0 { "100644" } else { "40000" };
        let entries: Vec<u8> =
            (0..WIDTH).flat_map(|number| entry(mode, &number.to_string(), below)).collect();
        object(copy, "tree", &entries)
    })
}

fn commit(copy: &WorkingCopy, tree: ObjectId, parents: &[ObjectId], message: &str) -> ObjectId {
    let mut text = format!("tree {tree}\n");
    for parent in parents {
        writeln!(text, "parent {parent}").unwrap();
    }
    for role in ["author", "committer"] {
        writeln!(text, "{role} Mei <mei@example.org> 1700000000 +0000").unwrap();
    }
    object(copy, "commit", format!("{text}\n{message}\n").as_bytes())
}

fn object(copy: &WorkingCopy, kind: &str, content: &[u8]) -> ObjectId {
    let mut child = client(&copy.path)
        .args(["hash-object", "-w", "--stdin", "-t", kind])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(content).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap().trim().parse().unwrap()
}

type Reader = fn(&OpenRepository, &Targets) -> Result<()>;

fn tag(name: &str) -> TagName {
    TagName::new(name).unwrap()
}

/// Every public method of an opened repository. A missing one fails the test below.
const READERS: &[(&str, Reader)] = &[
    ("ahead_behind", |git, at| git.ahead_behind(at.many_parents, at.other).map(drop)),
    ("blob", |git, at| git.blob(at.blob, 1 << 20).map(drop)),
    ("blob_reader", |git, at| Ok(git.blob_reader(at.blob)?.1.read_to_end(&mut Vec::new()).map(drop)?)),
    ("blob_size", |git, at| git.blob_size(at.blob).map(drop)),
    ("branch", |git, _| git.branch(&branch("main")).map(drop)),
    ("branches", |git, _| git.branches().map(drop)),
    ("commit", |git, at| git.commit(at.long_title).map(drop)),
    ("cost", |git, _| {
        git.cost();
        Ok(())
    }),
    ("count_contributors", |git, at| git.count_contributors(at.many_parents).map(drop)),
    ("count_commits", |git, at| git.count_commits(at.many_parents).map(drop)),
    ("dated", |git, _| git.dated(git.references(BranchName::PREFIX)?).map(drop)),
    ("default_branch", |git, _| git.default_branch().map(drop)),
    ("diff", |git, at| git.diff(None, at.bomb, &DiffRequest::default()).map(drop)),
    ("diff_commit", |git, at| git.diff_commit(at.other, &DiffRequest::default()).map(drop)),
    ("diff_counts", |git, at| git.diff_counts(&git.commit(at.other)?).map(drop)),
    ("entry", |git, at| git.entry(at.bomb, &path("0/0/0")).map(drop)),
    ("files", |git, at| git.files(at.bomb, usize::MAX).map(drop)),
    ("fill_sizes", |git, at| {
        git.fill_sizes(&mut git.tree(at.bomb, &path("0/0/0/0/0/0/0/0/0/0/0"), 100)?.entries)
    }),
    ("find_entry", |git, at| git.find_entry(at.deep, &path(&"d/".repeat(600)[..1_199])).map(drop)),
    ("has_object", |git, at| {
        git.has_object(at.bomb);
        Ok(())
    }),
    ("head", |git, _| git.head().map(drop)),
    ("is_empty", |git, _| git.is_empty().map(drop)),
    ("keep", |git, _| git.keep(Kept::Languages, b"x")),
    ("keep_contributors", |git, at| {
        let none = Contributors { at: at.bomb, weeks: Vec::new(), people: Vec::new(), is_cut: false };
        git.keep_contributors(&none)
    }),
    ("kept", |git, _| {
        git.kept(Kept::LastCommits);
        Ok(())
    }),
    ("kept_contributors", |git, _| {
        git.kept_contributors();
        Ok(())
    }),
    ("known_count", |git, at| {
        git.known_count(at.bomb);
        Ok(())
    }),
    ("known_last_commits", |git, at| {
        git.known_last_commits(at.bomb, &path(""));
        Ok(())
    }),
    ("lanes", |git, at| git.lanes(&[at.many_parents, at.other], 0, 1_000).map(drop)),
    ("last_commit", |git, at| git.last_commit(at.other, &path("0/0/0")).map(drop)),
    ("last_commits", |git, at| git.last_commits(at.many_parents, &path("")).map(drop)),
    ("log", |git, at| git.log(at.many_parents, &Log::page(100_000, 50)).map(drop)),
    ("log_ids", |git, at| {
        git.log_ids(at.many_parents, &Log { limit: usize::MAX, ..Log::default() }).map(drop)
    }),
    ("path_history", |git, at| {
        git.path_history(at.other, &path("0/0/0/0/0/0/0/0/0/0/0/0"), true, 0, 100).map(drop)
    }),
    ("reference_count", |git, _| git.reference_count(BranchName::PREFIX).map(drop)),
    ("reference", |git, _| git.reference(&RefName::new("refs/tags/blob").unwrap()).map(drop)),
    ("references", |git, _| git.references(BranchName::PREFIX).map(drop)),
    ("resolve", |git, _| git.resolve("main").map(drop)),
    ("resolve_branch", |git, _| git.resolve_branch(&branch("main")).map(drop)),
    ("resolve_commit", |git, at| git.resolve_commit(&at.bomb.short()).map(drop)),
    ("resolve_tag", |git, _| not_a_commit(git.resolve_tag(&tag("nested")).map(drop))),
    ("signed", |git, at| git.signed(at.bomb).map(drop)),
    ("split_branch", |git, _| git.split_branch(&format!("main{}", "/0".repeat(1_000))).map(drop)),
    ("split_tag", |git, _| not_a_commit(git.split_tag("tree/0/0/0").map(drop))),
    ("tag", |git, _| git.tag(&tag("nested")).map(drop)),
    ("tags", |git, _| git.tags().map(drop)),
    ("tree", |git, at| git.tree(at.bomb, &path("0"), 5).map(drop)),
    ("tree_entries", |git, at| git.tree_entries(git.tree_id(at.bomb, &path(""))?, 5).map(drop)),
    ("tree_part", |git, at| {
        let part = TreePart { filter: "0".to_owned(), skip: 3, most: 5 };
        git.tree_part(git.tree_id(at.bomb, &path(""))?, &part).map(drop)
    }),
    ("tree_id", |git, at| git.tree_id(at.bomb, &path("0/1")).map(drop)),
    ("visit_small_blobs", |git, at| git.visit_small_blobs(&[at.bomb], 1024, |_| Continue(()))),
    ("visit_tree", |git, at| git.visit_tree(git.tree_id(at.bomb, &path(""))?, drop)),
    ("walk_tree", |git, at| git.walk_tree(at.bomb, |_| Ok(Continue(()))).map(drop)),
    ("whole", |git, at| git.whole(git.walk_tree(at.bomb, |_| Ok(Continue(())))?)),
    ("write_blob", |git, _| git.write_blob(b"x").map(drop)),
    ("blame", |git, at| git.blame(at.other, &path("0/0/0/0/0/0/0/0/0/0/0/0")).map(drop)),
    ("changed_paths", |git, at| git.changed_paths(at.other, at.bomb, usize::MAX).map(drop)),
    ("cherry_pick", |git, at| git.cherry_pick(at.other, at.deep).map(drop)),
    ("commits_between", |git, at| git.commits_between(&between(at), usize::MAX).map(drop)),
    ("compare", |git, at| git.compare(at.other, at.bomb, 100, &DiffRequest::default()).map(drop)),
    ("find_again", |git, at| git.find_again(&between(at), &backwards(at), &[place()]).map(drop)),
    ("follow", |git, at| git.follow(&between(at), &backwards(at), &[place()]).map(drop)),
    ("grep", |git, at| {
        let pattern = GrepPattern::new("x", GrepManner::default())?;
        let request = GrepRequest {
            pattern,
            paths: Vec::new(),
            most_lines: usize::MAX,
            most_lines_of_file: usize::MAX,
        };
        git.grep(at.bomb, &request).map(drop)
    }),
    ("interdiff", |git, at| git.interdiff(&between(at), &backwards(at), &DiffRequest::default()).map(drop)),
    ("is_ancestor", |git, at| git.is_ancestor(at.deep, at.many_parents).map(drop)),
    ("lines_of", |git, at| git.lines_of(at.blob, 0..u32::MAX).map(drop)),
    ("merge", |git, at| git.merge(at.other, at.deep).map(drop)),
    ("merge_base", |git, at| git.merge_base(at.many_parents, at.other).map(drop)),
    ("merge_resolved", |git, at| git.merge_resolved(at.deep, at.bomb, &[]).map(drop)),
    ("patch_id", |git, at| git.patch_id(Some(at.deep), at.bomb).map(drop)),
    ("range_diff", |git, at| git.range_diff(&between(at), &backwards(at)).map(drop)),
    ("rebase", |git, at| git.rebase(&[at.other], at.deep, &mei()).map(drop)),
    ("revert", |git, at| git.revert(at.other, at.deep).map(drop)),
    ("tag_object", |git, at| git.tag_object(at.bomb).map(drop)),
    ("write_commit", |git, at| {
        let tree = git.tree_id(at.bomb, &path(""))?;
        let (author, committer, message) = (mei(), mei(), "x".to_owned());
        git.write_commit(&CommitParts { tree, parents: vec![at.bomb], author, committer, message }).map(drop)
    }),
    ("write_diff", |git, at| git.write_diff(Some(at.deep), at.bomb, &mut std::io::sink())),
    ("write_patch", |git, at| git.write_patch(at.other, &mut std::io::sink())),
    ("write_patches", |git, at| git.write_patches(&between(at), &mut std::io::sink())),
    ("write_tag", |git, at| {
        let (name, message) = (tag("another"), "x".to_owned());
        git.write_tag(&NewTag { name, target: at.bomb, tagger: mei(), message }).map(drop)
    }),
];

fn between(at: &Targets) -> Range {
    Range { base: at.deep, head: at.many_parents }
}

fn backwards(at: &Targets) -> Range {
    Range { base: at.bomb, head: at.other }
}

fn place() -> LinePlace {
    LinePlace { path: "0/0/0/0/0/0/0/0/0/0/0/0".to_owned(), side: LineSide::New, first_line: 1, last_line: 1 }
}

fn mei() -> Signature {
    Signature::new("Mei", "mei@example.org", jiff::Timestamp::UNIX_EPOCH).unwrap()
}

fn not_a_commit(result: Result<()>) -> Result<()> {
    match result {
        Err(Error::WrongKind("commit")) => Ok(()),
        other => other,
    }
}

#[tokio::test]
async fn every_reader_stays_within_its_budget_in_a_repository_that_unfolds_without_end() {
    let bomb = Bomb::new().await;
    let repository = bomb.bounded().await;
    for with_graph in [false, true] {
        if with_graph {
            repository.after_push().await.unwrap();
        }
        for (name, read) in READERS {
            let targets = bomb.targets;
            let (result, cost) =
                repository.run_expensive(move |git| Ok((read(git, &targets), git.cost()))).await.unwrap();
            assert!(matches!(result, Ok(()) | Err(Error::OverBudget { .. })), "{name}: {result:?}");
            // The extra allowance for finishing a partial answer, and the one object that exceeded the limit.
            let (entries, bytes) = (SMALL.entries * 3 / 2 + PARENTS as u64 + 1, SMALL.bytes * 2);
            assert!(cost.entries <= entries && cost.bytes <= bytes, "{name}: {cost:?}");
        }
    }
    let log = repository.log_of_path(bomb.targets.other, &path("0/0/0"), &Log::page(0, 10)).await.unwrap();
    assert_eq!(log.value.len(), 2);
}

#[test]
fn every_public_reader_is_tried_against_the_bomb() {
    let mut found = BTreeSet::new();
    readers_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    let tried: BTreeSet<_> = READERS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(found, tried, "add new readers of repositories to the table");
}

/// The public methods of `OpenRepository` in the sources of a folder.
fn readers_in(folder: &Path, found: &mut BTreeSet<String>) {
    for file in std::fs::read_dir(folder).unwrap() {
        let file = file.unwrap().path();
        if file.is_dir() {
            readers_in(&file, found);
            continue;
        }
        let text = std::fs::read_to_string(&file).unwrap();
        let blocks = text.split("\nimpl OpenRepository {\n").skip(1);
        for line in blocks.flat_map(|block| block.split("\n}\n").next().unwrap_or_default().lines()) {
            let name = line.strip_prefix("    pub fn ").and_then(|line| line.split(['(', '<']).next());
            found.extend(name.map(str::to_owned));
        }
    }
}

#[tokio::test]
async fn what_is_left_out_is_said() {
    let bomb = Bomb::new().await;
    let targets = bomb.targets;
    bomb.bounded()
        .await
        .run_expensive(move |git| {
            let diff = git.diff_commit(targets.other, &DiffRequest::default())?;
            assert!(diff.left_out.is_some() && diff.is_truncated && !diff.files.is_empty());
            let files = git.files(targets.bomb, 100)?;
            assert!(!files.is_whole() && files.value.len() == 100);
            Ok(())
        })
        .await
        .unwrap();
    bomb.fixture
        .repository
        .run(move |git| {
            let deep = git.files(targets.deep, 100)?;
            assert!(!deep.is_whole() && deep.value.is_empty(), "{deep:?}");
            let many = git.commit(targets.many_parents)?;
            assert_eq!((many.parents.len(), many.parent_count), (MOST_PARENTS, PARENTS));
            let long = git.commit(targets.long_title)?;
            assert!(long.is_cut && long.title.len() < 2_000 && long.title.ends_with("t…"), "{}", long.title);
            for (name, kind) in
                [("blob", TagTarget::Blob), ("tree", TagTarget::Tree), ("nested", TagTarget::Tag)]
            {
                assert_eq!(git.tag(&tag(name))?.unwrap().target_kind, kind);
            }
            Ok(())
        })
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn cheap_questions_are_answered_while_all_places_for_expensive_ones_are_taken() {
    let bomb = Bomb::new().await;
    let store = bomb.fixture.store.clone();
    let (release, held) = std::sync::mpsc::channel::<()>();
    let held = std::sync::Arc::new(std::sync::Mutex::new(held));
    let mut holders = Vec::new();
    // More repositories than there are shares of the permits, each holding its whole share.
    for number in 2..6 {
        let other = store.create(&StorageId::from(number), &branch("main")).await.unwrap();
        for _ in 0..64 {
            let (other, held) = (other.clone(), std::sync::Arc::clone(&held));
            holders.push(tokio::spawn(async move {
                other
                    .run_expensive(move |_| {
                        let _ = held.lock().unwrap().recv();
                        Ok(())
                    })
                    .await
            }));
        }
    }
    let busy = || bomb.fixture.repository.run_expensive_within(Duration::from_millis(50), |_| Ok(()));
    while busy().await.is_ok() {
        tokio::task::yield_now().await;
    }
    assert!(matches!(busy().await, Err(Error::Busy)));
    for _ in 0..100 {
        bomb.fixture.repository.run(|git| git.tree(git.head()?.unwrap(), &path(""), 10)).await.unwrap();
    }
    bomb.fixture.repository.run_in_background(OpenRepository::head).await.unwrap();
    for holder in &holders {
        holder.abort();
    }
    drop(release);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_walk_stops_when_nobody_waits_for_it() {
    let bomb = Bomb::new().await;
    let targets = bomb.targets;
    let (say, heard) = std::sync::mpsc::channel();
    let endless = Allowance { entries: u64::MAX, bytes: u64::MAX, time: Duration::from_secs(24 * 60 * 60) };
    let root = bomb.fixture.folder.path().join("repositories");
    let repository = RepositoryStore::with(root, Capacity::default(), endless)
        .unwrap()
        .open(&StorageId::from(1))
        .await
        .unwrap();
    let walking = repository.clone();
    let walk = tokio::spawn(async move {
        walking
            .run_expensive(move |git| {
                say.send(None).unwrap();
                let walked = git.walk_tree(targets.bomb, |_| Ok(Continue(())));
                say.send(Some(matches!(walked, Err(Error::Cancelled)))).unwrap();
                Ok(())
            })
            .await
    });
    let heard = tokio::task::spawn_blocking(move || {
        assert_eq!(heard.recv(), Ok(None));
        walk.abort();
        heard.recv()
    });
    assert_eq!(heard.await.unwrap(), Ok(Some(true)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_ends_with_its_reader_and_fails_for_its_reader() {
    let bomb = Bomb::new().await;
    let targets = bomb.targets;
    let (say, heard) = std::sync::mpsc::channel();
    let mut stream = bomb
        .fixture
        .repository
        .stream(u64::MAX, move |git, outlet| {
            let walked = git.walk_tree(targets.bomb, |file| {
                outlet.write_all(file.path.as_bytes())?;
                Ok(Continue(()))
            });
            say.send(walked.is_err()).unwrap();
            walked.map(drop)
        })
        .await
        .unwrap();
    stream.read_exact(&mut vec![0; 100_000]).await.unwrap();
    drop(stream);
    assert_eq!(tokio::task::spawn_blocking(move || heard.recv()).await.unwrap(), Ok(true));

    let mut cut = bomb
        .fixture
        .repository
        .stream(1_000, move |git, outlet| {
            outlet.write_all(b"start")?;
            git.whole(git.walk_tree(targets.bomb, |_| Ok(Continue(())))?)
        })
        .await
        .unwrap();
    let mut text = Vec::new();
    assert!(cut.read_to_end(&mut text).await.is_err(), "half an answer is not taken for a whole one");
}
