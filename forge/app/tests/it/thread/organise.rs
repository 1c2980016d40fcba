//! Labels that exclude each other, due dates, pins, dependencies, and changes to many threads at once.

use std::time::Duration;

use hearth_app::{
    Access,
    issue::{self, NewIssue},
    label::{self, LabelInput},
    milestone::{self, NewMilestone},
    saved_query::{self, List},
    testing::{TestHearth, test_start},
    thread::{
        self,
        bulk::{self, BulkChange},
        dependency::{self, ThreadName},
        pin,
    },
};
use hearth_core::{Conflict, Error, IssueState, LabelId, Read, ThreadEventKind, ThreadKind, ThreadNumber};

use super::{enter, open, reference::commit};

fn here(number: i64) -> ThreadName {
    ThreadName { repository: None, number: ThreadNumber(number) }
}

async fn label(hearth: &TestHearth, access: &Access<Read>, name: &str, is_exclusive: bool) -> LabelId {
    let input =
        LabelInput { name: name.into(), color: "aabbcc".into(), is_exclusive, ..LabelInput::default() };
    label::create(&hearth.app, &access.write().expect("the owner"), &input).await.expect("made").id
}

#[tokio::test]
async fn an_exclusive_label_replaces_those_of_its_scope() {
    for hearth in &TestHearth::all().await {
        hearth.repository("mei/llm").await;
        let mei = enter(hearth, "mei", "mei/llm").await;
        let writing = mei.write().expect("the owner");
        let low = label(hearth, &mei, "priority/low", true).await;
        let high = label(hearth, &mei, "Priority/high", true).await;
        let free = label(hearth, &mei, "priority/unclear", false).await;
        let bug = label(hearth, &mei, "bug", true).await;
        let both = NewIssue { title: "a".into(), labels: vec![low, bug, high], ..NewIssue::default() };
        let card = issue::open(&hearth.app, &mei, both).await.expect("opened");
        let names = |labels: Vec<label::Label>| -> Vec<String> {
            labels.into_iter().map(|label| label.name).collect()
        };
        let number = card.issue.number;
        assert_eq!(names(card.labels), ["bug", "Priority/high"], "the last of two counts");
        let held =
            thread::edit_labels(&hearth.app, &writing, number, &[low, free], &[]).await.expect("changed");
        assert_eq!(names(held), ["bug", "priority/low", "priority/unclear"]);
        let held = thread::set_labels(&hearth.app, &writing, number, &[high]).await.expect("changed");
        assert_eq!(names(held), ["Priority/high"]);
    }
}

#[tokio::test]
async fn three_issues_are_pinned_in_an_order_and_no_more() {
    for hearth in &TestHearth::all().await {
        hearth.repository("mei/llm").await;
        let mei = enter(hearth, "mei", "mei/llm").await;
        let writing = mei.write().expect("the owner");
        for title in ["a", "b", "c", "d"] {
            open(hearth, &mei, title, "").await;
        }
        let app = &hearth.app;
        for number in [1, 2, 2, 3] {
            pin::pin(app, &writing, ThreadNumber(number)).await.expect("there is room");
        }
        assert!(!pin::has_room(app, &mei, ThreadKind::Issue).await.expect("an answer"));
        let refused = pin::pin(app, &writing, ThreadNumber(4)).await;
        assert!(matches!(refused, Err(Error::TooLarge(limit)) if limit.name == "pinned-threads"));
        pin::move_to(app, &writing, ThreadNumber(3), 1).await.expect("moved");
        pin::unpin(app, &writing, ThreadNumber(1)).await.expect("unpinned");
        pin::unpin(app, &writing, ThreadNumber(1)).await.expect("twice is once");
        let pins = pin::list(app, &mei, ThreadKind::Issue).await.expect("a list");
        let order: Vec<_> = pins.iter().map(|pinned| (pinned.place, pinned.number.0)).collect();
        assert_eq!(order, [(1, 3), (2, 2)]);
        let moved = pin::move_to(app, &writing, ThreadNumber(1), 1).await;
        assert!(matches!(moved, Err(Error::NotFound(_))), "what is not pinned has no place");
    }
}

#[tokio::test]
async fn what_waits_for_something_open_is_closed_by_choice_alone() {
    for hearth in &TestHearth::all().await {
        hearth.repository("mei/llm").await;
        let mei = enter(hearth, "mei", "mei/llm").await;
        let writing = mei.write().expect("the owner");
        for title in ["release", "fix", "test"] {
            open(hearth, &mei, title, "").await;
        }
        let app = &hearth.app;
        let (release, fix) = (ThreadNumber(1), ThreadNumber(2));
        dependency::add_blocker(app, &writing, release, &here(2)).await.expect("added");
        dependency::add_blocker(app, &writing, release, &here(2)).await.expect("twice is once");
        dependency::add_blocked(app, &mei, ThreadNumber(3), &here(2)).await.expect("added");
        for (blocked, blocker) in [(3, 1), (2, 1), (1, 1)] {
            let circle = dependency::add_blocker(app, &writing, ThreadNumber(blocked), &here(blocker)).await;
            assert!(
                matches!(circle, Err(Error::Conflict(Conflict::DependencyCycle))),
                "{blocked} after {blocker}: {circle:?}"
            );
        }
        let refused = issue::close_or_reopen(app, &mei, release, IssueState::Closed, "").await;
        assert!(matches!(refused, Err(Error::Conflict(Conflict::Blocked))), "{refused:?}");
        issue::close_anyway(app, &mei, fix, "").await.expect("by choice");
        issue::close_or_reopen(app, &mei, release, IssueState::Closed, "")
            .await
            .expect("nothing is in the way");
        dependency::remove_blocker(app, &writing, release, &here(2)).await.expect("removed");
        let card = issue::find(app, &mei, release).await.expect("there");
        let left = dependency::list(app, &mei, &card.issue).await.expect("a list");
        assert_eq!(left, dependency::Dependencies::default());
    }
}

#[tokio::test]
async fn a_dependency_on_a_hidden_repository_is_shown_to_nobody_else() {
    for hearth in &TestHearth::all().await {
        hearth.repository("mei/llm").await;
        hearth.private_repository("mei/secret").await;
        hearth.user("bo").await;
        let mei = enter(hearth, "mei", "mei/llm").await;
        let bo = enter(hearth, "bo", "mei/llm").await;
        open(hearth, &mei, "release", "").await;
        open(hearth, &enter(hearth, "mei", "mei/secret").await, "hidden", "").await;
        let app = &hearth.app;
        let other = ThreadName { repository: Some(("mei".into(), "secret".into())), number: ThreadNumber(1) };
        let (one, writing) = (ThreadNumber(1), mei.write().expect("the owner"));
        dependency::add_blocker(app, &writing, one, &other).await.expect("added");
        let card = issue::find(app, &mei, one).await.expect("there");
        assert_eq!(dependency::list(app, &mei, &card.issue).await.expect("a list").blockers.len(), 1);
        assert!(dependency::list(app, &bo, &card.issue).await.expect("a list").blockers.is_empty());
        let guessed = dependency::add_blocked(app, &bo, one, &other).await;
        assert!(matches!(guessed, Err(Error::NotFound(_))), "{guessed:?}");
    }
}

#[tokio::test]
async fn a_change_to_many_skips_what_cannot_be_changed_and_says_why() {
    for hearth in &TestHearth::all().await {
        hearth.repository("mei/llm").await;
        hearth.user("bo").await;
        let (mei, bo) = (enter(hearth, "mei", "mei/llm").await, enter(hearth, "bo", "mei/llm").await);
        let writing = mei.write().expect("the owner");
        open(hearth, &mei, "a", "").await;
        open(hearth, &bo, "b", "").await;
        open(hearth, &mei, "c", "").await;
        let app = &hearth.app;
        dependency::add_blocker(app, &writing, ThreadNumber(1), &here(3)).await.expect("added");
        let numbers = [1, 2, 2, 9].map(ThreadNumber);
        let close = BulkChange::State(IssueState::Closed);
        let outcome = bulk::change(app, &mei, ThreadKind::Issue, &numbers, &close).await.expect("an outcome");
        assert_eq!(outcome.changed, [ThreadNumber(2)]);
        assert!(matches!(
            &outcome.skipped[..],
            [(ThreadNumber(1), Error::Conflict(Conflict::Blocked)), (ThreadNumber(9), Error::NotFound(_))]
        ));
        let new = NewMilestone { title: "v1".into(), ..NewMilestone::default() };
        let milestone = milestone::create(app, &writing, &new).await.expect("made").id;
        let bug = label(hearth, &mei, "bug", false).await;
        for change in [
            BulkChange::AddLabel(bug),
            BulkChange::Assign("mei".into()),
            BulkChange::Milestone(Some(milestone)),
        ] {
            let numbers = [1, 2].map(ThreadNumber);
            let outcome =
                bulk::change(app, &mei, ThreadKind::Issue, &numbers, &change).await.expect("an outcome");
            assert_eq!((outcome.changed.len(), outcome.skipped.len()), (2, 0), "{change:?}");
            let refused =
                bulk::change(app, &bo, ThreadKind::Issue, &numbers, &change).await.expect("an outcome");
            assert_eq!((refused.changed.len(), refused.skipped.len()), (0, 2), "{change:?} by a reader");
        }
        let card = issue::find(app, &mei, ThreadNumber(2)).await.expect("there");
        assert_eq!((card.labels.len(), card.assignees.len()), (1, 1));
        assert_eq!(card.issue.milestone_id, Some(milestone));
        let many: Vec<_> = (0..=100).map(ThreadNumber).collect();
        let refused = bulk::change(app, &mei, ThreadKind::Issue, &many, &close).await;
        assert!(matches!(refused, Err(Error::TooLarge(_))));
    }
}

#[tokio::test]
async fn queries_find_milestones_what_is_blocked_and_what_is_overdue() {
    for hearth in &TestHearth::all().await {
        hearth.repository("mei/llm").await;
        let mei = enter(hearth, "mei", "mei/llm").await;
        let writing = mei.write().expect("the owner");
        for title in ["a", "b", "c"] {
            open(hearth, &mei, title, "").await;
        }
        let app = &hearth.app;
        let new = NewMilestone { title: "v1".into(), ..NewMilestone::default() };
        let milestone = milestone::create(app, &writing, &new).await.expect("made").id;
        thread::set_milestone(app, &writing, ThreadNumber(1), Some(milestone)).await.expect("chosen");
        dependency::add_blocker(app, &writing, ThreadNumber(2), &here(1)).await.expect("added");
        let due = Some(test_start() - Duration::from_secs(1));
        thread::set_due(app, &writing, ThreadNumber(3), due).await.expect("set");
        for (text, expected) in [
            ("milestone:V1", &[1][..]),
            ("no:milestone", &[3, 2]),
            ("milestone:nonsense", &[]),
            ("is:blocked", &[2]),
            ("is:overdue", &[3]),
        ] {
            let filter = issue::Query::parse(text).filter(app, &mei).await.expect("a filter");
            let order = (issue::IssueSort::Newest, issue::Bodies::LeftOut);
            let found = issue::search(app, &mei, &filter, order, hearth_core::PageRequest::default()).await;
            let found = found.expect("a list");
            let numbers: Vec<i64> = found.page.items.iter().map(|card| card.issue.number.0).collect();
            assert_eq!(numbers, expected, "{text}");
            assert_eq!(found.open, expected.len() as u64, "{text}");
        }
    }
}

#[tokio::test]
async fn saved_queries_are_checked_and_bounded() {
    let hearth = TestHearth::new().await;
    hearth.repository("mei/llm").await;
    let mei = hearth.actor("mei").await;
    let list = List { repository: None, kind: ThreadKind::Issue };
    let app = &hearth.app;
    for (name, query) in [("", "x"), ("a\u{7}", "x"), (&*"n".repeat(51), "x"), ("a", &*"q".repeat(501))] {
        let refused = saved_query::save(app, &mei, list, name, query).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{name}");
    }
    let saved = saved_query::save(app, &mei, list, " Bugs ", "is:open").await.expect("saved");
    assert_eq!(saved.name, "Bugs");
    let again = saved_query::save(app, &mei, list, "bugs", "x").await;
    assert!(matches!(again, Err(Error::Conflict(Conflict::NameTaken))));
    for number in 1..app.limits().saved_queries {
        saved_query::save(app, &mei, list, &format!("n{number}"), "x").await.expect("there is room");
    }
    let refused = saved_query::save(app, &mei, list, "one more", "x").await;
    assert!(matches!(refused, Err(Error::TooLarge(_))));
    let bo = hearth.user("bo").await;
    let bo = hearth.actor(bo.name.as_str()).await;
    assert!(matches!(saved_query::delete(app, &bo, saved.id).await, Err(Error::NotFound(_))));
    saved_query::delete(app, &mei, saved.id).await.expect("deleted");
}

#[tokio::test]
async fn a_commit_does_not_close_what_waits_for_something_open_and_the_timeline_says_so() {
    for hearth in &TestHearth::all().await {
        hearth.repository("mei/llm").await;
        let mei = enter(hearth, "mei", "mei/llm").await;
        let writing = mei.write().expect("the owner");
        for title in ["release", "fix"] {
            open(hearth, &mei, title, "").await;
        }
        let app = &hearth.app;
        dependency::add_blocker(app, &writing, ThreadNumber(1), &here(2)).await.expect("added");
        let is_open =
            async |number| issue::find(app, &mei, ThreadNumber(number)).await.expect("there").issue.is_open();
        let held_back = async || {
            let release = issue::find(app, &mei, ThreadNumber(1)).await.expect("there").issue;
            let found =
                thread::timeline(app, &mei, &release, thread::Part::After(0)).await.expect("a timeline");
            let entries = found.slices.into_iter().flat_map(|slice| slice.entries);
            let is_it = |entry: &thread::Entry| matches!(entry, thread::Entry::Event(event) if event.kind == ThreadEventKind::ClosingHeldBack);
            entries.filter(is_it).count()
        };
        commit(hearth, "a.txt", None, "Begin").await;
        commit(hearth, "b.txt", None, "Fixes #1").await;
        assert!(is_open(1).await);
        assert_eq!(held_back().await, 1);
        commit(hearth, "c.txt", None, "Fixes #2").await;
        commit(hearth, "d.txt", None, "Fixes #1").await;
        assert_eq!((is_open(1).await, is_open(2).await, held_back().await), (false, false, 1));
    }
}
