use hearth_store::{setting, testing::TestStore};

#[tokio::test]
async fn a_setting_is_kept_replaced_and_taken_once() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        setting::put(&mut writer, "code", "a").await.expect("kept");
        setting::put(&mut writer, "code", "b").await.expect("kept");
        writer.commit().await.expect("kept");

        let mut writer = store.write().await.expect("a transaction");
        assert_eq!(setting::find(&mut writer, "code").await.expect("an answer").as_deref(), Some("b"));
        assert!(!setting::take(&mut writer, "code", "a").await.expect("an answer"));
        assert!(setting::take(&mut writer, "code", "b").await.expect("an answer"));
        setting::put(&mut writer, "code", "c").await.expect("kept");
        setting::delete(&mut writer, "code").await.expect("done");
        assert_eq!(setting::find(&mut writer, "code").await.expect("an answer"), None);
    }
}

#[tokio::test]
async fn of_two_callers_one_takes_the_setting() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        setting::put(&mut writer, "code", "a").await.expect("kept");
        writer.commit().await.expect("kept");

        let take = || async {
            let mut writer = store.write().await.expect("a transaction");
            let got = setting::take(&mut writer, "code", "a").await.expect("an answer");
            writer.commit().await.expect("kept");
            got
        };
        let (one, other) = tokio::join!(take(), take());
        assert!(one ^ other);
    }
}
