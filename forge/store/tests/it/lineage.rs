//! Model versions and the links between repositories and tasks.

use hearth_core::PageRequest;
use hearth_store::{
    Error,
    model_version::{self, NewModelVersion},
    task,
    task_link::{self, Direction, NewTaskLink},
    testing::TestStore,
};

use crate::support::{insert_repository, insert_user, new_task, test_start};

#[tokio::test]
async fn the_edges_of_a_run_are_seen_from_all_three_ends() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let code = insert_repository(&mut writer, &mei, "digits").await;
        let model = insert_repository(&mut writer, &mei, "digits-model").await;
        let task_id = task::insert(&mut writer, &new_task(code, mei.id, "run")).await.expect("kept");
        let input = NewTaskLink {
            task_id,
            direction: Direction::Input,
            repository_id: code,
            commit_id: "a".repeat(40),
            version: None,
            created_at: test_start(),
        };
        let output = NewTaskLink {
            direction: Direction::Output,
            repository_id: model,
            commit_id: "b".repeat(40),
            version: Some("v1".into()),
            ..input.clone()
        };
        for link in [&input, &output, &output] {
            task_link::insert(&mut writer, link).await.expect("kept");
        }
        let of_task = task_link::list_of_task(&mut writer, task_id).await.expect("rows");
        assert_eq!(of_task.len(), 2);
        let made = task_link::list_derived(&mut writer, code, 10).await.expect("rows");
        assert_eq!((made.len(), made[0].repository_id), (1, model));
        let makers =
            task_link::list_producers(&mut writer, model, &["b".repeat(40).as_str()]).await.expect("rows");
        assert_eq!((makers.len(), makers[0].task_repository_id), (1, code));
        assert_eq!(makers[0].version.as_deref(), Some("v1"));
        let others = task_link::list_producers(&mut writer, model, &["c".repeat(40).as_str()]).await;
        assert_eq!(others.expect("rows"), []);
    }
}

#[tokio::test]
async fn a_version_name_is_given_once_in_a_model() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let model = insert_repository(&mut writer, &mei, "digits-model").await;
        let first = NewModelVersion {
            repository_id: model,
            version: "v1".into(),
            commit_id: "b".repeat(40),
            note: String::new(),
            creator_id: mei.id,
            created_at: test_start(),
        };
        model_version::insert(&mut writer, &first).await.expect("kept");
        assert_eq!(model_version::count(&mut writer, model).await.expect("a count"), 1);
        let found = model_version::find(&mut writer, model, "v1").await.expect("an answer");
        let listed = model_version::list(&mut writer, model, PageRequest::default()).await.expect("rows");
        assert_eq!(listed.first(), found.as_ref());
        let again = model_version::insert(&mut writer, &first).await;
        assert!(matches!(again, Err(Error::Taken)), "{again:?}");
    }
}
