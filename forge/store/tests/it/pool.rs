use std::collections::BTreeMap;

use hearth_store::{
    Error, Json,
    pool::{self, Pool},
    testing::TestStore,
};

use crate::support::test_start;

#[tokio::test]
async fn a_pool_is_kept_changed_and_removed() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let h200 = Pool {
            code: "h200".into(),
            label: "H200".into(),
            engine: "east".into(),
            accelerator_code: Some("nvidia".into()),
            model: "NVIDIA-H200".into(),
            card_memory_bytes: 141 << 30,
            node_selector: Json(BTreeMap::from([("gpu".into(), "h200".into())])),
            local_queue: Some("teaching".into()),
            reserved_cards: 1,
            is_paused: false,
            pause_message: String::new(),
            created_at: test_start(),
            updated_at: test_start(),
        };
        pool::insert_if_new(&mut writer, &h200).await.expect("kept");
        pool::insert_if_new(&mut writer, &Pool { label: "other".into(), ..h200.clone() })
            .await
            .expect("ignored");
        assert_eq!(pool::find(&mut writer, "h200").await.expect("an answer"), Some(h200.clone()));
        let paused = Pool { is_paused: true, pause_message: "Back at noon".into(), ..h200.clone() };
        assert!(pool::update(&mut writer, &paused).await.expect("an answer"));
        let cpu = Pool { code: "cpu".into(), accelerator_code: None, ..h200.clone() };
        pool::insert(&mut writer, &cpu).await.expect("kept");
        assert_eq!(pool::list(&mut writer).await.expect("rows"), [cpu, paused]);
        assert!(pool::delete(&mut writer, "cpu").await.expect("an answer"));
        assert!(!pool::delete(&mut writer, "cpu").await.expect("an answer"));
        assert!(
            !pool::update(&mut writer, &Pool { code: "cpu".into(), ..h200.clone() })
                .await
                .expect("an answer")
        );
        assert!(matches!(pool::insert(&mut writer, &h200).await, Err(Error::Taken)));
    }
}
