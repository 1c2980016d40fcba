use hearth_core::TaskKind;
use hearth_store::{
    Error, Json,
    scene::{self, Scene},
    testing::TestStore,
};

use crate::support::{insert_user, test_start};

#[tokio::test]
async fn scenes_count_for_their_kind_while_they_are_on() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let for_all = Scene {
            code: "train".into(),
            kind: TaskKind::Train,
            pool_code: Some("h200".into()),
            owner_id: None,
            owner: None,
            spec_codes: Json(vec!["cpu-1".into(), "h200-1".into()]),
            is_enabled: true,
            created_at: test_start(),
            updated_at: test_start(),
        };
        scene::insert(&mut writer, &for_all).await.expect("kept");
        let for_mei = Scene {
            code: "train-mei".into(),
            pool_code: None,
            owner_id: Some(mei.id.into()),
            owner: Some(mei.name.clone()),
            ..for_all.clone()
        };
        scene::insert(&mut writer, &for_mei).await.expect("kept");
        let found = scene::find(&mut writer, "train-mei").await.expect("an answer");
        assert_eq!(found, Some(for_mei.clone()));
        let all = [for_all.clone(), for_mei.clone()];
        assert_eq!(scene::list_enabled(&mut writer, TaskKind::Train).await.expect("rows"), all);
        assert_eq!(scene::list_enabled(&mut writer, TaskKind::Inference).await.expect("rows"), []);
        let off = Scene { is_enabled: false, ..for_all };
        assert!(scene::update(&mut writer, &off).await.expect("an answer"));
        assert_eq!(scene::list_enabled(&mut writer, TaskKind::Train).await.expect("rows"), [for_mei]);
        assert_eq!(scene::list(&mut writer).await.expect("rows").len(), 2);
        assert!(scene::delete(&mut writer, "train").await.expect("an answer"));
        assert!(!scene::update(&mut writer, &off).await.expect("an answer"));
        let again = Scene { code: "train-mei".into(), ..off };
        assert!(matches!(scene::insert(&mut writer, &again).await, Err(Error::Taken)));
    }
}
