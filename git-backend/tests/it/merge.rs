use std::time::Duration;

use hearth_git::{
    Allowance, Bound, Capacity, CommitParts, ConflictKind, Error, Merge, ObjectId, OpenRepository, Rebase,
    RefUpdate, RepositoryStore, ResolvedFile, StorageId,
};

use crate::support::{Fixture, WorkingCopy, branch, mei};

/// A repository with a working copy on `main`, whose first commit has these files.
async fn start(files: &[(&str, &str)]) -> (Fixture, WorkingCopy) {
    let fixture = Fixture::new().await;
    let copy = fixture.working_copy();
    for (path, content) in files {
        copy.write(path, content);
    }
    copy.commit("base");
    copy.git(&["branch", "topic"]);
    (fixture, copy)
}

/// Commits on a branch and pushes everything.
fn commit_on(copy: &WorkingCopy, branch: &str, files: &[(&str, Option<&str>)]) -> ObjectId {
    copy.git(&["checkout", "-q", branch]);
    for (path, content) in files {
        match content {
            Some(content) => copy.write(path, content),
            None => drop(copy.git(&["rm", "-q", path])),
        }
    }
    let id = copy.commit(&format!("on {branch}"));
    copy.push();
    id
}

async fn merge(fixture: &Fixture, ours: ObjectId, theirs: ObjectId) -> Merge {
    fixture.repository.run_expensive(move |git| git.merge(ours, theirs)).await.unwrap()
}

fn tree_of(merge: Merge) -> ObjectId {
    match merge {
        Merge::Clean { tree } => tree,
        Merge::Conflicts(files) => panic!("{files:?}"),
    }
}

fn parts(tree: ObjectId, parents: Vec<ObjectId>) -> CommitParts {
    CommitParts { tree, parents, author: mei(), committer: mei(), message: "Merge\n".to_owned() }
}

const SONG: &str = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\n";

#[tokio::test]
async fn both_sides_of_a_clean_merge_are_in_the_commit_and_the_repository_is_sound() {
    let (fixture, copy) = start(&[("song", SONG), ("src/a", "a\n"), ("src/b", "b\n")]).await;
    let ours = commit_on(&copy, "main", &[("song", Some(&SONG.replace("two", "2"))), ("src/a", None)]);
    let theirs =
        commit_on(&copy, "topic", &[("song", Some(&SONG.replace("eight", "8"))), ("new/c", Some("c\n"))]);
    let tree = tree_of(merge(&fixture, ours, theirs).await);
    let update = fixture
        .repository
        .run(move |git| {
            let new = git.write_commit(&parts(tree, vec![ours, theirs]))?;
            Ok(RefUpdate { name: branch("main").full(), old: Some(ours), new: Some(new) })
        })
        .await
        .unwrap();
    let merged = update.new.unwrap();
    fixture.repository.update_references(&[update]).await.unwrap();
    let files = fixture
        .repository
        .run(move |git| {
            let files = git.whole(git.files(merged, 10)?)?;
            let song = files.iter().find(|file| file.path == "song").map(|file| file.id).unwrap();
            let text = String::from_utf8(git.blob(song, 1000)?.data.unwrap()).unwrap();
            Ok((files.into_iter().map(|file| file.path).collect::<Vec<_>>(), text))
        })
        .await
        .unwrap();
    assert_eq!(files.0, ["new/c", "song", "src/b"]);
    assert_eq!(files.1, SONG.replace("two", "2").replace("eight", "8"));
    assert_eq!(fixture.repository.fsck().await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn conflicts_are_named_by_file_and_hunk_and_leave_nothing_behind() {
    let (fixture, copy) = start(&[("song", SONG), ("gone", "1\n2\n3\n"), ("image", "\0a")]).await;
    let ours = commit_on(
        &copy,
        "main",
        &[
            ("song", Some(&SONG.replace("two", "2"))),
            ("gone", None),
            ("image", Some("\0b")),
            ("x", Some("1")),
        ],
    );
    let theirs = commit_on(
        &copy,
        "topic",
        &[
            ("song", Some(&SONG.replace("two", "TWO"))),
            ("gone", Some("1\n2\n3\n4\n")),
            ("image", Some("\0c")),
            ("x", Some("2")),
        ],
    );
    let before = crate::server::object_files(&fixture.repository);
    let Merge::Conflicts(files) = merge(&fixture, ours, theirs).await else { panic!("it is not clean") };
    assert_eq!(crate::server::object_files(&fixture.repository), before);
    let kinds: Vec<_> = files.iter().map(|file| (file.path.as_str(), file.kind)).collect();
    assert_eq!(
        kinds,
        [
            ("gone", ConflictKind::DeletedHere),
            ("image", ConflictKind::Binary),
            ("song", ConflictKind::Content),
            ("x", ConflictKind::BothAdded),
        ]
    );
    let hunk = &files[2].hunks[0];
    assert_eq!((hunk.first_line, files[2].hunks.len()), (2, 1));
    assert_eq!(
        (hunk.ours.join(""), hunk.theirs.join(""), hunk.base.join("")),
        ("2".into(), "TWO".into(), "two".into())
    );
    let marked = SONG.replace("two\n", "<<<<<<< ours\n2\n=======\nTWO\n>>>>>>> theirs\n");
    assert_eq!(files[2].merged.as_deref(), Some(marked.as_str()));
    assert_eq!((files[1].merged.is_none(), files[1].hunks.len()), (true, 0));

    let resolved = |paths: &[&str]| -> Vec<ResolvedFile> {
        paths.iter().map(|path| ResolvedFile { path: (*path).into(), content: b"decided\n".into() }).collect()
    };
    let (some, all) = (resolved(&["song", "x"]), resolved(&["song", "x", "gone", "image", "unknown"]));
    let (some, all) = fixture
        .repository
        .run_expensive(move |git| {
            Ok((git.merge_resolved(ours, theirs, &some)?, git.merge_resolved(ours, theirs, &all)?))
        })
        .await
        .unwrap();
    assert!(matches!(some, Merge::Conflicts(files) if files.len() == 4));
    let tree = tree_of(all);
    let names = fixture.repository.run(move |git| git.tree_entries(tree, 10)).await.unwrap();
    assert_eq!(
        names.entries.into_iter().map(|entry| entry.name).collect::<Vec<_>>(),
        ["gone", "image", "song", "x"]
    );
}

#[tokio::test]
async fn changes_follow_a_file_to_its_new_name_and_nobody_decides_for_two_new_names() {
    let (fixture, copy) = start(&[("song", SONG), ("poem", SONG.repeat(2).as_str())]).await;
    let ours = commit_on(&copy, "main", &[("song", Some(&SONG.replace("two", "2")))]);
    copy.git(&["checkout", "-q", "topic"]);
    copy.git(&["mv", "song", "tune"]);
    let theirs = commit_on(&copy, "topic", &[("tune", Some(&SONG.replace("nine", "9")))]);
    let tree = tree_of(merge(&fixture, ours, theirs).await);
    let text = fixture
        .repository
        .run(move |git| {
            let entries = git.tree_entries(tree, 10)?.entries;
            let tune = entries.iter().find(|entry| entry.name == "tune").unwrap().id;
            Ok((entries.len(), git.blob(tune, 1000)?.data.unwrap()))
        })
        .await
        .unwrap();
    assert_eq!(text, (2, SONG.replace("two", "2").replace("nine", "9").into_bytes()));

    copy.git(&["checkout", "-q", "main"]);
    copy.git(&["mv", "song", "ballad"]);
    let apart = commit_on(&copy, "main", &[]);
    let Merge::Conflicts(files) = merge(&fixture, apart, theirs).await else { panic!("it is not clean") };
    assert!(
        files.iter().all(|file| file.kind == ConflictKind::RenamedBoth && file.merged.is_none()),
        "{files:?}"
    );
}

#[tokio::test]
async fn a_driver_in_the_attributes_of_a_repository_is_not_started() {
    let attributes = "* merge=evil filter=evil\n";
    let (fixture, copy) = start(&[("song", SONG), (".gitattributes", attributes)]).await;
    let ours = commit_on(&copy, "main", &[("song", Some(&SONG.replace("two", "2")))]);
    let theirs = commit_on(&copy, "topic", &[("song", Some(&SONG.replace("nine", "9")))]);
    let mark = fixture.folder.path().join("started");
    let config = std::fs::read_to_string(fixture.repository.path().join("config")).unwrap();
    let driver = format!("touch {}", mark.display());
    let evil =
        format!("{config}[merge \"evil\"]\n\tdriver = {driver}\n[filter \"evil\"]\n\tclean = {driver}\n");
    std::fs::write(fixture.repository.path().join("config"), evil).unwrap();
    tree_of(merge(&fixture, ours, theirs).await);
    assert!(!mark.exists());
}

#[tokio::test]
async fn commits_are_applied_taken_back_and_moved() {
    let (fixture, copy) = start(&[("song", SONG)]).await;
    let base = copy.head();
    let onto = commit_on(&copy, "main", &[("other", Some("1\n"))]);
    let first = commit_on(&copy, "topic", &[("song", Some(&SONG.replace("two", "2")))]);
    let same = commit_on(&copy, "topic", &[("other", Some("1\n"))]);
    let last = commit_on(&copy, "topic", &[("song", Some(&SONG.replace("two", "2").replace("nine", "9")))]);
    let work = move |git: &OpenRepository| {
        let picked = tree_of(git.cherry_pick(last, onto)?);
        let back = tree_of(git.revert(first, last)?);
        let Rebase::Done { head, commits } = git.rebase(&[first, same, last], onto, &mei())? else {
            panic!("nothing is in the way")
        };
        let unmoved = git.rebase(&[first, same, last], base, &mei())?;
        Ok((picked, back, head, commits, unmoved, git.commit(head)?, git.commit(last)?))
    };
    let (picked, back, head, commits, unmoved, new, old) =
        fixture.repository.run_expensive(work).await.unwrap();
    assert_eq!(commits.iter().map(|(old, _)| *old).collect::<Vec<_>>(), [first, last], "one became empty");
    assert_eq!(commits[1].1, head);
    assert_eq!((&new.author, &new.title), (&old.author, &old.title));
    assert_eq!((new.committer.name, new.committer.time), (mei().name, mei().time));
    assert_eq!(
        unmoved,
        Rebase::Done { head: last, commits: vec![(first, first), (same, same), (last, last)] }
    );
    let read = |tree: ObjectId| {
        let repository = fixture.repository.clone();
        async move {
            let read = move |git: &OpenRepository| {
                let entries = git.tree_entries(tree, 10)?.entries;
                let song = entries.iter().find(|entry| entry.name == "song").unwrap().id;
                Ok(String::from_utf8(git.blob(song, 1000)?.data.unwrap()).unwrap())
            };
            repository.run(read).await.unwrap()
        }
    };
    assert_eq!(read(picked).await, SONG.replace("nine", "9"));
    assert_eq!(read(back).await, SONG.replace("nine", "9"));
    assert_eq!(read(new.tree).await, SONG.replace("two", "2").replace("nine", "9"));

    let clash = commit_on(&copy, "main", &[("song", Some(&SONG.replace("two", "II")))]);
    let rebased =
        fixture.repository.run_expensive(move |git| git.rebase(&[first], clash, &mei())).await.unwrap();
    assert!(
        matches!(rebased, Rebase::Conflicts { commit, files } if commit == first && files[0].path == "song")
    );
}

#[tokio::test]
async fn ancestors_are_found_across_merges() {
    let (fixture, copy) = start(&[("song", SONG)]).await;
    let base = copy.head();
    let ours = commit_on(&copy, "main", &[("a", Some("1"))]);
    let theirs = commit_on(&copy, "topic", &[("b", Some("1"))]);
    copy.git(&["merge", "-q", "--no-edit", "main"]);
    let merged = copy.head();
    copy.git(&["checkout", "-q", "--orphan", "apart"]);
    let apart = copy.commit("apart");
    copy.push();
    let work = move |git: &OpenRepository| {
        let is = |ancestor, of| git.is_ancestor(ancestor, of);
        Ok((
            [git.merge_base(ours, theirs)?, git.merge_base(ours, merged)?, git.merge_base(apart, ours)?],
            [is(base, merged)?, is(ours, merged)?, is(ours, ours)?, is(merged, ours)?, is(apart, merged)?],
        ))
    };
    let found = fixture.repository.run_expensive(work).await.unwrap();
    assert_eq!(found, ([Some(base), Some(ours), None], [true, true, true, false, false]));
}

#[tokio::test]
async fn a_merge_opens_only_what_differs_and_one_that_costs_too_much_is_refused() {
    let fixture = Fixture::new().await;
    let copy = fixture.working_copy();
    for folder in 0..100 {
        for file in 0..20 {
            copy.write(&format!("f{folder}/{file}"), format!("{folder} {file}\n"));
        }
    }
    copy.commit("base");
    copy.git(&["branch", "topic"]);
    let ours = commit_on(&copy, "main", &[("f1/1", Some("ours\n"))]);
    let theirs = commit_on(&copy, "topic", &[("f2/1", Some("theirs\n"))]);
    let cost = fixture
        .repository
        .run_expensive(move |git| {
            tree_of(git.merge(ours, theirs)?);
            Ok(git.cost().entries)
        })
        .await
        .unwrap();
    assert!(cost < 700, "three roots and the two folders, once to compare and once to write: {cost}");

    let folder = fixture.folder.path().join("repositories");
    let allowance = Allowance { entries: 200, bytes: 1 << 20, time: Duration::from_mins(1) };
    let narrow = RepositoryStore::with(folder, Capacity::default(), allowance).unwrap();
    let narrow = narrow.open(&StorageId::from(1)).await.unwrap();
    let refused = narrow.run_expensive(move |git| git.merge(ours, theirs)).await;
    assert!(matches!(refused, Err(Error::OverBudget { bound: Bound::Entries, .. })), "{refused:?}");
}

#[tokio::test]
async fn the_pairs_of_very_many_bases_are_charged_although_each_commit_is_read_once() {
    const BASES: usize = 80;
    let (fixture, copy) = start(&[("a", "a\n")]).await;
    copy.push();
    let base = copy.head();
    let made = fixture.repository.run_expensive(move |git| {
        let tree = git.commit(base)?.tree;
        let commit =
            |parents, message: String| git.write_commit(&CommitParts { message, ..parts(tree, parents) });
        let bases = (0..BASES).map(|number| commit(vec![base], format!("{number}\n")));
        let bases = bases.collect::<hearth_git::Result<Vec<_>>>()?;
        Ok([commit(bases.clone(), "one\n".to_owned())?, commit(bases, "other\n".to_owned())?])
    });
    let [one, other] = made.await.unwrap();
    let folder = fixture.folder.path().join("repositories");
    let allowance = Allowance { entries: 3_000, bytes: 1 << 20, time: Duration::from_mins(1) };
    let narrow = RepositoryStore::with(folder, Capacity::default(), allowance).unwrap();
    let narrow = narrow.open(&StorageId::from(1)).await.unwrap();
    let refused = narrow.run_expensive(move |git| git.merge_base(one, other)).await;
    assert!(matches!(refused, Err(Error::OverBudget { bound: Bound::Entries, .. })), "{refused:?}");
}
