use hearth_core::PageRequest;
use hearth_store::{
    Error,
    testing::TestStore,
    user::{self, Filter},
};

use crate::support::{insert_user, new_user, test_start};

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
async fn a_text_that_cannot_be_stored_is_a_mistake_and_no_fault_of_the_database() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut reader = store.read().await.expect("a reader");
        // SQLite compares it with every name, and finds none.
        let found = user::find_by_name(&mut reader, "me\0i").await;
        assert!(matches!(found, Ok(None) | Err(Error::Unstorable)), "{found:?}");
        assert_eq!(user::find_by_name(&mut reader, "mei").await.expect("an answer"), None);
        let said = hearth_core::Error::from(Error::Unstorable);
        assert!(matches!(said, hearth_core::Error::Invalid(_)), "{said:?}");
    }
}

#[tokio::test]
async fn a_transaction_that_is_dropped_leaves_nothing() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        insert_user(&mut writer, "mei").await;
        drop(writer);
        let mut reader = store.read().await.expect("a reader");
        assert_eq!(user::count(&mut reader, &Filter::default()).await.expect("an answer"), 0);
    }
}

#[tokio::test]
async fn people_are_found_by_name_and_never_by_address() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "Mei").await;
        let lin = insert_user(&mut writer, "lin").await;
        let profile = user::Profile { display_name: "梅 50% Chen".into(), ..user::Profile::default() };
        user::set_profile(&mut writer, mei.id, &profile, test_start()).await.expect("kept");
        user::set_blocked(&mut writer, lin.id, true).await.expect("kept");
        for (text, with_blocked, names) in [
            ("", false, vec!["Mei"]),
            ("", true, vec!["Mei", "lin"]),
            ("CHEN", false, vec!["Mei"]),
            ("0%", false, vec!["Mei"]),
            ("m_i", false, vec![]),
            ("example.org", true, vec![]),
        ] {
            let filter = Filter { text: Some(text.into()), with_blocked };
            let found = user::list(&mut writer, &filter, PageRequest::default()).await.expect("rows");
            assert_eq!(found.iter().map(|user| user.name.as_str()).collect::<Vec<_>>(), names, "{text}");
            assert_eq!(user::count(&mut writer, &filter).await.expect("an answer"), names.len() as u64);
        }
    }
}

#[tokio::test]
async fn rights_address_and_password_change_each_by_its_own_statement() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        insert_user(&mut writer, "lin").await;
        assert_eq!(user::count_admins(&mut writer).await.expect("an answer"), 0);
        user::set_admin(&mut writer, mei.id, true).await.expect("kept");
        assert_eq!(user::count_admins(&mut writer).await.expect("an answer"), 1);
        let email = "Mei@lab.example".parse().expect("a good address");
        user::set_email(&mut writer, mei.id, &email).await.expect("kept");
        user::set_password_hash(&mut writer, mei.id, "other").await.expect("kept");
        let hash = user::find_password_hash(&mut writer, mei.id).await.expect("an answer");
        assert_eq!(hash.as_deref(), Some("other"));
        let found = user::find_by_email(&mut writer, "mei@LAB.example").await.expect("an answer");
        assert_eq!(
            found,
            Some(user::User { is_admin: true, email, updated_at: test_start(), ..mei.clone() })
        );
        writer.commit().await.expect("kept");

        let mut writer = store.write().await.expect("a transaction");
        let held = "LIN@example.org".parse().expect("a good address");
        let taken = user::set_email(&mut writer, mei.id, &held).await;
        assert!(matches!(taken, Err(Error::Taken)), "{taken:?}");
    }
}
