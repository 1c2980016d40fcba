//! Rows that are read and written back whole: nobody else can change them until the transaction ends.

use std::time::Duration;

use hearth_core::Visibility;
use hearth_store::{
    accelerator, image, label, pool, quota,
    repository::{self, Changes},
    scene, spec,
    testing::TestStore,
    user,
};
use tokio::time;

use crate::support::{insert_repository, insert_user, test_start};

#[tokio::test]
async fn who_reads_a_row_to_write_it_waits_for_who_read_it_before() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let id = insert_repository(&mut writer, &mei, "llm").await;
        writer.commit().await.expect("kept");

        let mut first = store.write().await.expect("a transaction");
        repository::lock(&mut first, id).await.expect("an answer").expect("there");
        let other = {
            let store = store.clone();
            tokio::spawn(async move {
                let mut second = store.write().await.expect("a transaction");
                repository::lock(&mut second, id).await.expect("an answer").expect("there").visibility
            })
        };
        // It cannot have read anything yet, however long one waits.
        time::sleep(Duration::from_millis(50)).await;
        assert!(!other.is_finished());
        let hidden = Changes { visibility: Some(Visibility::Private), ..Changes::default() };
        repository::update(&mut first, id, &hidden, test_start()).await.expect("stored");
        first.commit().await.expect("kept");
        assert_eq!(other.await.expect("no fault"), Visibility::Private, "{}", store.engine());
    }
}

#[tokio::test]
async fn who_waited_for_a_row_reads_what_is_joined_to_it_as_it_is_now() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await.id;
        writer.commit().await.expect("kept");

        let mut first = store.write().await.expect("a transaction");
        user::lock(&mut first, mei).await.expect("an answer").expect("there");
        let other = {
            let store = store.clone();
            tokio::spawn(async move {
                let mut second = store.write().await.expect("a transaction");
                user::lock(&mut second, mei).await.expect("an answer").expect("there").display_name
            })
        };
        time::sleep(Duration::from_millis(50)).await;
        // The display name is in the joined row.
        let profile = user::Profile { display_name: "Mei".into(), ..user::Profile::default() };
        user::set_profile(&mut first, mei, &profile, test_start()).await.expect("stored");
        first.commit().await.expect("kept");
        assert_eq!(other.await.expect("no fault"), "Mei", "{}", store.engine());
    }
}

#[tokio::test]
async fn every_row_that_is_written_whole_can_be_locked() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        assert_eq!(user::lock(&mut writer, mei.id).await.expect("an answer"), Some(mei.clone()));
        let new = label::NewLabel {
            repository_id: llm,
            name: "bug".into(),
            color: "d1242f".into(),
            description: String::new(),
            is_exclusive: false,
            created_at: test_start(),
        };
        let bug = label::insert(&mut writer, &new).await.expect("a row");
        assert_eq!(label::lock(&mut writer, llm, bug.id).await.expect("an answer"), Some(bug));
        assert_eq!(accelerator::lock(&mut writer, "none").await.expect("an answer"), None);
        assert_eq!(image::lock(&mut writer, "none").await.expect("an answer"), None);
        assert_eq!(pool::lock(&mut writer, "none").await.expect("an answer"), None);
        assert_eq!(quota::lock(&mut writer, "none").await.expect("an answer"), None);
        assert_eq!(scene::lock(&mut writer, "none").await.expect("an answer"), None);
        assert_eq!(spec::lock(&mut writer, "none").await.expect("an answer"), None);
    }
}
