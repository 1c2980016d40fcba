use hearth_git::{AheadBehind, Log, ObjectId};

use crate::support::{Fixture, WorkingCopy, path};

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
                assert_eq!(
                    git.whole(git.ahead_behind(side_two, second)?)?,
                    AheadBehind { ahead: 2, behind: 1 }
                );
                assert_eq!(
                    git.whole(git.ahead_behind(last, side_two)?)?,
                    AheadBehind { ahead: 3, behind: 0 }
                );
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
