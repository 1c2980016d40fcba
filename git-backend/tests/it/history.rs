use hearth_git::{AheadBehind, Log, ObjectId, StorageId};

use crate::support::{Fixture, WorkingCopy, branch, path};

/// Three commits on main, two on a side branch, merged.
fn branchy(copy: &WorkingCopy) -> [ObjectId; 6] {
    copy.write("a", "1");
    let first = copy.commit("first");
    copy.git(&["checkout", "-q", "-b", "side"]);
    copy.write("side", "1");
    let side_one = copy.commit("side one");
    copy.git(&["checkout", "-q", "main"]);
    copy.write("a", "2");
    let second = copy.commit("second");
    copy.git(&["checkout", "-q", "side"]);
    copy.write("side", "2");
    let side_two = copy.commit("side two");
    copy.git(&["checkout", "-q", "main"]);
    copy.git(&["merge", "-q", "--no-ff", "-m", "merge", "side"]);
    let merge = copy.head();
    copy.write("a", "3");
    let last = copy.commit("last");
    copy.push();
    [first, side_one, second, side_two, merge, last]
}

#[tokio::test]
async fn log_is_in_order_of_time_with_and_without_a_commit_graph() {
    let fixture = Fixture::new().await;
    let [first, side_one, second, side_two, merge, last] = branchy(&fixture.working_copy());
    for with_graph in [false, true] {
        if with_graph {
            fixture.repository.after_push().await.unwrap();
        }
        fixture
            .repository
            .run(move |git| {
                let all = git.whole(git.log_ids(last, &Log::page(0, 50))?)?;
                assert_eq!(all, [last, merge, side_two, second, side_one, first]);
                assert_eq!(git.whole(git.log_ids(last, &Log::page(1, 2))?)?, [side_two, second, side_one]);
                let own = Log { is_first_parent_only: true, ..Log::page(0, 50) };
                assert_eq!(git.whole(git.log_ids(last, &own)?)?, [last, merge, second, first]);
                let ahead = Log { without: Some(second), ..Log::page(0, 50) };
                assert_eq!(git.whole(git.log_ids(last, &ahead)?)?, [last, merge, side_two, side_one]);
                assert_eq!(git.whole(git.count_commits(last)?)?, 6);
                for (commit, count) in [(first, 1), (side_two, 3), (second, 2), (merge, 5)] {
                    assert_eq!(git.whole(git.count_commits(commit)?)?, count);
                }
                for (one, other, ahead, behind) in [(side_two, second, 2, 1), (last, side_two, 3, 0)] {
                    let counted = git.whole(git.ahead_behind(one, other)?)?;
                    assert_eq!(counted, AheadBehind { ahead, behind });
                    // The other way round, it was not counted without the graph.
                    if with_graph {
                        let counted = git.whole(git.ahead_behind(other, one)?)?;
                        assert_eq!(counted, AheadBehind { ahead: behind, behind: ahead });
                    }
                }
                Ok(())
            })
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn log_of_a_path_lists_only_its_commits() {
    let fixture = Fixture::new().await;
    let [first, _, second, _, _, last] = branchy(&fixture.working_copy());
    let log = fixture.repository.log_of_path(last, &path("a"), &Log::page(0, 10)).await.unwrap().value;
    assert_eq!(log.iter().map(|commit| commit.id).collect::<Vec<_>>(), [last, second, first]);
    let none = fixture.repository.log_of_path(last, &path("*"), &Log::page(0, 10)).await.unwrap().value;
    assert!(none.is_empty());
}

#[tokio::test]
async fn what_was_counted_in_one_repository_says_nothing_in_another() {
    let fixture = Fixture::new().await;
    let [first, .., last] = branchy(&fixture.working_copy());
    let counted = fixture.repository.run(move |git| git.ahead_behind(last, first)).await.unwrap();
    assert_eq!((counted.value.ahead, counted.value.behind), (5, 0));
    let other = fixture.store.create(&StorageId::from(2), &branch("main")).await.unwrap();
    assert!(other.run(move |git| git.ahead_behind(last, first)).await.is_err());
}
