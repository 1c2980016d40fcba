use hearth_core::{PageRequest, Visibility};
use hearth_store::{
    push::{self, NewPush},
    testing::TestStore,
};

use crate::{
    repository::insert_repository,
    support::{insert_user, test_start},
};

#[tokio::test]
async fn the_last_push_of_each_reference_says_where_it_is() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await.id;
        let repository_id = insert_repository(&mut writer, mei, "llm", Visibility::Public).await.id;
        for (name, old, new) in [
            ("refs/heads/main", "", "a"),
            ("refs/heads/gone", "", "b"),
            ("refs/heads/main", "a", "c"),
            ("refs/heads/gone", "b", ""),
        ] {
            let new = NewPush {
                repository_id,
                pusher_id: Some(mei),
                ref_name: name.into(),
                old_id: old.into(),
                new_id: new.into(),
                created_at: test_start(),
            };
            push::insert(&mut writer, &new).await.expect("stored");
        }
        let tips = push::list_tips(&mut writer, repository_id).await.expect("rows");
        assert_eq!(tips, [("refs/heads/main".to_owned(), "c".to_owned())]);
        for (name, tip) in
            [("refs/heads/main", Some("c")), ("refs/heads/gone", Some("")), ("refs/heads/no", None)]
        {
            let found = push::find_tip(&mut writer, repository_id, name).await.expect("an answer");
            assert_eq!(found.as_deref(), tip, "{name}");
        }
        let pushes = push::list(&mut writer, repository_id, PageRequest::new(1, 2)).await.expect("rows");
        assert_eq!(pushes.iter().map(|push| push.new_id.as_str()).collect::<Vec<_>>(), ["", "c"]);
    }
}

#[tokio::test]
async fn what_was_deleted_lately_and_not_made_again_can_be_found() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await.id;
        let repository_id = insert_repository(&mut writer, mei, "llm", Visibility::Public).await.id;
        for (name, old, new) in [
            ("refs/heads/gone", "", "a"),
            ("refs/heads/gone", "a", ""),
            ("refs/tags/v1", "b", ""),
            ("refs/heads/back", "c", ""),
            ("refs/heads/back", "", "c"),
        ] {
            let new = NewPush {
                repository_id,
                pusher_id: Some(mei),
                ref_name: name.into(),
                old_id: old.into(),
                new_id: new.into(),
                created_at: test_start(),
            };
            push::insert(&mut writer, &new).await.expect("stored");
        }
        let since = test_start();
        let found = push::list_deleted(&mut writer, repository_id, "refs/heads/", since, 10).await;
        let found = found.expect("rows");
        assert_eq!(found.iter().map(|gone| gone.old_id.as_str()).collect::<Vec<_>>(), ["a"]);
        assert_eq!(found[0].by.as_ref().map(ToString::to_string).as_deref(), Some("mei"));
        let later = test_start() + std::time::Duration::from_secs(1);
        for (name, since, is_found) in
            [("refs/tags/v1", since, true), ("refs/tags/v1", later, false), ("refs/heads/back", since, false)]
        {
            let found = push::find_deleted(&mut writer, repository_id, name, since).await.expect("an answer");
            assert_eq!(found.is_some(), is_found, "{name}");
        }
    }
}
