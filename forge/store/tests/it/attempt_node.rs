use hearth_core::{Reason, TaskState};
use hearth_store::{
    attempt,
    attempt::End,
    attempt_node::{self, NodeEnd},
    testing::TestStore,
};

use crate::{attempt::kept_attempt, support::test_start};

#[tokio::test]
async fn each_node_lives_and_ends_by_itself() {
    for TestStore { store, .. } in &TestStore::all().await {
        let made = kept_attempt(store).await;
        let mut writer = store.write().await.expect("a transaction");
        for (rank, machine) in [(0, "n0"), (1, "n1")] {
            attempt_node::insert(&mut writer, made.id, rank, machine).await.expect("kept");
        }
        assert!(attempt_node::heartbeat(&mut writer, made.id, 1, test_start()).await.expect("an answer"));
        attempt_node::set_state(&mut writer, made.id, 1, TaskState::Running).await.expect("kept");
        attempt_node::set_machine(&mut writer, made.id, 1, "n7").await.expect("kept");
        let end = NodeEnd {
            state: TaskState::Failed,
            reason: Reason::RunExitNonzero,
            exit_code: Some(3),
            ended_at: test_start(),
        };
        assert!(attempt_node::end(&mut writer, made.id, 1, end).await.expect("an answer"));
        assert!(!attempt_node::end(&mut writer, made.id, 1, end).await.expect("an answer"));
        assert!(!attempt_node::heartbeat(&mut writer, made.id, 1, test_start()).await.expect("an answer"));
        attempt_node::set_state(&mut writer, made.id, 1, TaskState::Running).await.expect("an answer");
        let nodes = attempt_node::list(&mut writer, made.id).await.expect("rows");
        let states: Vec<_> = nodes.iter().map(|node| (node.machine.as_str(), node.state)).collect();
        assert_eq!(states, [("n0", TaskState::Creating), ("n7", TaskState::Failed)]);
        let second = attempt_node::find(&mut writer, made.id, 1).await.expect("an answer").expect("there");
        assert_eq!((second.exit_code, second.heartbeat_at), (Some(3), Some(test_start())));
        assert_eq!(attempt_node::list_open(&mut writer).await.expect("rows").len(), 2);
        let over = End {
            state: TaskState::Failed,
            reason: Reason::RunExitNonzero,
            exit_code: Some(3),
            facts: serde_json::Value::Null,
            ended_at: test_start(),
        };
        attempt::end(&mut writer, made.id, &over).await.expect("an answer");
        assert_eq!(attempt_node::list_open(&mut writer).await.expect("rows").len(), 0);
    }
}
