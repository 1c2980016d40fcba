//! Pull requests on top of each other.

use hearth_core::{MergeCheck, MergeMethod, PullRequestState, ThreadNumber};

use super::World;

/// `lower` into main, `middle` into lower, `upper` into middle, each with one file.
async fn stack(world: &World) -> [ThreadNumber; 3] {
    world.write("bo", ("main", Some("lower")), "lower.txt", "lower\n").await;
    world.write("bo", ("lower", Some("middle")), "middle.txt", "middle\n").await;
    world.write("bo", ("middle", Some("upper")), "upper.txt", "upper\n").await;
    let mut numbers = Vec::new();
    for (head, base) in [("lower", "main"), ("middle", "lower"), ("upper", "middle")] {
        numbers.push(world.open("bo", head, base).await.pull_request.number);
    }
    world.hearth.run_jobs().await;
    numbers.try_into().expect("three")
}

#[tokio::test]
async fn a_chain_is_shown_from_the_lowest_to_the_highest() {
    let world = World::new().await;
    let numbers = stack(&world).await;
    for (place, number) in numbers.iter().enumerate() {
        let chain =
            hearth_app::pull_request::chain(&world.hearth.app, &world.pulls("mei").await, *number).await;
        let chain = chain.expect("an answer");
        assert_eq!(chain.iter().map(|link| link.number).collect::<Vec<_>>(), numbers);
        assert_eq!(chain[place].height, 0);
    }
}

#[tokio::test]
async fn whatever_the_method_those_above_ask_for_their_own_commits_alone() {
    for method in [MergeMethod::Merge, MergeMethod::Squash, MergeMethod::Rebase] {
        let world = World::new().await;
        let [lower, middle, upper] = stack(&world).await;
        world.write("mei", ("main", None), "main.txt", "main\n").await;
        world.merge(lower, method).await.expect("merged");
        world.hearth.run_jobs().await;
        let middle = world.read(middle).await;
        assert_eq!((middle.base_branch.as_str(), middle.state), ("main", PullRequestState::Open), "{method}");
        let pulls = world.pulls("mei").await;
        for number in [middle.number, upper] {
            let own = hearth_app::pull_request::commits(&world.hearth.app, &pulls, number).await;
            assert_eq!(own.expect("an answer").commits.len(), 1, "{method} {number}");
            assert_eq!(world.read(number).await.merge_check, MergeCheck::Clean, "{method} {number}");
        }
        assert_eq!(world.read(upper).await.base_branch, "middle");
        world.merge(middle.number, method).await.expect("merged");
        world.hearth.run_jobs().await;
        world.merge(upper, method).await.expect("merged");
        for file in ["lower.txt", "middle.txt", "upper.txt"] {
            assert!(world.text("main", file).await.is_some(), "{method} {file}");
        }
    }
}

#[tokio::test]
async fn a_branch_that_goes_on_keeps_what_is_asked_for_it() {
    let world = World::new().await;
    world.write("bo", ("main", Some("develop")), "develop.txt", "1\n").await;
    world.write("bo", ("develop", Some("first")), "first.txt", "1\n").await;
    let first = world.open("bo", "first", "develop").await.pull_request.number;
    world.hearth.run_jobs().await;
    world.merge(first, MergeMethod::Merge).await.expect("merged");
    world.write("bo", ("develop", Some("second")), "second.txt", "2\n").await;
    let second = world.open("bo", "second", "develop").await.pull_request.number;
    let release = world.open("bo", "develop", "main").await.pull_request.number;
    world.hearth.run_jobs().await;
    world.merge(release, MergeMethod::Merge).await.expect("merged");
    world.hearth.run_jobs().await;
    assert_eq!(world.read(second).await.base_branch, "develop");
}
