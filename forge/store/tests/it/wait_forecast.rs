use std::time::Duration;

use hearth_store::{
    task,
    testing::TestStore,
    wait_forecast::{self, WaitForecast},
};

use crate::support::{insert_repository, insert_user, new_task, test_start};

#[tokio::test]
async fn what_was_foretold_is_kept_with_what_came() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let code = insert_repository(&mut writer, &mei, "digits").await;
        let task_id = task::insert(&mut writer, &new_task(code, mei.id, "run")).await.expect("kept");
        let told = WaitForecast {
            task_id,
            spec_code: "cpu-1".into(),
            place: 2,
            low_seconds: 10,
            high_seconds: 60,
            waited_seconds: None,
            created_at: test_start(),
        };
        wait_forecast::insert(&mut writer, &told).await.expect("kept");
        assert!(wait_forecast::list_resolved(&mut writer, 9).await.expect("rows").is_empty());
        for seconds in [45, 90] {
            wait_forecast::record_start(&mut writer, task_id, test_start() + Duration::from_secs(seconds))
                .await
                .expect("kept");
        }
        let filled = WaitForecast { waited_seconds: Some(45), ..told };
        assert_eq!(
            wait_forecast::find(&mut writer, task_id).await.expect("an answer").as_ref(),
            Some(&filled)
        );
        assert_eq!(wait_forecast::list_resolved(&mut writer, 9).await.expect("rows"), [filled]);
        assert_eq!(
            wait_forecast::list_resolved_of_spec(&mut writer, "cpu-1", 9).await.expect("rows").len(),
            1
        );
        assert!(
            wait_forecast::list_resolved_of_spec(&mut writer, "cpu-2", 9).await.expect("rows").is_empty()
        );
        wait_forecast::forget(&mut writer, task_id).await.expect("gone");
        assert_eq!(wait_forecast::find(&mut writer, task_id).await.expect("an answer"), None);
    }
}
