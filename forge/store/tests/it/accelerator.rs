use std::collections::BTreeMap;

use hearth_store::{
    Error, Json,
    accelerator::{self, Accelerator, Mount, Toleration},
    testing::TestStore,
};

use crate::support::test_start;

fn cards(code: &str) -> Accelerator {
    Accelerator {
        code: code.into(),
        vendor: "Huawei".into(),
        label: "Ascend 910".into(),
        resource_name: "huawei.com/Ascend910".into(),
        family: "cann".into(),
        model_label: Some("chip".into()),
        memory_label: None,
        runtime_class: None,
        tolerations: Json(vec![Toleration { key: "npu".into(), value: None, effect: None }]),
        environment: Json(BTreeMap::from([("A".into(), "b".into())])),
        mounts: Json(vec![Mount { path: "/usr/local/dcmi".into(), read_only: true }]),
        probe_command: Json(vec!["npu-smi".into(), "info".into()]),
        is_enabled: true,
        created_at: test_start(),
        updated_at: test_start(),
    }
}

#[tokio::test]
async fn what_an_administrator_wrote_of_cards_outlives_the_next_start() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let shipped = cards("ascend");
        accelerator::insert_if_new(&mut writer, &shipped).await.expect("kept");
        let found = accelerator::find(&mut writer, "ascend").await.expect("an answer");
        assert_eq!(found, Some(shipped.clone()));
        let changed =
            Accelerator { resource_name: "huawei.com/npu".into(), is_enabled: false, ..shipped.clone() };
        assert!(accelerator::update(&mut writer, &changed).await.expect("an answer"));
        accelerator::insert_if_new(&mut writer, &shipped).await.expect("ignored");
        assert_eq!(accelerator::list(&mut writer).await.expect("rows"), [changed]);
        assert_eq!(accelerator::list_enabled(&mut writer).await.expect("rows"), []);
    }
}

#[tokio::test]
async fn two_kinds_of_cards_have_two_codes() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        accelerator::insert(&mut writer, &cards("a")).await.expect("kept");
        accelerator::insert(&mut writer, &cards("b")).await.expect("kept");
        assert!(!accelerator::update(&mut writer, &cards("c")).await.expect("an answer"));
        assert_eq!(accelerator::list_enabled(&mut writer).await.expect("rows").len(), 2);
        assert!(matches!(accelerator::insert(&mut writer, &cards("a")).await, Err(Error::Taken)));
    }
}
