use std::{collections::BTreeSet, time::Duration};

use hearth_core::{
    LabelId, MergedAs, PageRequest, PullRequestState, RepositoryId, ReviewVerdict, ThreadNumber,
};
use hearth_store::{
    Store, Writer, assignee, label, milestone,
    milestone::NewMilestone,
    pull_request::{self, Merged},
    pull_request_list::{self, Branch, PullRequestFilter},
    pull_request_version::{self, NewVersion},
    review,
    review_request::{self, NewReviewRequest, Reviewer},
    testing::TestStore,
    thread_filter::{Bodies, ThreadFilter, ThreadSort},
};

use crate::support::{
    insert_issue, insert_pull_request, insert_repository, insert_review, insert_user, new_pull_request,
    test_start,
};

async fn numbers(
    writer: &mut Writer,
    repository: RepositoryId,
    filter: &PullRequestFilter,
    sort: ThreadSort,
) -> Vec<i64> {
    let order = (sort, Bodies::LeftOut);
    let found = pull_request_list::list(writer, repository, filter, order, PageRequest::default())
        .await
        .expect("a list");
    assert!(found.iter().all(|pull| pull.body.is_empty()));
    found.iter().map(|pull| pull.number.0).collect()
}

#[tokio::test]
async fn every_condition_narrows_the_list_and_the_count_alike() {
    use PullRequestState::{Closed, Merged as HasMerged, Open};
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let bo = insert_user(&mut writer, "bo").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let fork = insert_repository(&mut writer, &bo, "llm").await;
        insert_issue(&mut writer, llm, &mei, "no pull request").await;
        let open = insert_pull_request(&mut writer, llm, &mei, "fix").await;
        let mut new = new_pull_request(llm, &bo, "docs");
        (new.is_draft, new.head_repository_id) = (true, fork);
        let draft = pull_request::insert(&mut writer, &new).await.expect("a draft");
        let closed = insert_pull_request(&mut writer, llm, &mei, "idea").await;
        let mut new = new_pull_request(llm, &mei, "train");
        new.base_branch = "next".into();
        let merged = pull_request::insert(&mut writer, &new).await.expect("a pull request");
        pull_request::set_closed(&mut writer, &closed, test_start()).await.expect("closed");
        let merge = Merged {
            commit_id: "d".repeat(40),
            method: MergedAs::Merge,
            by: None,
            base_id: "d".repeat(40),
            at: test_start(),
        };
        pull_request::set_merged(&mut writer, &merged, &merge).await.expect("merged");
        assignee::insert(&mut writer, open.id, bo.id).await.expect("assigned");
        let request = NewReviewRequest {
            thread_id: open.id,
            reviewer: Reviewer::Person(bo.id),
            requested_by: Some(mei.id),
            is_by_code_owners: false,
            created_at: test_start(),
        };
        review_request::insert(&mut writer, &request).await.expect("requested");
        insert_review(&mut writer, merged.id, &bo, (ReviewVerdict::Approve, 1), 0).await;
        review::begin(&mut writer, open.id, bo.id, 1, test_start()).await.expect("begun");
        let new = NewMilestone {
            repository_id: llm,
            title: "1.0".into(),
            description: String::new(),
            due_at: None,
            created_at: test_start(),
        };
        let first = milestone::insert(&mut writer, &new).await.expect("a milestone");
        milestone::set_of_thread(&mut writer, draft.id, Some(first.id), test_start()).await.expect("set");

        let all = PullRequestFilter::default;
        let threads = |thread: ThreadFilter| PullRequestFilter { thread, ..PullRequestFilter::default() };
        let plain = ThreadFilter::default;
        let cases = [
            ("all", all(), vec![5, 4, 3, 2]),
            ("open", PullRequestFilter { states: vec![Open], ..all() }, vec![3, 2]),
            ("not open", PullRequestFilter { states: vec![Closed, HasMerged], ..all() }, vec![5, 4]),
            ("merged", PullRequestFilter { states: vec![HasMerged], ..all() }, vec![5]),
            ("drafts", PullRequestFilter { is_draft: Some(true), ..all() }, vec![3]),
            (
                "open, no draft",
                PullRequestFilter { states: vec![Open], is_draft: Some(false), ..all() },
                vec![2],
            ),
            ("base", PullRequestFilter { base_branch: Some("next".into()), ..all() }, vec![5]),
            ("head", PullRequestFilter { head_branch: Some("docs".into()), ..all() }, vec![3]),
            ("fork", PullRequestFilter { head_repository: Some(fork), ..all() }, vec![3]),
            ("requested", PullRequestFilter { review_requested: Some(bo.id), ..all() }, vec![2]),
            ("reviewed", PullRequestFilter { reviewed_by: Some(bo.id), ..all() }, vec![5]),
            ("author", threads(ThreadFilter { author: Some(bo.id), ..plain() }), vec![3]),
            ("assignee", threads(ThreadFilter { assignee: Some(bo.id), ..plain() }), vec![2]),
            ("milestone", threads(ThreadFilter { milestone: Some(first.id), ..plain() }), vec![3]),
            ("no milestone", threads(ThreadFilter { has_no_milestone: true, ..plain() }), vec![5, 4, 2]),
            ("word", threads(ThreadFilter { words: vec!["DOCS".into()], ..plain() }), vec![3]),
            ("nothing", threads(ThreadFilter { labels: vec![LabelId(9)], ..plain() }), vec![]),
        ];
        for (name, filter, expected) in cases {
            let found = numbers(&mut writer, llm, &filter, ThreadSort::Newest).await;
            assert_eq!(found, expected, "{name} on {}", store.engine());
            let count = pull_request_list::count(&mut writer, llm, &filter).await.expect("a count");
            assert_eq!(count, expected.len() as u64, "{name} on {}", store.engine());
        }
        for sort in ThreadSort::ALL {
            let found = numbers(&mut writer, llm, &all(), *sort).await;
            assert_eq!(BTreeSet::from_iter(found), BTreeSet::from([2, 3, 4, 5]), "{sort}");
        }
        assert_eq!(label::count_open_issues(&mut writer, llm).await.expect("counts"), []);
    }
}

#[tokio::test]
async fn a_push_finds_the_open_pull_requests_that_its_branch_has_to_do_with() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let other = insert_repository(&mut writer, &mei, "other").await;
        let mut elsewhere = new_pull_request(other, &mei, "fix");
        elsewhere.head_repository_id = llm;
        let elsewhere = pull_request::insert(&mut writer, &elsewhere).await.expect("a pull request");
        let fix = insert_pull_request(&mut writer, llm, &mei, "fix").await;
        let mut upper = new_pull_request(llm, &mei, "more");
        upper.base_branch = "fix".into();
        let upper = pull_request::insert(&mut writer, &upper).await.expect("a pull request");
        let closed = insert_pull_request(&mut writer, llm, &mei, "old").await;
        pull_request::set_closed(&mut writer, &closed, test_start()).await.expect("closed");

        let branch = Branch { repository: llm, name: "fix" };
        let found = pull_request_list::list_open_by_head(&mut writer, branch, 9).await.expect("a list");
        assert_eq!(found.iter().map(|pull| pull.id).collect::<Vec<_>>(), [fix.id, elsewhere.id]);
        let found = pull_request_list::list_open_by_base(&mut writer, branch, 9).await.expect("a list");
        assert_eq!(found.iter().map(|pull| pull.id).collect::<Vec<_>>(), [upper.id]);
        let found = pull_request_list::list_open_of_head_repository(&mut writer, llm, 2).await;
        assert_eq!(found.expect("a list").len(), 2);
        let head = "a".repeat(40);
        let found = pull_request_list::list_open_at(&mut writer, llm, &head, 9).await.expect("a list");
        assert_eq!(found.iter().map(|pull| pull.id).collect::<Vec<_>>(), [fix.id, upper.id]);
        let latest =
            pull_request_list::find_latest_of_head(&mut writer, llm, "old").await.expect("an answer");
        assert_eq!(latest.map(|latest| latest.id), Some(closed.id));
    }
}

async fn open_one(store: &Store, repository: RepositoryId, author: &hearth_store::user::User, head: String) {
    let mut writer = store.write().await.expect("a transaction");
    let pull = insert_pull_request(&mut writer, repository, author, &head).await;
    let new = NewVersion {
        thread_id: pull.id,
        head_id: "c".repeat(40),
        base_id: "b".repeat(40),
        pusher_id: None,
        is_forced: false,
        created_at: test_start() + Duration::from_secs(1),
    };
    assert_eq!(pull_request_version::insert(&mut writer, &new).await.expect("a version"), 2);
    writer.commit().await.expect("kept");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_pull_requests_opened_at_once_are_counted_without_loss() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        writer.commit().await.expect("kept");
        let tasks: Vec<_> = (0..50)
            .map(|number| {
                let (store, mei) = (store.clone(), mei.clone());
                tokio::spawn(async move { open_one(&store, llm, &mei, format!("branch-{number}")).await })
            })
            .collect();
        for task in tasks {
            task.await.expect("it was opened");
        }
        let mut reader = store.read().await.expect("a reader");
        let all = PullRequestFilter::default();
        assert_eq!(pull_request_list::count(&mut reader, llm, &all).await.expect("a count"), 50);
        let last = pull_request::find(&mut reader, llm, ThreadNumber(50)).await.expect("an answer");
        assert_eq!(last.map(|last| last.newest_version), Some(2));
    }
}
