use hearth_git::{Lanes, ObjectId};

use crate::support::{Fixture, WorkingCopy};

async fn lanes(fixture: &Fixture, tips: Vec<ObjectId>, skip: usize, limit: usize) -> Lanes {
    let found = fixture.repository.run_expensive(move |git| git.whole(git.lanes(&tips, skip, limit)?));
    found.await.unwrap()
}

/// Two branches that meet: first ─ second ─ merge, first ─ side.
fn fork_and_merge(copy: &WorkingCopy) -> [ObjectId; 4] {
    let first = copy.commit("first");
    copy.git(&["checkout", "-q", "-b", "side"]);
    let side = copy.commit("side");
    copy.git(&["checkout", "-q", "main"]);
    let second = copy.commit("second");
    copy.git(&["merge", "-q", "--no-ff", "-m", "merge", "side"]);
    let merge = copy.head();
    copy.push();
    [first, side, second, merge]
}

#[tokio::test]
async fn a_merge_opens_a_lane_that_ends_where_the_branch_began() {
    let fixture = Fixture::new().await;
    let [first, side, second, merge] = fork_and_merge(&fixture.working_copy());
    let all = lanes(&fixture, vec![merge, side], 0, 10).await;
    let rows: Vec<_> = all.rows.iter().map(|row| (row.commit.id, row.lane, row.lines.clone())).collect();
    let expected = [
        (merge, 0, vec![(0, 0), (0, 1)]),
        (second, 0, vec![(0, 0), (1, 1)]),
        (side, 1, vec![(0, 0), (1, 0)]),
        (first, 0, vec![]),
    ];
    assert_eq!(rows, expected);
    assert_eq!(all.rows.iter().map(|row| row.has_child).collect::<Vec<_>>(), [false, true, true, true]);
    assert!(!all.has_more);
}

#[tokio::test]
async fn a_later_page_goes_on_in_the_same_lanes() {
    let fixture = Fixture::new().await;
    let [first, side, .., merge] = fork_and_merge(&fixture.working_copy());
    let all = lanes(&fixture, vec![merge, side], 0, 10).await;
    let page = lanes(&fixture, vec![merge, side], 1, 2).await;
    assert_eq!((page.rows, page.has_more), (all.rows[1..3].to_vec(), true));
    assert_eq!(lanes(&fixture, vec![first], 3, 10).await, Lanes::default());
}

#[tokio::test]
async fn a_commit_with_a_wrong_clock_still_stands_below_its_children() {
    let fixture = Fixture::new().await;
    let copy = fixture.working_copy();
    copy.commit("first");
    let late = ["-c", "user.name=Mei", "commit", "-q", "--allow-empty", "-m", "from the future"];
    let status = crate::support::client(&copy.path)
        .env("GIT_COMMITTER_DATE", "2000000000 +0000")
        .args(late)
        .status()
        .unwrap();
    assert!(status.success());
    copy.commit("after it");
    copy.git(&["branch", "other", "HEAD~2"]);
    copy.git(&["checkout", "-q", "other"]);
    copy.commit("beside it");
    copy.push();
    let tips: Vec<ObjectId> =
        ["main", "other"].map(|name| copy.git(&["rev-parse", name]).parse().unwrap()).into();
    let found = lanes(&fixture, tips, 0, 10).await;
    let place = |id: &ObjectId| found.rows.iter().position(|row| row.commit.id == *id).unwrap();
    assert_eq!(found.rows.len(), 4);
    for (at, row) in found.rows.iter().enumerate() {
        assert!(row.commit.parents.iter().all(|parent| place(parent) > at), "{row:?}");
    }
}

#[tokio::test]
async fn commits_of_very_many_parents_open_no_more_lanes_than_can_be_followed() {
    let fixture = Fixture::new().await;
    let copy = fixture.working_copy();
    let first = copy.commit("first");
    let tree = copy.git(&["rev-parse", "HEAD^{tree}"]);
    let mut tip = first.to_string();
    for round in 0..5 {
        let parents: Vec<String> = (0..90)
            .map(|number| copy.git(&["commit-tree", "-m", &format!("{round} {number}"), "-p", &tip, &tree]))
            .collect();
        let named = parents.iter().flat_map(|parent| ["-p", parent]);
        let all: Vec<&str> =
            ["commit-tree", "-m", "octopus"].into_iter().chain(named).chain([tree.as_str()]).collect();
        tip = copy.git(&all);
    }
    copy.git(&["update-ref", "refs/heads/main", &tip]);
    copy.push();
    let found = lanes(&fixture, vec![tip.parse().unwrap()], 0, 1_000).await;
    assert_eq!(found.rows.len(), 1 + 5 * 91);
    let widest = found.rows.iter().flat_map(|row| row.lines.iter().map(|(from, to)| from.max(to))).max();
    assert!(*widest.unwrap() < hearth_git::MOST_LANES);
}
