use hearth_core::{PageRequest, Visibility};
use hearth_store::{Error, lfs_lock, testing::TestStore};

use crate::{
    repository::insert_repository,
    support::{insert_user, test_start},
};

#[tokio::test]
async fn a_path_is_locked_by_one_person_at_a_time() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await.id;
        let one = insert_repository(&mut writer, mei, "one", Visibility::Public).await.id;
        let other = insert_repository(&mut writer, mei, "other", Visibility::Public).await.id;
        lfs_lock::insert(&mut writer, one, "a.bin", mei, test_start()).await.expect("free");
        lfs_lock::insert(&mut writer, other, "a.bin", mei, test_start()).await.expect("another repository");
        let lock =
            lfs_lock::find_by_path(&mut writer, one, "a.bin").await.expect("an answer").expect("locked");
        assert_eq!((lock.owner.as_str(), lock.owner_id), ("mei", mei));
        assert_eq!(lfs_lock::find(&mut writer, other, lock.id).await.expect("an answer"), None);
        let all = lfs_lock::list(&mut writer, one, PageRequest::default()).await.expect("rows");
        assert_eq!(all, std::slice::from_ref(&lock));
        lfs_lock::delete(&mut writer, other, lock.id).await.expect("nothing there");
        lfs_lock::delete(&mut writer, one, lock.id).await.expect("unlocked");
        assert_eq!(lfs_lock::find(&mut writer, one, lock.id).await.expect("an answer"), None);
        lfs_lock::insert(&mut writer, one, "a.bin", mei, test_start()).await.expect("free again");
        writer.commit().await.expect("kept");

        let mut writer = store.write().await.expect("a transaction");
        let taken = lfs_lock::insert(&mut writer, one, "a.bin", mei, test_start()).await;
        assert!(matches!(taken, Err(Error::Taken)), "{taken:?}");
    }
}
