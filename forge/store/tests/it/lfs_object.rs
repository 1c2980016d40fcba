use hearth_core::Visibility;
use hearth_store::{
    lfs_object::{self, LfsObject},
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
        lfs_object::insert(&mut writer, &object).await.expect("stored");
        lfs_object::insert(&mut writer, &object).await.expect("stored already");

        assert_eq!(lfs_object::find(&mut writer, one, &oid).await.expect("an answer"), Some(object.clone()));
        assert_eq!(lfs_object::find(&mut writer, other, &oid).await.expect("an answer"), None);
        let asked = [oid, "b".repeat(64)];
        assert_eq!(lfs_object::find_all(&mut writer, one, &asked).await.expect("rows"), [object]);
        assert_eq!(lfs_object::find_all(&mut writer, one, &[]).await.expect("rows"), []);
        assert_eq!(lfs_object::total_bytes(&mut writer, one).await.expect("a sum"), 7);
        assert_eq!(lfs_object::total_bytes(&mut writer, other).await.expect("a sum"), 0);
    }
}
