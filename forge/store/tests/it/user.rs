use hearth_store::{Error, testing::TestStore, user};

use crate::support::{insert_user, new_user};

#[tokio::test]
async fn names_and_addresses_are_taken_in_any_case() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        insert_user(&mut writer, "Mei").await;
        writer.commit().await.expect("kept");

        let mut writer = store.write().await.expect("a transaction");
        let taken = user::insert(&mut writer, &new_user("mei")).await;
        assert!(matches!(taken, Err(Error::Taken)), "{taken:?}");
    }
}

#[tokio::test]
async fn a_user_is_found_as_it_was_stored() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "Mei").await;
        writer.commit().await.expect("kept");

        let mut reader = store.read().await.expect("a reader");
        assert_eq!(user::find(&mut reader, mei.id).await.expect("an answer"), Some(mei.clone()));
        assert_eq!(user::find_by_name(&mut reader, "MEI").await.expect("an answer"), Some(mei.clone()));
        assert_eq!(
            user::find_by_email(&mut reader, "mei@EXAMPLE.org").await.expect("an answer"),
            Some(mei.clone())
        );
        assert_eq!(user::find_all(&mut reader, &[mei.id]).await.expect("an answer"), vec![mei]);
        assert_eq!(user::find_all(&mut reader, &[]).await.expect("an answer"), vec![]);
    }
}

#[tokio::test]
async fn a_transaction_that_is_dropped_leaves_nothing() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        insert_user(&mut writer, "mei").await;
        drop(writer);
        assert_eq!(user::count(&mut store.read().await.expect("a reader")).await.expect("an answer"), 0);
    }
}
