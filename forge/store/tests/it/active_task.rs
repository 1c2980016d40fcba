use hearth_core::{Reason, TaskState};
use hearth_store::{active_task, task, testing::TestStore};

use crate::support::{insert_repository, insert_user, new_task, test_start};

#[tokio::test]
async fn tasks_that_ended_are_touched_by_no_change() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let code = insert_repository(&mut writer, &mei, "digits").await;
        let ended = task::insert(&mut writer, &new_task(code, mei.id, "ended")).await.expect("kept");
        let (from, to) = (TaskState::Waiting, TaskState::Stopped);
        task::transition(&mut writer, ended, from, to, Reason::UserStop, test_start()).await.expect("moved");
        let waits = task::insert(&mut writer, &new_task(code, mei.id, "waits")).await.expect("kept");
        let active = active_task::list(&mut writer).await.expect("rows");
        assert_eq!(active.iter().map(|task| task.id).collect::<Vec<_>>(), [waits]);
        assert_eq!((active[0].owner_id, active[0].pool_code.as_str()), (mei.id.into(), ""));
        assert_eq!((active[0].spec_code.as_str(), active[0].cards), ("cpu-1", 0));
    }
}
