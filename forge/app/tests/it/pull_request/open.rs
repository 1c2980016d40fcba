use hearth_app::pull_request::{self, HeadName, NewPullRequest};
use hearth_core::{Conflict, Error, IssueState, MergeCheck, PullRequestState};

use super::World;

#[tokio::test]
async fn opening_answers_before_anything_is_compared() {
    let world = World::new().await;
    world.write("bo", ("main", Some("feature")), "new.txt", "new\n").await;
    let opened = world.open("bo", "feature", "main").await.pull_request;
    assert_eq!((opened.state, opened.merge_check), (PullRequestState::Open, MergeCheck::Checking));
    assert_eq!(opened.newest_version, 1);
    assert_eq!(opened.merge_base_id, None, "a job finds it out");
    world.hearth.run_jobs().await;
    let known = world.read(opened.number).await;
    assert_eq!(known.merge_check, MergeCheck::Clean);
    assert!(known.merge_base_id.is_some());
}

#[tokio::test]
async fn a_branch_is_asked_for_once_at_a_time() {
    let world = World::new().await;
    let number = world.asked("feature").await.number;
    let again = world.try_open("mei", "feature", "main").await;
    assert!(matches!(again, Err(Error::Conflict(Conflict::PullRequestExists))), "{again:?}");
    let pulls = world.pulls("bo").await;
    pull_request::close_or_reopen(&world.hearth.app, &pulls, number, IssueState::Closed, "")
        .await
        .expect("its author closes it");
    world.open("mei", "feature", "main").await;
    let reopened =
        pull_request::close_or_reopen(&world.hearth.app, &pulls, number, IssueState::Open, "").await;
    assert!(matches!(reopened, Err(Error::Conflict(Conflict::PullRequestExists))), "{reopened:?}");
}

#[tokio::test]
async fn a_branch_that_is_not_there_or_is_the_base_itself_cannot_be_asked_for() {
    let world = World::new().await;
    assert!(matches!(world.try_open("bo", "gone", "main").await, Err(Error::NotFound(_))));
    assert!(matches!(world.try_open("bo", "main", "gone").await, Err(Error::NotFound(_))));
    let itself = world.try_open("bo", "main", "main").await;
    assert!(matches!(itself, Err(Error::Conflict(Conflict::NothingToMerge))), "{itself:?}");
}

#[tokio::test]
async fn a_repository_that_the_author_may_not_read_is_not_there() {
    let world = World::new().await;
    world.hearth.private_repository("eve/secret").await;
    world.write_in("eve/secret", "eve", ("main", None), "key", "secret\n").await;
    let new = NewPullRequest {
        title: "Look".into(),
        base_branch: "main".into(),
        head: HeadName { repository: Some(("eve".into(), "secret".into())), branch: "main".into() },
        ..NewPullRequest::default()
    };
    let asked = pull_request::open(&world.hearth.app, &world.pulls("bo").await, new).await;
    assert!(matches!(asked, Err(Error::NotFound(_))), "{asked:?}");
}

#[tokio::test]
async fn one_that_was_closed_opens_again_with_what_was_pushed_meanwhile() {
    let world = World::new().await;
    let asked = world.asked("feature").await;
    let (app, pulls) = (&world.hearth.app, world.pulls("bo").await);
    let set = async |state| pull_request::close_or_reopen(app, &pulls, asked.number, state, "").await;
    set(IssueState::Closed).await.expect("closed");
    world.write("bo", ("feature", None), "more.txt", "more\n").await;
    assert_eq!(world.read(asked.number).await.head_id, asked.head_id, "a closed one does not follow");
    set(IssueState::Open).await.expect("open again");
    let reopened = world.read(asked.number).await;
    assert_eq!(reopened.newest_version, 2);
    assert_eq!(Some(reopened.head_id), world.tip("feature").await.map(|tip| tip.to_string()));
}

#[tokio::test]
async fn one_whose_branch_is_gone_does_not_open_again() {
    let world = World::new().await;
    let number = world.asked("feature").await.number;
    let code = world.access("bo", "mei/llm", hearth_app::Unit::Code).await.write().expect("a writer");
    hearth_app::content::delete_branch(&world.hearth.app, &code, "feature").await.expect("deleted");
    world.hearth.run_jobs().await;
    assert_eq!(world.read(number).await.state, PullRequestState::Closed);
    let pulls = world.pulls("bo").await;
    let again = pull_request::close_or_reopen(&world.hearth.app, &pulls, number, IssueState::Open, "").await;
    assert!(matches!(again, Err(Error::Conflict(Conflict::HeadGone))), "{again:?}");
}
