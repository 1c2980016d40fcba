use hearth_core::ThreadKind;
use hearth_store::{testing::TestStore, thread_pin};

use crate::support::{insert_issue, insert_pull_request, insert_repository, insert_user, test_start};

#[tokio::test]
async fn pins_keep_their_order_for_each_kind_of_thread() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let one = insert_issue(&mut writer, llm, &mei, "One").await;
        let two = insert_issue(&mut writer, llm, &mei, "Two").await;
        let pull = insert_pull_request(&mut writer, llm, &mei, "fix").await;
        for (kind, ids) in
            [(ThreadKind::Issue, vec![two.id, one.id]), (ThreadKind::PullRequest, vec![pull.id])]
        {
            thread_pin::set(&mut writer, llm, kind, &ids, test_start()).await.expect("pinned");
        }
        let numbers = |pins: Vec<thread_pin::Pin>| -> Vec<(i64, i64)> {
            pins.iter().map(|pin| (pin.place, pin.number.0)).collect()
        };
        let pins = thread_pin::list(&mut writer, llm, ThreadKind::Issue).await.expect("a list");
        assert_eq!(numbers(pins), [(1, two.number.0), (2, one.number.0)]);
        let places = thread_pin::places(&mut writer, &[one.id, two.id, pull.id]).await.expect("places");
        assert_eq!(places, [(one.id, 2), (two.id, 1), (pull.id, 1)]);
        thread_pin::set(&mut writer, llm, ThreadKind::Issue, &[one.id], test_start()).await.expect("pinned");
        assert!(thread_pin::is_pinned(&mut writer, &one).await.expect("an answer"));
        assert!(!thread_pin::is_pinned(&mut writer, &two).await.expect("an answer"));
        assert!(thread_pin::is_pinned(&mut writer, &pull).await.expect("an answer"));
    }
}
