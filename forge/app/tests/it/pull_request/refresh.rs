use hearth_app::pull_request::{self, Edit};
use hearth_core::{MergeCheck, MergedAs, PullRequestState};
use hearth_git::{RefName, head_ref, merge_ref, version_ref};

use super::World;

async fn reference(world: &World, name: RefName) -> Option<hearth_git::ObjectId> {
    let row = world.repository("mei/llm").await;
    let git = hearth_app::repository::git(&world.hearth.app, &row).await.expect("files");
    git.run(move |git| git.reference(&name)).await.expect("an answer")
}

#[tokio::test]
async fn every_push_is_a_version_that_stays_reachable() {
    let world = World::new().await;
    let asked = world.asked("feature").await;
    let first = world.tip("feature").await;
    world.write("bo", ("feature", None), "more.txt", "more\n").await;
    let moved = world.read(asked.number).await;
    assert_eq!((moved.newest_version, moved.merge_check), (2, MergeCheck::Checking), "at once");
    world.hearth.run_jobs().await;
    let number = asked.number.0;
    assert_eq!(reference(&world, version_ref(number, 1)).await, first);
    assert_eq!(reference(&world, version_ref(number, 2)).await, world.tip("feature").await);
    assert_eq!(reference(&world, head_ref(number)).await, world.tip("feature").await);
    assert!(reference(&world, merge_ref(number)).await.is_some());
    let versions = pull_request::versions(&world.hearth.app, &world.pulls("mei").await, asked.number).await;
    let versions = versions.expect("an answer");
    assert_eq!(versions.iter().map(|version| version.commits).collect::<Vec<_>>(), [1, 2]);
    assert!(versions.iter().all(|version| version.patch_id.is_some() && !version.is_forced));
}

#[tokio::test]
async fn a_second_run_changes_nothing() {
    let world = World::new().await;
    let asked = world.asked("feature").await;
    let merge = reference(&world, merge_ref(asked.number.0)).await;
    let job = hearth_app::jobs::RefreshPullRequest { thread_id: asked.id };
    hearth_app::jobs::enqueue(&world.hearth.app, &job).await.expect("enqueued");
    world.hearth.run_jobs().await;
    assert_eq!(world.read(asked.number).await, asked);
    assert_eq!(reference(&world, merge_ref(asked.number.0)).await, merge);
}

#[tokio::test]
async fn a_conflict_is_known_before_anybody_merges_and_goes_when_it_is_settled() {
    let world = World::new().await;
    world.write("bo", ("main", Some("feature")), "README.md", "one\n2\nthree\n").await;
    let number = world.open("bo", "feature", "main").await.pull_request.number;
    world.write("mei", ("main", None), "README.md", "one\nII\nthree\n").await;
    world.hearth.run_jobs().await;
    assert_eq!(world.read(number).await.merge_check, MergeCheck::Conflicting);
    let shown = hearth_app::merge::merge_box(&world.hearth.app, &world.pulls("mei").await, number).await;
    let shown = shown.expect("an answer");
    assert_eq!(shown.conflicts.iter().map(|file| file.path.as_str()).collect::<Vec<_>>(), ["README.md"]);
    assert_eq!(reference(&world, merge_ref(number.0)).await, None);
    world.write("bo", ("feature", None), "README.md", "one\nII\nthree\n").await;
    world.write("bo", ("feature", None), "other.txt", "other\n").await;
    world.hearth.run_jobs().await;
    assert_eq!(world.read(number).await.merge_check, MergeCheck::Clean);
}

#[tokio::test]
async fn what_somebody_pushes_to_the_base_is_merged() {
    let world = World::new().await;
    let asked = world.asked("feature").await;
    let code = world.access("mei", "mei/llm", hearth_app::Unit::Code).await.write().expect("a writer");
    let tip = world.tip("feature").await;
    let git = hearth_app::repository::git(&world.hearth.app, code.repository()).await.expect("files");
    let update = hearth_git::RefUpdate {
        name: RefName::new("refs/heads/main").expect("a name"),
        old: world.tip("main").await,
        new: tip,
    };
    git.update_references(std::slice::from_ref(&update)).await.expect("moved");
    hearth_app::push::record(&world.hearth.app, code.repository(), None, &[update]).await.expect("recorded");
    world.hearth.run_jobs().await;
    let merged = world.read(asked.number).await;
    assert_eq!(merged.state, PullRequestState::Merged);
    assert_eq!(merged.merge_method, Some(MergedAs::ManuallyMerged));
    assert_eq!(merged.merge_commit_id, tip.map(|tip| tip.to_string()));
}

#[tokio::test]
async fn a_branch_without_commits_of_its_own_has_nothing_to_merge() {
    let world = World::new().await;
    let code = world.access("bo", "mei/llm", hearth_app::Unit::Code).await.write().expect("a writer");
    hearth_app::content::create_branch(&world.hearth.app, &code, "same", "main").await.expect("created");
    let number = world.open("bo", "same", "main").await.pull_request.number;
    world.hearth.run_jobs().await;
    let known = world.read(number).await;
    assert_eq!((known.state, known.merge_check), (PullRequestState::Open, MergeCheck::Empty));
}

#[tokio::test]
async fn another_base_is_a_version_of_its_own() {
    let world = World::new().await;
    let asked = world.asked("feature").await;
    world.write("mei", ("main", Some("release")), "release.txt", "1\n").await;
    let edit = Edit { base_branch: Some("release".into()), ..Edit::default() };
    let card = pull_request::edit(&world.hearth.app, &world.pulls("bo").await, asked.number, edit).await;
    let edited = card.expect("its author may").pull_request;
    assert_eq!((edited.base_branch.as_str(), edited.newest_version), ("release", 2));
    world.hearth.run_jobs().await;
    assert_eq!(world.read(asked.number).await.merge_check, MergeCheck::Clean);
}
