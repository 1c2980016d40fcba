use std::time::Duration;

use hearth_core::Visibility;
use hearth_store::{
    lfs_object::{self, LfsObject},
    lfs_upload,
    testing::TestStore,
};

use crate::{
    repository::insert_repository,
    support::{insert_user, test_start},
};

#[tokio::test]
async fn an_object_belongs_to_the_repositories_that_were_given_it() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await.id;
        let one = insert_repository(&mut writer, mei, "one", Visibility::Public).await.id;
        let other = insert_repository(&mut writer, mei, "other", Visibility::Public).await.id;
        let oid = "a".repeat(64);
        let object =
            LfsObject { repository_id: one, oid: oid.clone(), size_bytes: 7, created_at: test_start() };
        lfs_object::insert(&mut writer, &object, test_start()).await.expect("stored");
        lfs_object::insert(&mut writer, &object, test_start()).await.expect("stored already");

        assert_eq!(lfs_object::find(&mut writer, one, &oid).await.expect("an answer"), Some(object.clone()));
        assert_eq!(lfs_object::find(&mut writer, other, &oid).await.expect("an answer"), None);
        let asked = [oid, "b".repeat(64)];
        assert_eq!(lfs_object::find_all(&mut writer, one, &asked).await.expect("rows"), [object]);
        assert_eq!(lfs_object::find_all(&mut writer, one, &[]).await.expect("rows"), []);
        assert_eq!(lfs_object::total_bytes(&mut writer, one).await.expect("a sum"), 7);
        assert_eq!(lfs_object::total_bytes(&mut writer, other).await.expect("a sum"), 0);
    }
}

#[tokio::test]
async fn an_object_that_is_asked_for_is_not_removed_and_one_that_is_removed_is_not_found() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await.id;
        let id = insert_repository(&mut writer, mei, "one", Visibility::Public).await.id;
        let oids = ["a".repeat(64), "b".repeat(64)];
        for oid in &oids {
            let object =
                LfsObject { repository_id: id, oid: oid.clone(), size_bytes: 7, created_at: test_start() };
            lfs_object::insert(&mut writer, &object, test_start()).await.expect("stored");
        }
        let later = test_start() + Duration::from_secs(60);
        let listed = lfs_object::list_unneeded_since(&mut writer, id, later, 9).await.expect("a list");
        assert_eq!(listed, oids);
        let held = lfs_object::need(&mut writer, id, &oids[..1], later).await.expect("noted");
        assert_eq!(held, oids[..1]);
        let removed =
            lfs_object::delete_unneeded_since(&mut writer, id, &oids, later).await.expect("removed");
        assert_eq!(removed.iter().map(|object| &object.oid).collect::<Vec<_>>(), [&oids[1]]);
        assert!(lfs_object::need(&mut writer, id, &oids[1..], later).await.expect("noted").is_empty());
    }
}

#[tokio::test]
async fn an_owner_is_charged_once_for_what_several_repositories_hold_or_are_sent() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await.id;
        let one = insert_repository(&mut writer, mei, "one", Visibility::Public).await.id;
        let other = insert_repository(&mut writer, mei, "other", Visibility::Public).await.id;
        let (held, sent) = ("a".repeat(64), "b".repeat(64));
        for repository_id in [one, other] {
            let object =
                LfsObject { repository_id, oid: held.clone(), size_bytes: 7, created_at: test_start() };
            lfs_object::insert(&mut writer, &object, test_start()).await.expect("stored");
        }
        lfs_upload::insert(&mut writer, one, &held, 7, 0, test_start()).await.expect("begun");
        lfs_upload::insert(&mut writer, one, &sent, 5, 0, test_start()).await.expect("begun");
        assert_eq!(lfs_object::bytes_of_owner(&mut writer, mei.into()).await.expect("a sum"), 12);
        let asked = [held.clone(), sent.clone(), "c".repeat(64)];
        let mut counted = lfs_object::filter_of_owner(&mut writer, mei.into(), &asked).await.expect("a list");
        counted.sort();
        assert_eq!(counted, [held, sent]);
    }
}
