use std::{collections::BTreeSet, time::Duration};

use hearth_core::{IssueState, LabelId, PageRequest, ThreadEventKind, ThreadNumber};
use hearth_store::{
    Store, assignee, comment, issue,
    issue::{Bodies, IssueFilter, IssueSort, NewIssue},
    label, repository,
    repository::Viewer,
    testing::TestStore,
    thread, thread_dependency, thread_event,
    thread_filter::ThreadFilter,
    timeline,
    timeline::EntryKind,
};
use serde_json::json;

use crate::support::{insert_issue, insert_repository, insert_user, test_start};

async fn counts(store: &Store, id: hearth_core::RepositoryId) -> (i64, i64) {
    let found = repository::find(&mut store.read().await.expect("a reader"), id).await.expect("an answer");
    found.map(|repository| (repository.open_issues, repository.closed_issues)).expect("it is there")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_hundred_issues_opened_at_once_are_numbered_without_gaps_or_doubles() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let repository = insert_repository(&mut writer, &mei, "llm").await;
        writer.commit().await.expect("kept");

        let tasks: Vec<_> = (0..200)
            .map(|place| {
                let (store, mei) = (store.clone(), mei.clone());
                tokio::spawn(async move {
                    loop {
                        // A pool may get more requests than it can serve in time: callers retry.
                        let Ok(mut writer) = store.write().await else { continue };
                        let issue = insert_issue(&mut writer, repository, &mei, &format!("n{place}")).await;
                        if place % 10 == 3 {
                            drop(writer);
                            return None;
                        }
                        writer.commit().await.expect("kept");
                        return Some(issue.number.0);
                    }
                })
            })
            .collect();
        let mut numbers = BTreeSet::new();
        for task in tasks {
            if let Some(number) = task.await.expect("no panic") {
                assert!(numbers.insert(number), "{number} was given twice on {}", store.engine());
            }
        }
        assert_eq!(numbers, (1..=180).collect(), "on {}", store.engine());
        assert_eq!(counts(store, repository).await, (180, 0));
    }
}

#[tokio::test]
async fn an_issue_is_found_in_its_own_repository_alone() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let other = insert_repository(&mut writer, &mei, "other").await;
        let issue = insert_issue(&mut writer, llm, &mei, "Loss is NaN").await;
        assert_eq!((issue.number, issue.version, issue.is_open()), (ThreadNumber(1), 1, true));
        assert_eq!(issue.author, mei.name);
        assert_eq!(
            issue::find(&mut writer, llm, ThreadNumber(1)).await.expect("an answer"),
            Some(issue.clone())
        );
        assert_eq!(issue::find(&mut writer, other, ThreadNumber(1)).await.expect("an answer"), None);
        assert_eq!(
            thread::find_numbers(&mut writer, llm, &[1, 2]).await.expect("an answer"),
            [(issue.id, issue.number)]
        );
        assert_eq!(thread::find_numbers(&mut writer, other, &[1]).await.expect("an answer"), Vec::new());
    }
}

#[tokio::test]
async fn an_edit_of_an_old_version_changes_nothing() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let issue = insert_issue(&mut writer, llm, &mei, "First").await;
        assert!(
            thread::update_text(&mut writer, issue.id, 1, "Second", "b", test_start())
                .await
                .expect("an answer")
        );
        assert!(
            !thread::update_text(&mut writer, issue.id, 1, "Third", "c", test_start())
                .await
                .expect("an answer")
        );
        let now = issue::find(&mut writer, llm, issue.number).await.expect("an answer").expect("it is there");
        assert_eq!((now.title.as_str(), now.body.as_str(), now.version), ("Second", "b", 2));
    }
}

#[tokio::test]
async fn closing_twice_counts_once() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let issue = insert_issue(&mut writer, llm, &mei, "a").await;
        insert_issue(&mut writer, llm, &mei, "b").await;
        let closed = IssueState::Closed;
        assert!(issue::set_state(&mut writer, &issue, closed, test_start()).await.expect("an answer"));
        assert!(!issue::set_state(&mut writer, &issue, closed, test_start()).await.expect("an answer"));
        let now = issue::find(&mut writer, llm, issue.number).await.expect("an answer").expect("it is there");
        assert_eq!((now.state, now.closed_at), (closed, Some(test_start())));
        writer.commit().await.expect("kept");
        assert_eq!(counts(store, llm).await, (1, 1));

        let mut writer = store.write().await.expect("a transaction");
        assert!(
            issue::set_state(&mut writer, &now, IssueState::Open, test_start()).await.expect("an answer")
        );
        writer.commit().await.expect("kept");
        assert_eq!(counts(store, llm).await, (2, 0));
    }
}

#[tokio::test]
async fn lists_are_narrowed_by_every_filter_and_their_totals_with_them() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let bob = insert_user(&mut writer, "bob").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let other = insert_repository(&mut writer, &mei, "other").await;
        let first = insert_issue(&mut writer, llm, &mei, "100% of 数据 lost").await;
        let second = insert_issue(&mut writer, llm, &bob, "Crash_at start").await;
        let third = insert_issue(&mut writer, llm, &bob, "Docs").await;
        insert_issue(&mut writer, other, &bob, "Elsewhere").await;
        let new = label::NewLabel {
            repository_id: llm,
            name: "bug".into(),
            color: "ff0000".into(),
            description: String::new(),
            is_exclusive: false,
            created_at: test_start(),
        };
        let bug = label::insert(&mut writer, &new).await.expect("a label");
        label::attach(&mut writer, second.id, bug.id).await.expect("attached");
        assignee::insert(&mut writer, third.id, mei.id).await.expect("assigned");
        issue::set_state(&mut writer, &first, IssueState::Closed, test_start()).await.expect("closed");
        let later = test_start() + Duration::from_secs(60);
        comment::insert(&mut writer, second.id, mei.id, "see @Bob", later).await.expect("a comment");
        thread::touch(&mut writer, second.id, 1, later).await.expect("counted");
        for (due, is_changed) in [(Some(later), true), (Some(later), false)] {
            let set = thread::set_due(&mut writer, second.id, due, later).await.expect("an answer");
            assert_eq!(set, is_changed);
        }
        // The first is closed, so only the third waits.
        for (blocked, blocker) in [(second.id, first.id), (third.id, second.id)] {
            let made = thread_dependency::insert(&mut writer, blocked, blocker, mei.id, later).await;
            assert!(made.expect("an answer"));
        }

        let everything = IssueFilter::default();
        let nothing = ThreadFilter::default();
        let threads = |thread: ThreadFilter| IssueFilter { state: None, thread };
        let words = |words: &[&str]| {
            threads(ThreadFilter {
                words: words.iter().map(ToString::to_string).collect(),
                ..ThreadFilter::default()
            })
        };
        let cases: Vec<(&str, IssueFilter, Vec<i64>)> = vec![
            ("everything", everything.clone(), vec![3, 2, 1]),
            ("open", IssueFilter { state: Some(IssueState::Open), ..everything.clone() }, vec![3, 2]),
            ("closed", IssueFilter { state: Some(IssueState::Closed), ..everything.clone() }, vec![1]),
            ("author", threads(ThreadFilter { author: Some(mei.id), ..nothing.clone() }), vec![1]),
            ("assignee", threads(ThreadFilter { assignee: Some(mei.id), ..nothing.clone() }), vec![3]),
            ("nobody", threads(ThreadFilter { is_unassigned: true, ..nothing.clone() }), vec![2, 1]),
            ("label", threads(ThreadFilter { labels: vec![bug.id], ..nothing.clone() }), vec![2]),
            (
                "two labels",
                threads(ThreadFilter { labels: vec![bug.id, LabelId(0)], ..nothing.clone() }),
                vec![],
            ),
            ("no label", threads(ThreadFilter { is_unlabeled: true, ..nothing.clone() }), vec![3, 1]),
            (
                "mention",
                threads(ThreadFilter { mentions: Some(bob.name.clone()), ..nothing.clone() }),
                vec![2],
            ),
            ("since", threads(ThreadFilter { since: Some(later), ..nothing.clone() }), vec![2]),
            ("before", threads(ThreadFilter { before: Some(test_start()), ..nothing.clone() }), vec![3, 1]),
            ("word in any case", words(&["CRASH"]), vec![2]),
            ("word of the body", words(&["about", "docs"]), vec![3]),
            ("a sign of LIKE", words(&["100%"]), vec![1]),
            ("another sign", words(&["h_a"]), vec![2]),
            ("not a sign", words(&["1%0"]), vec![]),
            ("Chinese", words(&["数据"]), vec![1]),
            ("due", threads(ThreadFilter { due_before: Some(later), ..nothing.clone() }), vec![2]),
            ("blocked", threads(ThreadFilter { is_blocked: true, ..nothing.clone() }), vec![3]),
            ("nothing", threads(ThreadFilter { is_empty: true, ..nothing.clone() }), vec![]),
        ];
        for (name, filter, expected) in cases {
            let request = PageRequest::default();
            let found = issue::list(&mut writer, llm, &filter, (IssueSort::Newest, Bodies::Whole), request)
                .await
                .expect("a list");
            let numbers: Vec<i64> = found.iter().map(|issue| issue.number.0).collect();
            assert_eq!(numbers, expected, "{name} on {}", store.engine());
            let total = issue::count(&mut writer, llm, &filter).await.expect("a total");
            assert_eq!(total, numbers.len() as u64, "{name} on {}", store.engine());
            let page = issue::search(&mut writer, llm, &filter, (IssueSort::Newest, Bodies::Whole), request);
            let page = page.await.expect("a page");
            assert_eq!(page.issues, found, "{name} on {}", store.engine());
            for (state, count) in [(IssueState::Open, page.open), (IssueState::Closed, page.closed)] {
                let of_state = IssueFilter { state: Some(state), ..filter.clone() };
                let expected = issue::count(&mut writer, llm, &of_state).await.expect("a count");
                assert_eq!(count, expected, "{name}, {state:?}, on {}", store.engine());
            }
        }
    }
}

#[tokio::test]
async fn lists_come_in_every_order_and_in_parts() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        for place in 1..=3_u64 {
            let new = NewIssue {
                repository_id: llm,
                author_id: mei.id,
                title: place.to_string(),
                body: String::new(),
                created_at: test_start() + Duration::from_secs(place),
            };
            issue::insert(&mut writer, &new).await.expect("an issue");
        }
        let first = issue::find(&mut writer, llm, ThreadNumber(1)).await.expect("an answer").expect("there");
        thread::touch(&mut writer, first.id, 5, test_start() + Duration::from_secs(9))
            .await
            .expect("touched");
        let orders = [
            (IssueSort::Newest, [3, 2, 1]),
            (IssueSort::Oldest, [1, 2, 3]),
            (IssueSort::RecentlyUpdated, [1, 3, 2]),
            (IssueSort::LeastRecentlyUpdated, [2, 3, 1]),
            (IssueSort::MostCommented, [1, 3, 2]),
            (IssueSort::LeastCommented, [3, 2, 1]),
        ];
        for (sort, expected) in orders {
            let (everything, mut numbers) = (IssueFilter::default(), Vec::new());
            for page in 1..=3 {
                let part = issue::list(
                    &mut writer,
                    llm,
                    &everything,
                    (sort, Bodies::LeftOut),
                    PageRequest::new(page, 1),
                );
                numbers.extend(part.await.expect("a part").iter().map(|issue| issue.number.0));
            }
            assert_eq!(numbers, expected, "{sort} on {}", store.engine());
        }
    }
}

#[tokio::test]
async fn people_are_assigned_once_and_listed_by_name() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let bob = insert_user(&mut writer, "Bob").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let issue = insert_issue(&mut writer, llm, &mei, "a").await;
        assert!(assignee::insert(&mut writer, issue.id, mei.id).await.expect("an answer"));
        assert!(assignee::insert(&mut writer, issue.id, bob.id).await.expect("an answer"));
        assert!(!assignee::insert(&mut writer, issue.id, bob.id).await.expect("an answer"));
        let names: Vec<String> = assignee::list(&mut writer, &[issue.id])
            .await
            .expect("a list")
            .into_iter()
            .map(|assignee| assignee.name.to_string())
            .collect();
        assert_eq!(names, ["Bob", "mei"]);
        assert!(assignee::delete(&mut writer, issue.id, bob.id).await.expect("an answer"));
        assert!(!assignee::delete(&mut writer, issue.id, bob.id).await.expect("an answer"));
    }
}

#[tokio::test]
async fn events_come_back_in_order_with_their_actor() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let issue = insert_issue(&mut writer, llm, &mei, "a").await;
        let renamed = json!({ "from": "a", "to": "b" });
        thread_event::insert(&mut writer, issue.id, mei.id, ThreadEventKind::Renamed, renamed, test_start())
            .await
            .expect("an event");
        thread_event::insert(&mut writer, issue.id, mei.id, ThreadEventKind::Closed, json!({}), test_start())
            .await
            .expect("an event");
        let order = timeline::list(&mut writer, issue.id, Viewer::Anybody, 0, 9).await.expect("a list");
        assert!(order.iter().all(|entry| entry.kind == EntryKind::Event));
        let ids: Vec<i64> = order.iter().map(|entry| entry.id).collect();
        let events = thread_event::find_all(&mut writer, issue.id, &ids).await.expect("a list");
        assert_eq!(
            events.iter().map(|event| event.kind).collect::<Vec<_>>(),
            [ThreadEventKind::Renamed, ThreadEventKind::Closed]
        );
        assert_eq!((events[0].text("from"), events[0].text("nothing")), ("a", ""));
        assert_eq!(events[0].actor.as_ref(), Some(&mei.name));
    }
}

#[tokio::test]
async fn a_deleted_issue_is_counted_nowhere_and_takes_everything_with_it() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let id = insert_repository(&mut writer, &mei, "llm").await;
        let open = insert_issue(&mut writer, id, &mei, "open").await;
        let closed = insert_issue(&mut writer, id, &mei, "closed").await;
        issue::set_state(&mut writer, &closed, IssueState::Closed, test_start()).await.expect("closed");
        comment::insert(&mut writer, open.id, mei.id, "x", test_start()).await.expect("said");
        issue::set_branch(&mut writer, &open, Some("try")).await.expect("kept");
        let found = issue::find(&mut writer, id, open.number).await.expect("an answer").expect("it is there");
        assert_eq!(found.branch.as_deref(), Some("try"));
        let closed =
            issue::find(&mut writer, id, closed.number).await.expect("an answer").expect("it is there");
        issue::delete(&mut writer, &open, test_start()).await.expect("deleted");
        writer.commit().await.expect("kept");
        assert_eq!(counts(store, id).await, (0, 1));
        let mut writer = store.write().await.expect("a transaction");
        issue::delete(&mut writer, &closed, test_start()).await.expect("deleted");
        assert!(issue::find(&mut writer, id, open.number).await.expect("an answer").is_none());
        let next = insert_issue(&mut writer, id, &mei, "next").await;
        assert_eq!(next.number, ThreadNumber(3), "a number is given once");
        writer.commit().await.expect("kept");
        assert_eq!(counts(store, id).await, (1, 0));
    }
}
