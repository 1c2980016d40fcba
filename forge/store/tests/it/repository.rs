use std::time::Duration;

use hearth_core::{PageRequest, Permission, RepositoryId, RepositoryKind, Roles, UserId, Visibility};
use hearth_store::{
    Error, Store, Writer, grant,
    repository::{self, Changes, Filter, NewRepository, Order, Repository, Viewer},
    testing::TestStore,
};

use crate::support::{self, insert_new_repository, insert_user, test_start};

fn new_repository(owner_id: UserId, name: &str, visibility: Visibility) -> NewRepository {
    let description = format!("About {name}");
    NewRepository { description, ..support::new_repository(owner_id, name, visibility) }
}

pub(crate) async fn insert_repository(
    writer: &mut Writer,
    owner: UserId,
    name: &str,
    visibility: Visibility,
) -> Repository {
    let id = insert_new_repository(writer, &new_repository(owner, name, visibility)).await;
    repository::find(writer, id).await.expect("an answer").expect("it is real now")
}

/// Mei owns `open` and `Secret`; Bo may write to `Secret`; Zoe has no access.
async fn cast(store: &Store) -> [UserId; 3] {
    let mut writer = store.write().await.expect("a transaction");
    let mei = insert_user(&mut writer, "mei").await.id;
    let bo = insert_user(&mut writer, "bo").await.id;
    let zoe = insert_user(&mut writer, "zoe").await.id;
    insert_repository(&mut writer, mei, "open", Visibility::Public).await;
    let secret = insert_repository(&mut writer, mei, "Secret", Visibility::Private).await;
    let roles = Roles::whole(Permission::Write);
    grant::set_roles(&mut writer, secret.id, bo, &roles, test_start()).await.expect("kept");
    writer.commit().await.expect("kept");
    [mei, bo, zoe]
}

async fn names(store: &Store, filter: Filter) -> Vec<String> {
    let filter = Filter { order: Order::Name, ..filter };
    let mut reader = store.read().await.expect("a reader");
    let found = repository::list(&mut reader, &filter, PageRequest::default()).await.expect("rows");
    assert_eq!(repository::count(&mut reader, &filter).await.expect("a count"), found.len() as u64);
    found.into_iter().map(|repository| repository.name.to_string()).collect()
}

#[tokio::test]
async fn lists_and_totals_hold_what_the_viewer_may_see() {
    for TestStore { store, .. } in &TestStore::all().await {
        let [mei, bo, zoe] = cast(store).await;
        let seen = |viewer| names(store, Filter { viewer, ..Filter::default() });
        assert_eq!(seen(Viewer::Anybody).await, ["open"]);
        assert_eq!(seen(Viewer::Person(zoe)).await, ["open"]);
        assert_eq!(seen(Viewer::Person(bo)).await, ["open", "Secret"]);
        assert_eq!(seen(Viewer::Person(mei)).await, ["open", "Secret"]);
        assert_eq!(seen(Viewer::Administrator).await, ["open", "Secret"]);
    }
}

#[tokio::test]
async fn lists_are_narrowed_by_every_part_of_the_filter() {
    for TestStore { store, .. } in &TestStore::all().await {
        let [mei, bo, zoe] = cast(store).await;
        let all = Filter { viewer: Viewer::Administrator, ..Filter::default() };
        let text = |text: &str| Filter { text: Some(text.into()), ..all.clone() };
        assert_eq!(names(store, text("SEC")).await, ["Secret"]);
        assert_eq!(names(store, text("about o")).await, ["open"]);
        assert_eq!(names(store, text("%")).await, [""; 0]);
        assert_eq!(names(store, text("_")).await, [""; 0]);
        assert_eq!(names(store, Filter { member: Some(bo), ..all.clone() }).await, ["Secret"]);
        assert_eq!(names(store, Filter { owner: Some(zoe.into()), ..all.clone() }).await, [""; 0]);
        assert_eq!(names(store, Filter { owner: Some(mei.into()), ..all.clone() }).await, ["open", "Secret"]);
        assert_eq!(names(store, Filter { kind: Some(RepositoryKind::Model), ..all.clone() }).await, [""; 0]);
        let private = Filter { visibility: Some(Visibility::Private), ..all };
        assert_eq!(names(store, private).await, ["Secret"]);
    }
}

#[tokio::test]
async fn a_pending_repository_is_not_seen_and_holds_no_name() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await.id;
        let new = new_repository(mei, "LLM", Visibility::Public);
        let first = repository::insert(&mut writer, &new).await.expect("a row");
        let second = repository::insert(&mut writer, &new).await.expect("another row of this name");
        writer.commit().await.expect("kept");

        let mut reader = store.read().await.expect("a reader");
        assert_eq!(repository::find(&mut reader, first).await.expect("an answer"), None);
        assert!(repository::exists(&mut reader, first).await.expect("an answer"));
        let pending = repository::list_pending(&mut reader, test_start(), 10).await.expect("rows");
        assert_eq!(pending, [first, second]);
        let before = test_start() - Duration::from_secs(1);
        assert!(repository::list_pending(&mut reader, before, 10).await.expect("rows").is_empty());
        assert_eq!(repository::list_ids(&mut reader).await.expect("rows"), [RepositoryId(0); 0]);
        let name = new.name.clone();
        assert!(!repository::is_taken(&mut reader, mei.into(), new.kind, &name).await.expect("an answer"));
        drop(reader);

        let mut writer = store.write().await.expect("a transaction");
        assert!(repository::finish(&mut writer, second).await.expect("the name is free"));
        assert!(!repository::finish(&mut writer, second).await.expect("an answer"), "it is real already");
        let taken = repository::finish(&mut writer, first).await;
        assert!(matches!(taken, Err(Error::Taken)), "{taken:?}");
    }
}

#[tokio::test]
async fn a_renamed_repository_is_found_by_both_names() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await.id;
        let old = insert_repository(&mut writer, mei, "old", Visibility::Public).await;
        let name = "Fresh".parse().expect("a good name");
        repository::rename(&mut writer, &old, &name, test_start()).await.expect("free");
        let kind = RepositoryKind::Code;
        let found = repository::find_by_name(&mut writer, kind, "MEI", "fresh").await.expect("an answer");
        assert_eq!(found.map(|repository| repository.name.to_string()).as_deref(), Some("Fresh"));
        assert_eq!(repository::find_by_name(&mut writer, kind, "mei", "old").await.expect("an answer"), None);
        let moved = repository::find_moved(&mut writer, kind, "mei", "OLD").await.expect("an answer");
        assert_eq!(moved.map(|repository| repository.id), Some(old.id));

        // Renamed back: the current holder of a name takes precedence over former ones.
        let new = repository::find(&mut writer, old.id).await.expect("an answer").expect("there");
        repository::rename(&mut writer, &new, &old.name, test_start()).await.expect("free");
        let moved = repository::find_moved(&mut writer, kind, "mei", "old").await.expect("an answer");
        assert_eq!(moved.map(|repository| repository.name), Some(old.name));
    }
}

#[tokio::test]
async fn only_what_is_named_is_changed() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await.id;
        let mut wanted = insert_repository(&mut writer, mei, "llm", Visibility::Private).await;
        wanted.description = "Another".into();
        let changes = Changes { description: Some("Another".into()), ..Changes::default() };
        repository::update(&mut writer, wanted.id, &changes, test_start()).await.expect("stored");
        assert_eq!(repository::lock(&mut writer, wanted.id).await.expect("an answer"), Some(wanted.clone()));

        let changes = Changes {
            website: Some("https://example.org".into()),
            visibility: Some(Visibility::Public),
            default_branch: Some("trunk".into()),
            ..Changes::default()
        };
        repository::update(&mut writer, wanted.id, &changes, test_start()).await.expect("stored");
        (wanted.website, wanted.visibility) = ("https://example.org".into(), Visibility::Public);
        repository::note_push(&mut writer, wanted.id, false, None, test_start()).await.expect("stored");
        repository::set_size(&mut writer, wanted.id, 42).await.expect("stored");
        (wanted.is_empty, wanted.default_branch, wanted.size_bytes) = (false, "trunk".into(), 42);
        wanted.pushed_at = Some(test_start());
        assert_eq!(repository::find(&mut writer, wanted.id).await.expect("an answer"), Some(wanted.clone()));
        repository::note_push(&mut writer, wanted.id, true, Some("born"), test_start())
            .await
            .expect("stored");
        (wanted.is_empty, wanted.default_branch) = (true, "born".into());
        assert_eq!(repository::find(&mut writer, wanted.id).await.expect("an answer"), Some(wanted.clone()));

        repository::retire(&mut writer, wanted.id, test_start()).await.expect("hidden");
        assert_eq!(repository::find(&mut writer, wanted.id).await.expect("an answer"), None);
        insert_repository(&mut writer, mei, "llm", Visibility::Public).await;
        repository::delete(&mut writer, wanted.id).await.expect("deleted");
        assert!(repository::list_pending(&mut writer, test_start(), 10).await.expect("rows").is_empty());
    }
}
