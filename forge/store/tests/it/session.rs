use std::time::Duration;

use hearth_core::{Timestamp, UserId};
use hearth_store::{
    Store,
    session::{self, Data, Session},
    testing::TestStore,
};

use crate::support::{insert_user, test_start};

const HOUR: Duration = Duration::from_secs(3600);

fn new_session(id: &str, user_id: Option<UserId>, expires_at: Timestamp) -> Session {
    let data = Data::from([("theme".to_owned(), serde_json::json!({"深": [1, null]}))]);
    Session { id: id.into(), user_id, data: data.into(), expires_at }
}

/// Sessions `a` and `b` of Mei, and `c` without a user; `b` expires in two hours, the others in one.
async fn with_three(store: &Store) -> UserId {
    let mut writer = store.write().await.expect("a transaction");
    let mei = insert_user(&mut writer, "mei").await.id;
    for (id, user, hours) in [("a", Some(mei), 1), ("b", Some(mei), 2), ("c", None, 1)] {
        let row = new_session(id, user, test_start() + HOUR * hours);
        assert!(session::insert(&mut writer, &row).await.expect("kept"));
    }
    writer.commit().await.expect("kept");
    mei
}

async fn ids(store: &Store, now: Timestamp) -> Vec<&'static str> {
    let mut reader = store.read().await.expect("a reader");
    let mut there = Vec::new();
    for id in ["a", "b", "c"] {
        if session::find(&mut reader, id, now).await.expect("an answer").is_some() {
            there.push(id);
        }
    }
    there
}

#[tokio::test]
async fn a_session_comes_back_as_it_was_kept() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mei = with_three(store).await;
        let mut reader = store.read().await.expect("a reader");
        let found = session::find(&mut reader, "a", test_start()).await.expect("an answer");
        assert_eq!(found, Some(new_session("a", Some(mei), test_start() + HOUR)));
        assert_eq!(session::count_of(&mut reader, mei, test_start()).await.expect("an answer"), 2);
    }
}

#[tokio::test]
async fn an_id_is_given_once() {
    for TestStore { store, .. } in &TestStore::all().await {
        with_three(store).await;
        let mut writer = store.write().await.expect("a transaction");
        let again = new_session("a", None, test_start() + HOUR);
        assert!(!session::insert(&mut writer, &again).await.expect("an answer"));
    }
}

#[tokio::test]
async fn an_expired_session_is_not_found_and_can_be_cleared_away() {
    for TestStore { store, .. } in &TestStore::all().await {
        with_three(store).await;
        assert_eq!(ids(store, test_start() + HOUR).await, ["b"]);
        let mut writer = store.write().await.expect("a transaction");
        assert_eq!(session::delete_expired(&mut writer, test_start() + HOUR).await.expect("an answer"), 2);
        writer.commit().await.expect("kept");
        assert_eq!(ids(store, test_start()).await, ["b"]);
    }
}

#[tokio::test]
async fn an_ended_session_is_not_brought_back_by_a_late_save() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mei = with_three(store).await;
        let mut writer = store.write().await.expect("a transaction");
        session::delete(&mut writer, "a").await.expect("done");
        let late = new_session("a", Some(mei), test_start() + HOUR);
        assert!(!session::update(&mut writer, &late).await.expect("an answer"));
        let other = new_session("b", None, test_start() + HOUR * 5);
        assert!(session::update(&mut writer, &other).await.expect("an answer"));
        writer.commit().await.expect("kept");
        assert_eq!(ids(store, test_start() + HOUR * 3).await, ["b"]);
        assert_eq!(ids(store, test_start()).await, ["b", "c"]);
    }
}

#[tokio::test]
async fn sessions_of_one_person_end_together() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mei = with_three(store).await;
        let mut writer = store.write().await.expect("a transaction");
        assert_eq!(session::delete_of(&mut writer, mei).await.expect("an answer"), 2);
        writer.commit().await.expect("kept");
        assert_eq!(ids(store, test_start()).await, ["c"]);
    }
}
