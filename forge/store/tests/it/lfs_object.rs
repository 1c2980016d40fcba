use std::time::Duration;

use hearth_core::Visibility;
use hearth_store::{
    lfs_object::{self, LfsObject},
    lfs_quota, lfs_upload, owner,
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

#[tokio::test]
async fn the_limit_of_an_owner_is_set_again_and_goes_with_them() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let (mei, bo) = (insert_user(&mut writer, "mei").await.id, insert_user(&mut writer, "bo").await.id);
        for (owner, most_bytes) in [(mei, 7), (bo, 0), (mei, 8)] {
            lfs_quota::set(&mut writer, owner.into(), Some(most_bytes)).await.expect("set");
        }
        let listed = lfs_quota::list(&mut writer).await.expect("a list");
        let said: Vec<_> = listed.iter().map(|quota| (quota.owner.as_str(), quota.most_bytes)).collect();
        assert_eq!(said, [("bo", 0), ("mei", 8)]);
        let own = lfs_quota::find(&mut writer, bo.into()).await.expect("an answer");
        assert_eq!(own.map(|quota| quota.most_bytes), Some(0), "no limit is a limit of their own");
        lfs_quota::set(&mut writer, mei.into(), None).await.expect("set");
        assert_eq!(lfs_quota::find(&mut writer, mei.into()).await.expect("an answer"), None);
        owner::delete(&mut writer, bo.into()).await.expect("deleted");
        assert_eq!(lfs_quota::list(&mut writer).await.expect("a list"), []);
    }
}

#[tokio::test]
async fn parts_come_in_any_order_and_are_replaced_where_they_are() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await.id;
        let id = insert_repository(&mut writer, mei, "one", Visibility::Public).await.id;
        let (now, oid) = (test_start(), "a".repeat(64));
        lfs_upload::insert(&mut writer, id, &oid, 12, 5, now).await.expect("begun");
        let begun = lfs_upload::lock(&mut writer, id, &oid).await.expect("an answer").expect("there");
        assert_eq!((begun.part_bytes, begun.received_bytes), (5, 0));
        let piece = |offset_bytes, size_bytes, sha256: &str| lfs_upload::Piece {
            offset_bytes,
            size_bytes,
            sha256: sha256.repeat(64),
        };
        for part in [piece(10, 2, "c"), piece(0, 5, "d")] {
            lfs_upload::append(&mut writer, &begun, &part, now).await.expect("kept");
        }
        lfs_upload::replace(&mut writer, &begun, &piece(0, 5, "e"), now).await.expect("replaced");
        let found = lfs_upload::find_piece(&mut writer, &begun, 5).await.expect("an answer");
        assert_eq!(found, None);
        let all = lfs_upload::pieces(&mut writer, &begun).await.expect("a list");
        assert_eq!(all, [piece(0, 5, "e"), piece(10, 2, "c")]);
        let after = lfs_upload::find(&mut writer, id, &oid).await.expect("an answer").expect("there");
        assert_eq!(after.received_bytes, 7);
    }
}
