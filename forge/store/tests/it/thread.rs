use std::time::Duration;

use hearth_core::{LockReason, PageRequest, Reaction, SubscriptionReason, SubscriptionState};
use hearth_store::{
    Ask as _,
    attachment::{self, NewAttachment, Place},
    blob, comment,
    reaction::{self, ReactionTarget},
    repository,
    testing::TestStore,
    thread, thread_subscription,
};

use crate::support::{insert_issue, insert_repository, insert_user, test_start};

#[tokio::test]
async fn a_thread_is_locked_once_and_unlocked_once() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let issue = insert_issue(&mut writer, llm, &mei, "a").await;
        let reason = Some(LockReason::Spam);
        assert!(
            thread::set_locked(&mut writer, issue.id, mei.id, reason, test_start()).await.expect("an answer")
        );
        assert!(
            !thread::set_locked(&mut writer, issue.id, mei.id, None, test_start()).await.expect("an answer")
        );
        let locked = thread::find_by_id(&mut writer, issue.id).await.expect("an answer").expect("there");
        assert_eq!((locked.is_locked(), locked.lock_reason), (true, reason));
        assert!(thread::set_unlocked(&mut writer, issue.id).await.expect("an answer"));
        assert!(!thread::set_unlocked(&mut writer, issue.id).await.expect("an answer"));
    }
}

#[tokio::test]
async fn each_person_puts_a_sign_once_under_each_text() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let bo = insert_user(&mut writer, "bo").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let issue = insert_issue(&mut writer, llm, &mei, "a").await;
        let said =
            comment::insert(&mut writer, issue.id, mei.id, "x", test_start()).await.expect("a comment");
        let own = ReactionTarget { thread_id: issue.id, comment_id: None };
        let under = ReactionTarget { thread_id: issue.id, comment_id: Some(said.id) };
        for (place, user, sign, is_new) in [
            (own, mei.id, Reaction::Heart, true),
            (own, mei.id, Reaction::Heart, false),
            (own, bo.id, Reaction::Heart, true),
            (under, bo.id, Reaction::Heart, true),
            (under, bo.id, Reaction::Heart, false),
            (under, bo.id, Reaction::ThumbsDown, true),
        ] {
            let made =
                reaction::insert(&mut writer, place, user, sign, test_start()).await.expect("an answer");
            assert_eq!(made, is_new);
        }
        let counts = reaction::count_each(&mut writer, issue.id, &[said.id.0], Some(mei.id)).await;
        let counts = counts.expect("counts");
        let short: Vec<_> =
            counts.iter().map(|count| (count.comment_id, count.content, count.count, count.is_own)).collect();
        assert_eq!(
            short,
            [
                (None, Reaction::Heart, 2, true),
                (Some(said.id), Reaction::Heart, 1, false),
                (Some(said.id), Reaction::ThumbsDown, 1, false)
            ]
        );
        let names = reaction::list_names(&mut writer, issue.id, &[], 9).await.expect("names");
        assert_eq!(names.len(), 2);
        assert_eq!(reaction::count(&mut writer, under).await.expect("a count"), 2);
        assert!(reaction::delete(&mut writer, under, bo.id, Reaction::Heart).await.expect("an answer"));
        assert!(!reaction::delete(&mut writer, under, bo.id, Reaction::Heart).await.expect("an answer"));
        comment::delete(&mut writer, said.id).await.expect("gone");
        let left = reaction::list(&mut writer, own, PageRequest::default()).await.expect("a list");
        assert_eq!(left.iter().map(|row| row.user_id).collect::<Vec<_>>(), [mei.id, bo.id]);
        assert_eq!(reaction::count(&mut writer, under).await.expect("a count"), 0);
    }
}

#[tokio::test]
async fn who_does_not_want_to_hear_of_a_thread_is_not_made_to() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let bo = insert_user(&mut writer, "bo").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let issue = insert_issue(&mut writer, llm, &mei, "a").await;
        let because = SubscriptionReason::Mentioned;
        assert!(
            thread_subscription::follow(&mut writer, issue.id, bo.id, because, test_start())
                .await
                .expect("kept")
        );
        let muted = SubscriptionState::Muted;
        assert!(
            thread_subscription::choose(&mut writer, issue.id, bo.id, muted, test_start())
                .await
                .expect("kept")
        );
        assert!(
            !thread_subscription::choose(&mut writer, issue.id, bo.id, muted, test_start())
                .await
                .expect("kept")
        );
        assert!(
            !thread_subscription::follow(&mut writer, issue.id, bo.id, because, test_start())
                .await
                .expect("kept")
        );
        assert_eq!(thread_subscription::count_watching(&mut writer, issue.id).await.expect("a count"), 0);
        let watching = SubscriptionState::Watching;
        assert!(
            thread_subscription::choose(&mut writer, issue.id, bo.id, watching, test_start())
                .await
                .expect("kept")
        );
        let found = thread_subscription::find(&mut writer, issue.id, bo.id).await.expect("an answer");
        assert_eq!(found.map(|found| found.reason), Some(SubscriptionReason::Manual));
        let all = thread_subscription::list_watching(&mut writer, issue.id, PageRequest::default()).await;
        assert_eq!(all.expect("a list").len(), 1);
    }
}

#[tokio::test]
async fn a_file_waits_for_its_text_and_names_its_bytes() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let bo = insert_user(&mut writer, "bo").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let issue = insert_issue(&mut writer, llm, &mei, "a").await;
        let hash = |letter: &str| letter.repeat(64);
        for (uuid, letter) in [("one", "a"), ("two", "b")] {
            let new = NewAttachment {
                uuid: uuid.into(),
                repository_id: llm,
                uploader_id: mei.id,
                name: "loss.png".into(),
                size_bytes: 7,
                sha256: hash(letter),
                created_at: test_start(),
            };
            attachment::insert(&mut writer, &new).await.expect("kept");
        }
        assert_eq!(attachment::count_waiting(&mut writer, mei.id).await.expect("a count"), 2);
        assert_eq!(attachment::total_bytes(&mut writer, llm).await.expect("bytes"), 14);
        let place = Place { thread_id: issue.id, comment_id: None };
        let uuids = ["one".to_owned(), "three".to_owned()];
        for (person, expected) in [(bo.id, 0), (mei.id, 1), (mei.id, 0)] {
            let placed =
                attachment::place(&mut writer, (llm, person), &uuids, place).await.expect("an answer");
            assert_eq!(placed.len(), expected);
        }
        let files = attachment::list(&mut writer, place).await.expect("a list");
        assert_eq!(files.iter().map(|file| file.uuid.as_str()).collect::<Vec<_>>(), ["one"]);
        let named = blob::list_referenced_after(&mut writer, "", 9).await.expect("named");
        assert_eq!(named.len(), 2);
        let later = test_start() + Duration::from_secs(1);
        assert_eq!(attachment::delete_waiting_before(&mut writer, later).await.expect("a count"), 1);
        assert_eq!(
            blob::filter_referenced(&mut writer, &[hash("a"), hash("b")]).await.expect("named"),
            [hash("a")]
        );
        assert_eq!(blob::find_holder(&mut writer, &hash("a")).await.expect("an answer"), Some(llm));
        repository::delete(&mut writer, llm).await.expect("gone");
        assert_eq!(writer.query("SELECT COUNT(*) FROM counters").fetch_count().await.expect("a count"), 0);
        assert!(blob::filter_referenced(&mut writer, &[hash("a")]).await.expect("named").is_empty());
    }
}
