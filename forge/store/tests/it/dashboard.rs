use std::time::Duration;

use hearth_core::{MergeCheck, RepositoryId, ReviewVerdict, ThreadId, UserId, Visibility};
use hearth_store::{
    Writer, assignee,
    dashboard::{self, TurnReason, Visit},
    grant::Viewer,
    issue::{self, NewIssue},
    pull_request::{self, Check},
    pull_request_version::{self, NewVersion},
    repository::{self, Changes},
    review,
    review_request::{self, NewReviewRequest, Reviewer},
    testing::TestStore,
};

use crate::support::{insert_pull_request, insert_repository, insert_review, insert_user, test_start};

async fn insert_assigned(writer: &mut Writer, repository: RepositoryId, title: &str, user: UserId, at: u64) {
    let new = NewIssue {
        repository_id: repository,
        author_id: user,
        title: title.into(),
        body: String::new(),
        created_at: test_start() + Duration::from_secs(at),
    };
    let issue = issue::insert(writer, &new).await.expect("kept");
    assignee::insert(writer, issue.thread.id, user).await.expect("kept");
}

#[tokio::test]
async fn the_open_issues_of_a_person_are_listed_as_far_as_they_may_read_them() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await.id;
        let owner = insert_user(&mut writer, "lin").await;
        let lin = owner.id;
        let open = insert_repository(&mut writer, &owner, "open").await;
        let hidden = insert_repository(&mut writer, &owner, "hidden").await;
        let private = Changes { visibility: Some(Visibility::Private), ..Changes::default() };
        repository::update(&mut writer, hidden, &private, test_start()).await.expect("kept");
        insert_assigned(&mut writer, open, "first", mei, 0).await;
        insert_assigned(&mut writer, open, "second", mei, 1).await;
        insert_assigned(&mut writer, hidden, "third", mei, 2).await;
        insert_assigned(&mut writer, open, "of lin", lin, 3).await;
        let titles = async |writer: &mut Writer, user, most| {
            let found =
                dashboard::list_assigned(writer, user, Viewer::Person(user), most).await.expect("rows");
            found.into_iter().map(|issue| issue.title).collect::<Vec<_>>()
        };
        assert_eq!(titles(&mut writer, mei, 10).await, ["second", "first"]);
        assert_eq!(titles(&mut writer, mei, 1).await, ["second"]);
        assert_eq!(titles(&mut writer, lin, 10).await, ["of lin"]);
    }
}

#[tokio::test]
async fn a_look_replaces_the_one_before() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await.id;
        assert_eq!(dashboard::find_visit(&mut writer, mei).await.expect("an answer"), None);
        for minutes in [1, 2] {
            let visit =
                Visit { news_since: test_start(), seen_at: test_start() + Duration::from_mins(minutes) };
            dashboard::put_visit(&mut writer, mei, &visit).await.expect("kept");
            assert_eq!(dashboard::find_visit(&mut writer, mei).await.expect("an answer"), Some(visit));
        }
    }
}

async fn request(writer: &mut Writer, thread_id: ThreadId, reviewer: Reviewer) {
    let (requested_by, is_by_code_owners, created_at) = (None, false, test_start());
    let new = NewReviewRequest { thread_id, reviewer, requested_by, is_by_code_owners, created_at };
    assert!(review_request::insert(writer, &new).await.expect("an answer"));
}

async fn check(writer: &mut Writer, thread: ThreadId, result: MergeCheck) {
    let found = pull_request::find_by_id(writer, thread).await.expect("an answer").expect("it is there");
    let check = Check {
        head_id: found.head_id.clone(),
        base_branch: found.base_branch.clone(),
        base_id: found.base_id.clone(),
        merge_base_id: None,
        result,
        conflicts: None,
    };
    assert!(pull_request::set_check(writer, thread, &check).await.expect("an answer"));
}

async fn push(writer: &mut Writer, thread_id: ThreadId) -> i64 {
    let new = NewVersion {
        thread_id,
        head_id: "c".repeat(40),
        base_id: "b".repeat(40),
        pusher_id: None,
        is_forced: false,
        created_at: test_start(),
    };
    pull_request_version::insert(writer, &new).await.expect("a version")
}

async fn turns(writer: &mut Writer, user: UserId) -> Vec<(TurnReason, String)> {
    let found = dashboard::list_turns(writer, user, Viewer::Person(user), 10).await.expect("rows");
    let mut found: Vec<_> = found.into_iter().map(|turn| (turn.reason, turn.title)).collect();
    found.sort();
    found
}

#[tokio::test]
async fn a_pull_request_waits_for_its_reviewers_and_then_for_its_author() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let bo = insert_user(&mut writer, "bo").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let pull = insert_pull_request(&mut writer, llm, &mei, "fix").await.id;
        check(&mut writer, pull, MergeCheck::Clean).await;
        assert_eq!(turns(&mut writer, bo.id).await, []);
        request(&mut writer, pull, Reviewer::Person(bo.id)).await;
        let title = || "Merge fix".to_owned();
        assert_eq!(turns(&mut writer, bo.id).await, [(TurnReason::ReviewRequested, title())]);
        assert_eq!(turns(&mut writer, mei.id).await, []);

        insert_review(&mut writer, pull, &bo, (ReviewVerdict::RequestChanges, 1), 1).await;
        assert_eq!(turns(&mut writer, bo.id).await, []);
        assert_eq!(turns(&mut writer, mei.id).await, [(TurnReason::ChangesRequested, title())]);

        assert_eq!(push(&mut writer, pull).await, 2);
        check(&mut writer, pull, MergeCheck::Clean).await;
        assert_eq!(turns(&mut writer, bo.id).await, [(TurnReason::ReviewRequested, title())]);
        assert_eq!(turns(&mut writer, mei.id).await, [], "the reviewer has not said that it is right now");

        // Their answer has taken the request with it.
        assert!(review_request::delete(&mut writer, pull, Reviewer::Person(bo.id)).await.expect("an answer"));
        assert_eq!(turns(&mut writer, bo.id).await, [(TurnReason::ReviewRequested, title())]);

        insert_review(&mut writer, pull, &bo, (ReviewVerdict::Approve, 2), 2).await;
        assert_eq!(turns(&mut writer, bo.id).await, []);
        assert_eq!(turns(&mut writer, mei.id).await, [(TurnReason::ReadyToMerge, title())]);
        assert_eq!(
            review::lapse_approvals(&mut writer, pull, 3, &[], test_start()).await.expect("a count"),
            1
        );
        assert_eq!(turns(&mut writer, mei.id).await, []);
        assert_eq!(turns(&mut writer, bo.id).await, [(TurnReason::ReviewRequested, title())]);
        check(&mut writer, pull, MergeCheck::Conflicting).await;
        assert_eq!(turns(&mut writer, mei.id).await, [(TurnReason::Conflicts, title())]);
        assert_eq!(turns(&mut writer, bo.id).await, [], "what will change is not reviewed");
        assert!(pull_request::set_draft(&mut writer, pull, true, test_start()).await.expect("an answer"));
        assert_eq!(turns(&mut writer, mei.id).await, []);
    }
}

#[tokio::test]
async fn what_is_closed_or_hidden_waits_for_nobody() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let bo = insert_user(&mut writer, "bo").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let pull = insert_pull_request(&mut writer, llm, &mei, "fix").await;
        request(&mut writer, pull.id, Reviewer::Person(bo.id)).await;
        assert_eq!(turns(&mut writer, bo.id).await.len(), 1);
        let private = Changes { visibility: Some(Visibility::Private), ..Changes::default() };
        repository::update(&mut writer, llm, &private, test_start()).await.expect("kept");
        assert_eq!(turns(&mut writer, bo.id).await, []);
        let public = Changes { visibility: Some(Visibility::Public), ..Changes::default() };
        repository::update(&mut writer, llm, &public, test_start()).await.expect("kept");
        assert!(pull_request::set_closed(&mut writer, &pull, test_start()).await.expect("an answer"));
        assert_eq!(turns(&mut writer, bo.id).await, []);
    }
}
