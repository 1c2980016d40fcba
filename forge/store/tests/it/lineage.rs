//! Model versions and the links between repositories and tasks.

use hearth_core::{PageRequest, RepositoryId, RepositoryKind, Visibility};
use hearth_store::{
    Error, Writer,
    grant::Viewer,
    model_version::{self, NewModelVersion, VersionName},
    repository::NewRepository,
    task,
    task_link::{self, Direction, NewTaskLink},
    testing::TestStore,
    user::User,
};

use crate::support::{
    insert_new_repository, insert_repository, insert_user, new_repository, new_task, test_start,
};

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

fn new_version(model: RepositoryId, creator: &User, version: &str) -> NewModelVersion {
    NewModelVersion {
        repository_id: model,
        version: version.into(),
        commit_id: "b".repeat(40),
        note: String::new(),
        creator_id: creator.id,
        created_at: test_start(),
    }
}

#[tokio::test]
async fn a_version_name_is_given_once_in_a_model() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let model = insert_repository(&mut writer, &mei, "digits-model").await;
        let first = new_version(model, &mei, "v1");
        model_version::insert(&mut writer, &first).await.expect("kept");
        assert_eq!(model_version::count(&mut writer, model).await.expect("a count"), 1);
        let found = model_version::find(&mut writer, model, "v1").await.expect("an answer");
        let listed = model_version::list(&mut writer, model, PageRequest::default()).await.expect("rows");
        assert_eq!(listed.first(), found.as_ref());
        let again = model_version::insert(&mut writer, &first).await;
        assert!(matches!(again, Err(Error::Taken)), "{again:?}");
    }
}

/// A model of this person with these versions.
async fn insert_model(
    writer: &mut Writer,
    owner: &User,
    name: &str,
    visibility: Visibility,
    versions: &[&str],
) {
    let new = NewRepository { kind: RepositoryKind::Model, ..new_repository(owner.id, name, visibility) };
    let id = insert_new_repository(writer, &new).await;
    for version in versions {
        model_version::insert(writer, &new_version(id, owner, version)).await.expect("kept");
    }
}

#[tokio::test]
async fn versions_are_found_by_their_whole_names_where_the_viewer_may_see_the_files() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "Mei").await;
        let bo = insert_user(&mut writer, "bo").await;
        insert_model(&mut writer, &mei, "Digits", Visibility::Public, &["v1", "v2"]).await;
        insert_model(&mut writer, &mei, "secret", Visibility::Private, &["v1"]).await;
        insert_model(&mut writer, &bo, "digits", Visibility::Public, &["v1"]).await;
        let name = |owner: &str, model: &str, version: &str| VersionName {
            owner: owner.into(),
            model: model.into(),
            version: version.into(),
        };
        let names = [
            name("mei", "digits", "v1"),
            name("mei", "digits", "V1"),
            name("mei", "secret", "v1"),
            name("mei", "secret", "v2"),
            name("bo", "nothing", "v1"),
        ];
        for (viewer, expected) in [
            (Viewer::Anybody, vec!["Mei/Digits@v1"]),
            (Viewer::Person(bo.id), vec!["Mei/Digits@v1"]),
            (Viewer::Person(mei.id), vec!["Mei/Digits@v1", "Mei/secret@v1"]),
            (Viewer::Administrator, vec!["Mei/Digits@v1", "Mei/secret@v1"]),
        ] {
            let found = model_version::find_named(&mut writer, &names, viewer).await.expect("rows");
            let mut found: Vec<String> =
                found.iter().map(|row| format!("{}/{}@{}", row.owner, row.model, row.version)).collect();
            found.sort();
            assert_eq!(found, expected, "{viewer:?}");
        }
        let none = model_version::find_named(&mut writer, &[], Viewer::Administrator).await;
        assert_eq!(none.expect("rows"), []);
    }
}
