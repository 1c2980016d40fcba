use hearth_core::{Email, Interest, UserName};
use hearth_store::{departed, interest, testing::TestStore, user};

use crate::support::{insert_repository, insert_user, test_start};

#[tokio::test]
async fn of_a_deleted_account_a_name_remains_and_the_old_one_is_free() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let bo = insert_user(&mut writer, "bo").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        interest::add(&mut writer, llm, bo.id, Interest::Star, test_start()).await.expect("a star");
        assert!(!departed::is_last_owner(&mut writer, bo.id).await.expect("an answer"));
        let name: UserName = "deleted-2".parse().expect("a name");
        let email: Email = "deleted-2@noreply.localhost".parse().expect("an address");
        departed::erase(&mut writer, bo.id, &name, &email, test_start()).await.expect("erased");
        let left = user::find(&mut writer, bo.id).await.expect("an answer").expect("a row");
        assert_eq!((left.name, left.email), (name, email));
        assert!(left.is_blocked && !left.is_admin && left.display_name.is_empty());
        assert_eq!(interest::count(&mut writer, llm, Interest::Star).await.expect("a count"), 0);
        assert!(user::find_by_name(&mut writer, "bo").await.expect("an answer").is_none());
        assert_ne!(insert_user(&mut writer, "bo").await.id, bo.id);
    }
}
