use hearth_store::{testing::TestStore, viewed_file};

use crate::support::{insert_pull_request, insert_repository, insert_user, test_start};

#[tokio::test]
async fn files_are_ticked_per_person_with_what_they_were() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let bo = insert_user(&mut writer, "bo").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let pull = insert_pull_request(&mut writer, llm, &mei, "fix").await.id;
        let of_mei = (pull, mei.id);
        for (path, identity) in [("b.py", "1"), ("a.py", "2"), ("b.py", "3")] {
            viewed_file::put(&mut writer, of_mei, path, identity, test_start()).await.expect("kept");
        }
        let viewed = viewed_file::list(&mut writer, pull, mei.id, 9).await.expect("a list");
        let short: Vec<_> = viewed.iter().map(|one| (one.path.as_str(), one.identity.as_str())).collect();
        assert_eq!(short, [("a.py", "2"), ("b.py", "3")]);
        assert_eq!(viewed_file::count(&mut writer, pull, bo.id).await.expect("a count"), 0);
        assert!(viewed_file::delete(&mut writer, of_mei, "a.py").await.expect("an answer"));
        assert!(!viewed_file::delete(&mut writer, of_mei, "a.py").await.expect("an answer"));
    }
}

#[tokio::test]
async fn a_look_at_an_older_version_does_not_hide_a_newer_one() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let pull = insert_pull_request(&mut writer, llm, &mei, "fix").await.id;
        assert_eq!(viewed_file::find_visit(&mut writer, pull, mei.id).await.expect("an answer"), None);
        for (version, newest) in [(1, 1), (3, 3), (2, 3)] {
            viewed_file::put_visit(&mut writer, (pull, mei.id), version, test_start()).await.expect("kept");
            let found = viewed_file::find_visit(&mut writer, pull, mei.id).await.expect("an answer");
            assert_eq!(found, Some(newest));
        }
    }
}
