use hearth_core::UserId;
use hearth_store::{label, lfs_object, testing::TestStore, thread, user};

use crate::support::{insert_issue, insert_repository, insert_user};

/// More arguments than either database accepts.
const MANY: i64 = 100_000;

#[tokio::test]
async fn no_list_is_too_long_for_a_database() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let issue = insert_issue(&mut writer, llm, &mei, "a").await;
        let numbers: Vec<i64> = (1..MANY).collect();
        let found = thread::find_numbers(&mut writer, llm, &numbers).await.expect("an answer");
        assert_eq!(found, [(issue.id, issue.number)]);
        let mut names: Vec<String> = (0..MANY).map(|number| format!("nobody-{number}\"'\\")).collect();
        assert!(user::find_names(&mut writer, &names).await.expect("an answer").is_empty());
        names.push("mei".to_owned());
        assert_eq!(
            user::find_names(&mut writer, &names).await.expect("an answer"),
            std::slice::from_ref(&mei.name)
        );
        let ids: Vec<UserId> = (-MANY..=mei.id.0).map(UserId).collect();
        assert_eq!(user::find_all(&mut writer, &ids).await.expect("an answer").len(), 1);
        assert!(lfs_object::find_all(&mut writer, llm, &names).await.expect("an answer").is_empty());
    }
}

#[tokio::test]
async fn an_empty_list_matches_nothing() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        insert_repository(&mut writer, &mei, "llm").await;
        assert!(user::find_all(&mut writer, &[]).await.expect("an answer").is_empty());
        assert!(user::find_names(&mut writer, &[]).await.expect("an answer").is_empty());
        assert!(label::list_of_threads(&mut writer, &[]).await.expect("an answer").is_empty());
    }
}
