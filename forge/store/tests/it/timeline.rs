use std::time::Duration;

use hearth_core::{CommentId, ReviewVerdict, ThreadEventKind};
use hearth_store::{
    comment,
    repository::Viewer,
    review,
    testing::TestStore,
    thread_event,
    thread_reference::{self, NewThreadReference, Source},
    timeline,
    timeline::{Entry, EntryKind},
};
use serde_json::json;

use crate::support::{
    insert_issue, insert_pull_request, insert_repository, insert_review, insert_user, test_start,
};

#[tokio::test]
async fn comments_and_events_are_one_order_that_is_read_in_parts() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let issue = insert_issue(&mut writer, llm, &mei, "a").await;
        let other = insert_issue(&mut writer, llm, &mei, "b").await;
        let mut comments = Vec::new();
        for second in 0..4 {
            let at = test_start() + Duration::from_secs(second);
            let said = comment::insert(&mut writer, issue.id, mei.id, "x", at).await.expect("a comment");
            comments.push(said.id);
            let kind = ThreadEventKind::Closed;
            thread_event::insert(&mut writer, issue.id, mei.id, kind, json!({}), at).await.expect("an event");
        }
        comment::insert(&mut writer, other.id, mei.id, "y", test_start()).await.expect("a comment");
        assert_eq!(timeline::count(&mut writer, issue.id, Viewer::Anybody).await.expect("a count"), 8);
        let all = timeline::list(&mut writer, issue.id, Viewer::Anybody, 0, 100).await.expect("entries");
        assert_eq!(
            all.iter().map(|entry| entry.kind).collect::<Vec<_>>(),
            [EntryKind::Comment, EntryKind::Event].repeat(4)
        );
        let part = timeline::list(&mut writer, issue.id, Viewer::Anybody, 3, 2).await.expect("entries");
        assert_eq!(part, all[3..5]);
        for (place, id) in comments.iter().enumerate() {
            assert_eq!(all[place * 2], Entry { kind: EntryKind::Comment, id: id.0 });
            let found = timeline::place_of_comment(&mut writer, issue.id, Viewer::Anybody, *id)
                .await
                .expect("an answer");
            assert_eq!(found, Some(place as u64 * 2));
            let elsewhere = timeline::place_of_comment(&mut writer, other.id, Viewer::Anybody, *id)
                .await
                .expect("an answer");
            assert_eq!(elsewhere, None);
        }
        let unknown =
            timeline::place_of_comment(&mut writer, issue.id, Viewer::Anybody, CommentId(404)).await;
        assert_eq!(unknown.expect("an answer"), None);
    }
}

#[tokio::test]
async fn a_reference_is_counted_and_listed_for_those_alone_who_read_its_source() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let bo = insert_user(&mut writer, "bo").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let secret = insert_repository(&mut writer, &bo, "secret").await;
        let changes = hearth_store::repository::Changes {
            visibility: Some(hearth_core::Visibility::Private),
            ..hearth_store::repository::Changes::default()
        };
        hearth_store::repository::update(&mut writer, secret, &changes, test_start()).await.expect("changed");
        let target = insert_issue(&mut writer, llm, &mei, "a").await;
        let source = insert_issue(&mut writer, secret, &bo, "b").await;
        let said =
            comment::insert(&mut writer, source.id, bo.id, "x", test_start()).await.expect("a comment");
        let commit = Source::Commit { id: "a".repeat(40), title: "fix".into() };
        for source in [Source::Thread(source.id), Source::Comment(source.id, said.id), commit] {
            let new = NewThreadReference {
                target_id: target.id,
                repository_id: secret,
                source,
                actor_id: Some(bo.id),
                created_at: test_start(),
            };
            assert!(thread_reference::insert(&mut writer, &new).await.expect("an answer"));
            assert!(!thread_reference::insert(&mut writer, &new).await.expect("an answer"));
        }
        for (viewer, expected) in [
            (Viewer::Anybody, 0),
            (Viewer::Person(mei.id), 0),
            (Viewer::Person(bo.id), 3),
            (Viewer::Administrator, 3),
        ] {
            assert_eq!(timeline::count(&mut writer, target.id, viewer).await.expect("a count"), expected);
            let entries = timeline::list(&mut writer, target.id, viewer, 0, 9).await.expect("entries");
            assert_eq!(entries.len() as u64, expected, "{viewer:?}");
        }
        let entries =
            timeline::list(&mut writer, target.id, Viewer::Person(bo.id), 0, 9).await.expect("entries");
        let ids: Vec<i64> = entries.iter().map(|entry| entry.id).collect();
        let found = thread_reference::find_all(&mut writer, target.id, &ids).await.expect("references");
        assert_eq!(found[0].thread_title.as_deref(), Some("b"));
        assert_eq!(found[1].comment_id, Some(said.id));
        assert_eq!(found[2].commit_title.as_deref(), Some("fix"));
        assert!(found.iter().all(|found| found.owner.as_str() == "bo" && found.repository == "secret"));
    }
}

#[tokio::test]
async fn reviews_stand_where_they_were_submitted_and_pending_ones_nowhere() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let bo = insert_user(&mut writer, "bo").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let pull = insert_pull_request(&mut writer, llm, &mei, "fix").await.id;
        let viewer = Viewer::Anybody;
        review::begin(&mut writer, pull, mei.id, 1, test_start()).await.expect("a pending review");
        comment::insert(&mut writer, pull, mei.id, "x", test_start()).await.expect("a comment");
        let first = insert_review(&mut writer, pull, &bo, (ReviewVerdict::Comment, 1), 0).await;
        let second = insert_review(&mut writer, pull, &bo, (ReviewVerdict::Approve, 1), 0).await;
        let at = test_start() + Duration::from_secs(1);
        let last = comment::insert(&mut writer, pull, mei.id, "y", at).await.expect("a comment").id;
        assert_eq!(timeline::count(&mut writer, pull, viewer).await.expect("a count"), 4);
        let entries = timeline::list(&mut writer, pull, viewer, 0, 9).await.expect("entries");
        assert_eq!(entries[1], Entry { kind: EntryKind::Review, id: first.0 });
        assert_eq!(entries[2], Entry { kind: EntryKind::Review, id: second.0 });
        for (place, id) in [(1, first), (2, second)] {
            let found = timeline::place_of_review(&mut writer, pull, viewer, id).await.expect("an answer");
            assert_eq!(found, Some(place));
        }
        let found = timeline::place_of_comment(&mut writer, pull, viewer, last).await.expect("an answer");
        assert_eq!(found, Some(3));
        let pending = review::find_pending(&mut writer, pull, mei.id).await.expect("an answer");
        let pending = pending.expect("it was begun").id;
        let found = timeline::place_of_review(&mut writer, pull, viewer, pending).await.expect("an answer");
        assert_eq!(found, None);
    }
}
