use std::time::Duration;

use hearth_core::{IssueState, MergedAs, MilestoneState, PageRequest, RepositoryId};
use hearth_store::{
    Writer, issue,
    milestone::{self, Milestone, MilestoneFilter, MilestoneSort, NewMilestone},
    pull_request::{self, Merged},
    testing::TestStore,
    thread,
};

use crate::support::{insert_issue, insert_pull_request, insert_repository, insert_user, test_start};

async fn insert(
    writer: &mut Writer,
    repository_id: RepositoryId,
    title: &str,
    due: Option<u64>,
) -> Milestone {
    let new = NewMilestone {
        repository_id,
        title: title.into(),
        description: String::new(),
        due_at: due.map(|seconds| test_start() + Duration::from_secs(seconds)),
        created_at: test_start(),
    };
    milestone::insert(writer, &new).await.expect("a milestone")
}

async fn counts(writer: &mut Writer, of: &Milestone) -> (i64, i64) {
    let found = milestone::find(writer, of.repository_id, of.id).await.expect("an answer").expect("there");
    (found.open_threads, found.closed_threads)
}

#[tokio::test]
async fn a_milestone_counts_issues_and_pull_requests_as_they_are_opened_and_closed() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let issue = insert_issue(&mut writer, llm, &mei, "Crash").await;
        let pull = insert_pull_request(&mut writer, llm, &mei, "fix").await;
        let first = insert(&mut writer, llm, "1.0", None).await;
        let next = insert(&mut writer, llm, "2.0", None).await;
        assert_eq!(first.percent_done(), None);
        for id in [issue.id, pull.id] {
            let set = milestone::set_of_thread(&mut writer, id, Some(first.id), test_start()).await;
            assert!(set.expect("an answer"));
            let set = milestone::set_of_thread(&mut writer, id, Some(first.id), test_start()).await;
            assert!(!set.expect("an answer"));
        }
        assert_eq!(counts(&mut writer, &first).await, (2, 0));
        issue::set_state(&mut writer, &issue, IssueState::Closed, test_start()).await.expect("closed");
        let merge = Merged {
            commit_id: "d".repeat(40),
            method: MergedAs::Merge,
            by: None,
            base_id: "d".repeat(40),
            at: test_start(),
        };
        pull_request::set_merged(&mut writer, &pull, &merge).await.expect("merged");
        assert_eq!(counts(&mut writer, &first).await, (0, 2));
        issue::set_state(&mut writer, &issue, IssueState::Open, test_start()).await.expect("reopened");
        assert_eq!(counts(&mut writer, &first).await, (1, 1));
        milestone::set_of_thread(&mut writer, issue.id, Some(next.id), test_start()).await.expect("moved");
        assert_eq!((counts(&mut writer, &first).await, counts(&mut writer, &next).await), ((0, 1), (1, 0)));
        let held = milestone::list_of_threads(&mut writer, &[issue.id, pull.id]).await.expect("a list");
        let titles: Vec<_> = held.iter().map(|(id, held)| (*id, held.title.as_str())).collect();
        assert_eq!(titles, [(issue.id, "2.0"), (pull.id, "1.0")]);
        milestone::set_of_thread(&mut writer, issue.id, None, test_start()).await.expect("taken out");
        assert_eq!(counts(&mut writer, &next).await, (0, 0));
        assert!(milestone::delete(&mut writer, first.id).await.expect("an answer"));
        let left = thread::find_by_id(&mut writer, pull.id).await.expect("an answer").expect("it stays");
        assert_eq!(left.milestone_id, None);
    }
}

#[tokio::test]
async fn milestones_are_found_by_state_and_title_and_sorted_by_what_is_due() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let other = insert_repository(&mut writer, &mei, "other").await;
        let some_day = insert(&mut writer, llm, "Some day", None).await;
        let late = insert(&mut writer, llm, "Late", Some(20)).await;
        let mut soon = insert(&mut writer, llm, "Soon", Some(10)).await;
        insert(&mut writer, other, "Soon", None).await;
        let everything = MilestoneFilter::default();
        let request = PageRequest::default();
        for (sort, expected) in [
            (MilestoneSort::DueFirst, ["Soon", "Late", "Some day"]),
            (MilestoneSort::DueLast, ["Late", "Soon", "Some day"]),
            (MilestoneSort::Title, ["Late", "Some day", "Soon"]),
        ] {
            let listed = milestone::list(&mut writer, llm, &everything, sort, request).await.expect("a list");
            assert_eq!(listed.iter().map(|one| one.title.as_str()).collect::<Vec<_>>(), expected);
        }
        soon.state = MilestoneState::Closed;
        let (closing, later) = (test_start() + Duration::from_secs(1), test_start() + Duration::from_secs(2));
        milestone::update(&mut writer, &soon, closing).await.expect("kept");
        milestone::update(&mut writer, &soon, later).await.expect("kept");
        let found = milestone::lock(&mut writer, llm, soon.id).await.expect("an answer").expect("there");
        assert_eq!((found.state, found.closed_at), (MilestoneState::Closed, Some(closing)));
        soon.state = MilestoneState::Open;
        milestone::update(&mut writer, &soon, later).await.expect("kept");
        let found = milestone::find(&mut writer, llm, soon.id).await.expect("an answer").expect("there");
        assert_eq!(found.closed_at, None);
        let some = MilestoneFilter { title: Some("SOME".into()), state: Some(MilestoneState::Open) };
        assert_eq!(milestone::count(&mut writer, llm, &some).await.expect("a count"), 1);
        let found = milestone::find_by_title(&mut writer, llm, "some DAY").await.expect("an answer");
        assert_eq!(found.map(|found| found.id), Some(some_day.id));
        assert_eq!(milestone::find(&mut writer, other, late.id).await.expect("an answer"), None);
    }
}
