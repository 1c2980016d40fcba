use hearth_git::{ObjectId, Repository};

use crate::support::{Fixture, WorkingCopy, path};

const FOLDERS: [&str; 3] = ["", "src", "src/deep"];

/// Commits, branches and merges derived from one seed, touching few files again and again.
fn grow(copy: &WorkingCopy, steps: u64, seed: u64) {
    let mut state = seed;
    let mut random = |bound: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % bound
    };
    for step in 0..steps {
        let folder = ["", "src/", "src/deep/", "doc/"][usize::try_from(random(4)).unwrap()];
        let file = format!("{folder}f{}", random(5));
        let content = if random(4) == 0 { "same".to_owned() } else { format!("{seed} {step}") };
        copy.write(&file, content);
        copy.commit(&format!("step {step}"));
        if random(3) == 0 {
            let name = format!("b{}", random(4));
            let current = copy.git(&["branch", "--show-current"]);
            if current == name {
                continue;
            }
            if copy.try_git(&["rev-parse", "--verify", "-q", &name]).status.success() {
                copy.git(&["merge", "-q", "--no-ff", "-X", "ours", "-m", "merge", &name]);
            } else {
                copy.git(&["branch", &name]);
            }
            copy.git(&["checkout", "-q", &name]);
        }
    }
    copy.git(&["checkout", "-q", "-B", "tip"]);
}

async fn compare(copy: &WorkingCopy, repository: &Repository, commit: ObjectId) {
    for folder in FOLDERS {
        let answer = repository.run(move |git| git.last_commits(commit, &path(folder))).await.unwrap();
        let names = copy.git(&["ls-tree", "--name-only", &format!("{commit}:{folder}")]);
        assert_eq!(names.lines().count(), answer.len());
        for name in names.lines() {
            let at = path(folder).join(name).unwrap();
            let expected = copy.git(&["log", "-1", "--format=%H %s", &commit.to_string(), "--", at.as_str()]);
            let found = answer.get(name).unwrap();
            assert_eq!(format!("{} {}", found.id, found.title), expected, "{at} at {commit}");
        }
    }
}

#[tokio::test]
async fn last_commits_agree_with_git_on_a_branchy_history() {
    for seed in [1, 7] {
        let fixture = Fixture::new().await;
        let copy = fixture.working_copy();
        grow(&copy, 60, seed);
        copy.push();
        let old = copy.head();
        // Nothing is cached and there is no commit-graph.
        compare(&copy, &fixture.repository, old).await;
        fixture.repository.after_push().await.unwrap();
        grow(&copy, 12, seed + 100);
        copy.push();
        // Computed from the cached answer, partly outside the commit-graph.
        compare(&copy, &fixture.repository, copy.head()).await;
        fixture.repository.after_push().await.unwrap();
        assert!(fixture.repository.path().join("objects/info/commit-graphs/commit-graph-chain").exists());

        // From scratch again, with the filters of split files.
        let store = hearth_git::RepositoryStore::at(fixture.folder.path().join("repositories")).unwrap();
        let repository = store.open(fixture.repository.id()).await.unwrap();
        compare(&copy, &repository, copy.head()).await;
        compare(&copy, &repository, old).await;
        fixture.repository.maintain().await.unwrap();
        let store = hearth_git::RepositoryStore::at(fixture.folder.path().join("repositories")).unwrap();
        compare(&copy, &store.open(fixture.repository.id()).await.unwrap(), copy.head()).await;
    }
}

/// A hundred files, each of its own commit.
fn wide(copy: &WorkingCopy) {
    for number in 0..100 {
        copy.write(&format!("many/{number}"), "1");
        copy.commit(&format!("file {number}"));
    }
    copy.push();
}

async fn cost_of(repository: &Repository, commit: ObjectId) -> u64 {
    let cost = repository.run_expensive(move |git| {
        let answer = git.last_commits(commit, &path("many"))?;
        assert_eq!((answer.len(), answer.get("7").unwrap().title.as_str()), (100, "file 7"));
        Ok(git.cost().entries)
    });
    cost.await.unwrap()
}

#[tokio::test]
async fn a_restart_keeps_what_is_costly_to_find_and_a_damaged_file_is_found_again() {
    let fixture = Fixture::new().await;
    let copy = fixture.working_copy();
    wide(&copy);
    let first = cost_of(&fixture.repository, copy.head()).await;
    let restarted = || async {
        let store = hearth_git::RepositoryStore::at(fixture.folder.path().join("repositories")).unwrap();
        store.open(fixture.repository.id()).await.unwrap()
    };
    let kept = cost_of(&restarted().await, copy.head()).await;
    assert!(kept * 10 < first, "{kept} entries instead of {first}");

    // What was pushed since is looked at, and nothing older.
    copy.write("many/100", "1");
    copy.commit("one more");
    copy.git(&["rm", "-q", "many/100"]);
    copy.commit("one less");
    copy.push();
    let carried = cost_of(&restarted().await, copy.head()).await;
    assert!(carried * 5 < first, "{carried} entries instead of {first}");

    let file = fixture.repository.path().join("hearth/last-commits");
    let mut data = std::fs::read(&file).unwrap();
    *data.last_mut().unwrap() ^= 1;
    std::fs::write(&file, data).unwrap();
    assert!(cost_of(&restarted().await, copy.head()).await >= first);
}

#[tokio::test]
async fn a_push_finds_the_commits_of_large_folders_before_anybody_asks() {
    let fixture = Fixture::new().await;
    let copy = fixture.working_copy();
    (0..500).for_each(|number| copy.write(&format!("large/{number}"), "1"));
    copy.write("small/1", "1");
    copy.commit("all");
    copy.push();
    fixture.repository.after_push().await.unwrap();
    let head = copy.head();
    let known = fixture.repository.run(move |git| {
        let known = |folder| git.known_last_commits(head, &path(folder)).is_some();
        Ok(["", "large", "small"].map(known))
    });
    assert_eq!(known.await.unwrap(), [true, true, false]);
}
