use hearth_app::{
    Unit,
    branch_rule::{self, NewRule},
    content, merge,
    pull_request::{self, HeadName, NewPullRequest},
};
use hearth_core::{BranchRuleSettings, Conflict, Error, MergeMethod, PullRequestState, RuleKind, WhoMay};

use super::{World, by};

#[tokio::test]
async fn a_merged_branch_is_deleted_and_comes_back_where_it_was() {
    let world = World::new().await;
    let asked = world.asked("feature").await;
    let tip = world.tip("feature").await;
    let new = merge::NewMerge { deletes_branch: true, ..by(MergeMethod::Merge) };
    let merged = world.merge_as("mei", asked.number, new).await.expect("merged");
    assert!(merged.is_branch_deleted);
    assert_eq!(world.tip("feature").await, None);
    let pulls = world.pulls("mei").await;
    merge::restore_head_branch(&world.hearth.app, &pulls, asked.number).await.expect("restored");
    assert_eq!(world.tip("feature").await, tip);
}

#[tokio::test]
async fn what_strangers_ask_for_elsewhere_keeps_no_branch_from_being_deleted() {
    let world = World::new().await;
    let asked = world.asked("feature").await;
    world.hearth.repository("eve/copy").await;
    world.write_in("eve/copy", "eve", ("main", None), "README.md", "copy\n").await;
    let new = NewPullRequest {
        title: "Everything".into(),
        base_branch: "main".into(),
        head: HeadName { repository: Some(("mei".into(), "llm".into())), branch: "feature".into() },
        ..NewPullRequest::default()
    };
    let elsewhere = world.access("eve", "eve/copy", Unit::Pulls).await;
    pull_request::open(&world.hearth.app, &elsewhere, new).await.expect("opened");
    let new = merge::NewMerge { deletes_branch: true, ..by(MergeMethod::Merge) };
    let merged = world.merge_as("mei", asked.number, new).await.expect("merged");
    assert!(merged.is_branch_deleted);
}

#[tokio::test]
async fn a_protected_branch_outlives_its_merge_even_by_those_who_may_bypass_the_rule() {
    let world = World::new().await;
    let asked = world.asked("release").await;
    let settings = BranchRuleSettings {
        delete: WhoMay::Nobody,
        bypass: WhoMay::Administrators,
        ..BranchRuleSettings::default()
    };
    let rule = NewRule { kind: RuleKind::Branch, pattern: "release".into(), settings };
    let code = world.access("mei", "mei/llm", Unit::Code).await.administer().expect("the owner");
    branch_rule::create(&world.hearth.app, &code, &rule).await.expect("created");
    let new = merge::NewMerge { deletes_branch: true, ..by(MergeMethod::Merge) };
    let merged = world.merge_as("mei", asked.number, new).await.expect("merged");
    assert!(!merged.is_branch_deleted && world.tip("release").await.is_some());
}

#[tokio::test]
async fn a_branch_to_which_something_was_pushed_since_is_kept() {
    let world = World::new().await;
    let asked = world.asked("feature").await;
    world.merge(asked.number, MergeMethod::Merge).await.expect("merged");
    world.write("bo", ("feature", None), "more.txt", "more\n").await;
    let pulls = world.pulls("mei").await;
    let kept = merge::delete_head_branch(&world.hearth.app, &pulls, asked.number).await;
    assert!(matches!(kept, Err(Error::Conflict(Conflict::HeadMoved))), "{kept:?}");
    assert!(world.tip("feature").await.is_some());
}

#[tokio::test]
async fn the_branch_of_an_open_one_is_not_deleted_by_its_page() {
    let world = World::new().await;
    let asked = world.asked("feature").await;
    let pulls = world.pulls("mei").await;
    let kept = merge::delete_head_branch(&world.hearth.app, &pulls, asked.number).await;
    assert!(matches!(kept, Err(Error::Conflict(Conflict::State))), "{kept:?}");
}

#[tokio::test]
async fn what_was_to_go_into_a_deleted_branch_goes_where_that_was_to_go() {
    let world = World::new().await;
    world.asked("lower").await;
    world.write("bo", ("lower", Some("upper")), "upper.txt", "upper\n").await;
    let upper = world.open("bo", "upper", "lower").await.pull_request.number;
    let code = world.access("bo", "mei/llm", Unit::Code).await.write().expect("a writer");
    content::delete_branch(&world.hearth.app, &code, "lower").await.expect("deleted");
    world.hearth.run_jobs().await;
    let upper = world.read(upper).await;
    assert_eq!((upper.base_branch.as_str(), upper.state), ("main", PullRequestState::Open));
}
