use std::time::Duration;

use hearth_store::{schedule, testing::TestStore};

use crate::support::test_start;

#[tokio::test]
async fn a_schedule_is_moved_on_by_one_server_alone() {
    for TestStore { store, .. } in &TestStore::all().await {
        let next = test_start() + Duration::from_hours(1);
        let mut writer = store.write().await.expect("a transaction");
        for at in [test_start(), next] {
            schedule::insert(&mut writer, "tidy", at).await.expect("kept");
        }
        assert_eq!(schedule::list(&mut writer).await.expect("rows"), [("tidy".to_owned(), test_start())]);
        assert!(schedule::advance(&mut writer, "tidy", test_start(), next).await.expect("an answer"));
        assert!(!schedule::advance(&mut writer, "tidy", test_start(), next).await.expect("an answer"));
    }
}
