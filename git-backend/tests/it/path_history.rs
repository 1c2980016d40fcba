use hearth_git::{ObjectId, PathChange};

use crate::support::{Fixture, WorkingCopy, path};

async fn history(fixture: &Fixture, head: ObjectId, file: &str, follows_names: bool) -> Vec<PathChange> {
    let file = path(file);
    let found = fixture.repository.run_expensive(move |git| {
        let answer = git.path_history(head, &file, follows_names, 0, 1_000)?;
        git.whole(answer)
    });
    found.await.unwrap()
}

fn told_by_git(copy: &WorkingCopy, arguments: &[&str]) -> Vec<ObjectId> {
    let text = copy.git(&[&["log", "--format=%H"], arguments].concat());
    text.lines().map(|line| line.parse().unwrap()).collect()
}

/// Branches, merges, deletions and changes from one seed.
fn grow(copy: &WorkingCopy, steps: u64, seed: u64) {
    let mut state = seed;
    let mut random = |bound: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % bound
    };
    for step in 0..steps {
        let file = ["a", "src/b", "src/c"][usize::try_from(random(3)).unwrap()];
        if random(8) == 0 && copy.path.join(file).exists() {
            std::fs::remove_file(copy.path.join(file)).unwrap();
        } else {
            copy.write(file, if random(4) == 0 { "same".to_owned() } else { format!("{seed} {step}") });
        }
        copy.commit(&format!("step {step}"));
        if random(4) == 0 {
            let (name, here) = (format!("b{}", random(3)), copy.git(&["branch", "--show-current"]));
            if here == name {
                continue;
            }
            if copy.try_git(&["rev-parse", "--verify", "-q", &name]).status.success() {
                if !copy
                    .try_git(&["merge", "-q", "--no-ff", "-X", "ours", "-m", "merge", &name])
                    .status
                    .success()
                {
                    copy.git(&["add", "--all"]);
                    copy.git(&["commit", "-q", "-m", "merge"]);
                }
            } else {
                copy.git(&["branch", &name]);
            }
            copy.git(&["checkout", "-q", &name]);
        }
    }
    copy.git(&["checkout", "-q", "-B", "tip"]);
}

#[tokio::test]
async fn the_history_of_a_path_is_that_of_git_with_and_without_filters() {
    for seed in [3, 11] {
        let fixture = Fixture::new().await;
        let copy = fixture.working_copy();
        grow(&copy, 50, seed);
        for round in 0..3 {
            copy.push();
            for file in ["a", "src/b", "src", "absent", "*"] {
                let found = history(&fixture, copy.head(), file, false).await;
                let ids: Vec<ObjectId> = found.iter().map(|change| change.commit).collect();
                // The asterisk is a name, not a pattern.
                let literal = format!(":(literal){file}");
                assert_eq!(ids, told_by_git(&copy, &["--", &literal]), "{file}, round {round}, seed {seed}");
            }
            // From what is known, and then with the filters of the commit-graph.
            grow(&copy, 10, seed + 100 + round);
            fixture.repository.after_push().await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_file_is_followed_under_its_old_names() {
    let fixture = Fixture::new().await;
    let copy = fixture.working_copy();
    let text: Vec<String> = (0..30).map(|number| format!("line {number}")).collect();
    copy.write("song", text.join("\n"));
    copy.write("other", "x");
    let first = copy.commit("begin");
    copy.write("song", text[1..].join("\n"));
    let second = copy.commit("change");
    copy.git(&["mv", "song", "tune"]);
    let third = copy.commit("rename");
    std::fs::create_dir(copy.path.join("music")).unwrap();
    copy.git(&["mv", "tune", "music/tune"]);
    copy.write("music/tune", text[2..].join("\n"));
    let fourth = copy.commit("move");
    copy.push();
    let found = history(&fixture, fourth, "music/tune", true).await;
    let told = |change: &PathChange| {
        (change.commit, change.path.to_string(), change.renamed_from.as_deref().map(str::to_owned))
    };
    let expected = [
        (fourth, "music/tune", Some("tune")),
        (third, "tune", Some("song")),
        (second, "song", None),
        (first, "song", None),
    ];
    let expected: Vec<_> =
        expected.map(|(id, path, from)| (id, path.to_owned(), from.map(str::to_owned))).into();
    assert_eq!(found.iter().map(told).collect::<Vec<_>>(), expected);
    assert_eq!(told_by_git(&copy, &["--follow", "--", "music/tune"]), [fourth, third, second, first]);
    assert_eq!(history(&fixture, fourth, "music/tune", false).await.len(), 1);
}

#[tokio::test]
async fn a_history_is_found_once_and_read_in_pages() {
    let fixture = Fixture::new().await;
    let copy = fixture.working_copy();
    for number in 0..20 {
        copy.write("a", format!("{number}"));
        copy.commit(&format!("{number}"));
    }
    copy.push();
    let head = copy.head();
    let costs = fixture.repository.run_expensive(move |git| {
        let whole = git.whole(git.path_history(head, &path("a"), true, 0, 20)?)?;
        let before = git.cost().entries;
        let part = git.whole(git.path_history(head, &path("a"), true, 5, 3)?)?;
        assert_eq!(part, whole[5..8]);
        assert!(git.whole(git.path_history(head, &path("a"), true, 20, 3)?)?.is_empty());
        Ok((before, git.cost().entries))
    });
    let (before, after) = costs.await.unwrap();
    assert_eq!(before, after, "nothing is walked again");
}
