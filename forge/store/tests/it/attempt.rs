use hearth_core::{Reason, TaskState};
use hearth_store::{
    Error, Store,
    attempt::{self, Attempt, End, NewAttempt},
    task,
    task_output::{self, TaskOutput},
    testing::TestStore,
};
use serde_json::json;

use crate::support::{insert_repository, insert_user, new_task, test_start};

/// PostgreSQL aborts a transaction at the first failed statement, so the rest needs a new one.
pub(crate) async fn kept_attempt(store: &Store) -> Attempt {
    let mut writer = store.write().await.expect("a transaction");
    let mei = insert_user(&mut writer, "mei").await;
    let code = insert_repository(&mut writer, &mei, "digits").await;
    let task_id = task::insert(&mut writer, &new_task(code, mei.id, "run")).await.expect("kept");
    let new = NewAttempt {
        task_id,
        number: 1,
        engine: "local".into(),
        machine: "here".into(),
        pool_code: "local".into(),
        payer_id: mei.id.into(),
        placement: json!({"pool": "local"}),
        spec: json!({"boot_file": "train.py", "resources": {"accelerators": [{"index": 3}]}}),
        token_hash: "hash".into(),
        created_at: test_start(),
    };
    attempt::insert(&mut writer, &new).await.expect("kept");
    writer.commit().await.expect("kept");
    let mut writer = store.write().await.expect("a transaction");
    assert!(matches!(attempt::insert(&mut writer, &new).await, Err(Error::Taken)));
    drop(writer);
    let mut reader = store.read().await.expect("a reader");
    attempt::find(&mut reader, task_id, 1).await.expect("an answer").expect("there")
}

#[tokio::test]
async fn an_attempt_is_found_by_token_and_by_handle() {
    for TestStore { store, .. } in &TestStore::all().await {
        let made = kept_attempt(store).await;
        let mut writer = store.write().await.expect("a transaction");
        attempt::set_handle(&mut writer, made.id, "hearth-1-1").await.expect("kept");
        let by_handle = attempt::find_by_handle(&mut writer, "local", "hearth-1-1").await.expect("an answer");
        assert_eq!(by_handle.expect("there").id, made.id);
        attempt::set_token_hash(&mut writer, made.id, "other").await.expect("kept");
        assert_eq!(attempt::find_by_token_hash(&mut writer, "hash").await.expect("an answer"), None);
        let by_token = attempt::find_by_token_hash(&mut writer, "other").await.expect("an answer");
        let spec: serde_json::Value = by_token.expect("there").spec.read().expect("what was kept");
        assert_eq!(spec["boot_file"], "train.py");
        assert_eq!(attempt::list_of_task(&mut writer, made.task_id).await.expect("rows").len(), 1);
    }
}

#[tokio::test]
async fn events_are_counted_at_their_exact_place() {
    for TestStore { store, .. } in &TestStore::all().await {
        let made = kept_attempt(store).await;
        let mut writer = store.write().await.expect("a transaction");
        assert!(attempt::count_events(&mut writer, made.id, 0, 3).await.expect("an answer"));
        assert!(!attempt::count_events(&mut writer, made.id, 0, 3).await.expect("an answer"));
        assert!(attempt::count_events(&mut writer, made.id, 3, 1).await.expect("an answer"));
    }
}

#[tokio::test]
async fn an_attempt_ends_once() {
    for TestStore { store, .. } in &TestStore::all().await {
        let made = kept_attempt(store).await;
        let mut writer = store.write().await.expect("a transaction");
        attempt::set_state(&mut writer, made.id, TaskState::Running, Reason::RunStarted, test_start())
            .await
            .expect("kept");
        assert!(attempt::heartbeat(&mut writer, made.id, test_start()).await.expect("an answer"));
        assert_eq!(attempt::list_open(&mut writer).await.expect("rows").len(), 1);
        let end = End {
            state: TaskState::Failed,
            reason: Reason::RunExitNonzero,
            exit_code: Some(3),
            facts: json!({"exit_code": 3}),
            ended_at: test_start(),
        };
        assert!(attempt::end(&mut writer, made.id, &end).await.expect("an answer"));
        assert!(!attempt::end(&mut writer, made.id, &end).await.expect("an answer"));
        assert!(!attempt::heartbeat(&mut writer, made.id, test_start()).await.expect("an answer"));
        assert_eq!(attempt::list_open(&mut writer).await.expect("rows"), []);
        let unsealed = attempt::list_unsealed(&mut writer).await.expect("rows");
        assert_eq!((unsealed[0].exit_code, unsealed[0].started_at), (Some(3), Some(test_start())));
        assert_eq!(attempt::list_ended_since(&mut writer, test_start()).await.expect("rows").len(), 1);
        attempt::seal(&mut writer, made.id, test_start()).await.expect("kept");
        assert_eq!(attempt::list_unsealed(&mut writer).await.expect("rows"), []);
        attempt::unseal(&mut writer, made.id).await.expect("kept");
        assert_eq!(attempt::list_unsealed(&mut writer).await.expect("rows").len(), 1);
    }
}

#[tokio::test]
async fn an_output_of_the_same_path_takes_the_place_of_the_older() {
    for TestStore { store, .. } in &TestStore::all().await {
        let made = kept_attempt(store).await;
        let mut writer = store.write().await.expect("a transaction");
        let old = TaskOutput {
            task_id: made.task_id,
            attempt_number: 1,
            path: "model/weights.npz".parse().expect("a plain path"),
            size_bytes: 3,
            sha256: "a".repeat(64),
            created_at: test_start(),
        };
        let new = TaskOutput { size_bytes: 4, sha256: "b".repeat(64), ..old.clone() };
        task_output::insert(&mut writer, &old).await.expect("kept");
        task_output::insert(&mut writer, &new).await.expect("kept");
        let listed = task_output::list(&mut writer, made.task_id, 1).await.expect("rows");
        assert_eq!(listed, std::slice::from_ref(&new));
        let found = task_output::find(&mut writer, made.task_id, 1, &new.path).await.expect("an answer");
        assert_eq!(found.as_ref(), Some(&new));
        let beside = task_output::sum_beside(&mut writer, made.task_id, 1, &new.path).await;
        assert_eq!(beside.expect("a sum"), (0, 0));
        let other = "other".parse().expect("a plain path");
        let beside = task_output::sum_beside(&mut writer, made.task_id, 1, &other).await;
        assert_eq!(beside.expect("a sum"), (1, 4));
    }
}
