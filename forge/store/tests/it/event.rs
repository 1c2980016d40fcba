use hearth_core::{
    EventId, UserId, Visibility,
    event::{AccountEvent, Audience, RepositoryEvent, Subject},
};
use hearth_store::{
    Writer,
    event::{self, NewEvent},
    repository::{self, Viewer},
    testing::TestStore,
};

use crate::support::{insert_repository, insert_user, test_start};

async fn created(writer: &mut Writer, actor: UserId, id: hearth_core::RepositoryId) -> EventId {
    let event = RepositoryEvent::Created {
        kind: hearth_core::RepositoryKind::Code,
        name: "digits".parse().expect("a name"),
    };
    insert(writer, actor, Subject::Repository(id), Audience::Repository(id), event.into()).await
}

async fn insert(
    writer: &mut Writer,
    actor: UserId,
    subject: Subject,
    audience: Audience,
    event: hearth_core::Event,
) -> EventId {
    let new = NewEvent { actor_id: Some(actor), subject, audience, event, created_at: test_start() };
    event::insert(writer, &new).await.expect("kept")
}

#[tokio::test]
async fn every_event_is_given_out_once_and_in_the_order_of_positions() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let code = insert_repository(&mut writer, &mei, "digits").await;
        for _ in 0..5 {
            created(&mut writer, mei.id, code).await;
        }
        assert!(event::is_any_undispatched(&mut writer).await.expect("an answer"));
        let first = event::dispatch(&mut writer, 3).await.expect("events");
        let second = event::dispatch(&mut writer, 3).await.expect("events");
        assert_eq!((first.len(), second.len()), (3, 2));
        assert!(event::dispatch(&mut writer, 3).await.expect("events").is_empty());
        let all = event::list_after(&mut writer, Viewer::Administrator, (0, 100), 100).await.expect("rows");
        assert_eq!(all.iter().map(|event| event.position).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
        assert_eq!(event::last_position(&mut writer).await.expect("a number"), 5);
        assert_eq!(event::count_undispatched(&mut writer).await.expect("a number"), 0);
    }
}

/// Two transactions commit in a different order than they took their ids: a reader up to any position misses
/// nothing.
#[tokio::test]
async fn an_event_that_is_committed_late_stands_behind_what_was_read() {
    let Some(TestStore { store, .. }) = TestStore::postgres().await else { return };
    let mut writer = store.write().await.expect("a transaction");
    let mei = insert_user(&mut writer, "mei").await;
    let code = insert_repository(&mut writer, &mei, "digits").await;
    writer.commit().await.expect("kept");

    let mut slow = store.write().await.expect("a transaction");
    let late = created(&mut slow, mei.id, code).await;
    let mut quick = store.write().await.expect("a transaction");
    let early = created(&mut quick, mei.id, code).await;
    quick.commit().await.expect("kept");
    assert!(late < early, "the slow one took its id first");

    let mut writer = store.write().await.expect("a transaction");
    event::dispatch(&mut writer, 10).await.expect("events");
    writer.commit().await.expect("kept");
    slow.commit().await.expect("kept");
    let mut writer = store.write().await.expect("a transaction");
    event::dispatch(&mut writer, 10).await.expect("events");
    let all = event::list_after(&mut writer, Viewer::Administrator, (0, 100), 100).await.expect("rows");
    let ids: Vec<(i64, EventId)> = all.iter().map(|event| (event.position, event.id)).collect();
    assert_eq!(ids, [(1, early), (2, late)]);
}

#[tokio::test]
async fn an_event_is_seen_by_its_audience_alone() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let bo = insert_user(&mut writer, "bo").await;
        let open = insert_repository(&mut writer, &mei, "open").await;
        let hidden = insert_repository(&mut writer, &mei, "hidden").await;
        set_visibility(&mut writer, hidden, Visibility::Private).await;
        created(&mut writer, mei.id, open).await;
        created(&mut writer, mei.id, hidden).await;
        let user = mei.name.clone();
        let changed = AccountEvent::PasswordChanged { user }.into();
        insert(&mut writer, mei.id, Subject::Account(mei.id), Audience::Account(mei.id), changed).await;
        event::dispatch(&mut writer, 10).await.expect("events");
        let mut seen = async |viewer| {
            let rows = event::list_after(&mut writer, viewer, (0, 100), 100).await.expect("rows");
            rows.iter().map(|event| event.position).collect::<Vec<_>>()
        };
        assert_eq!(seen(Viewer::Anybody).await, [1]);
        assert_eq!(seen(Viewer::Person(bo.id)).await, [1]);
        assert_eq!(seen(Viewer::Person(mei.id)).await, [1, 2, 3]);
        assert_eq!(seen(Viewer::Administrator).await, [1, 2, 3]);
        // What happened while it was private stays visible only to those who could read it then.
        set_visibility(&mut writer, hidden, Visibility::Public).await;
        created(&mut writer, mei.id, hidden).await;
        event::dispatch(&mut writer, 10).await.expect("events");
        let mut seen = async |viewer| {
            let rows = event::list_after(&mut writer, viewer, (0, 100), 100).await.expect("rows");
            rows.iter().map(|event| event.position).collect::<Vec<_>>()
        };
        assert_eq!(seen(Viewer::Person(bo.id)).await, [1, 4]);
        set_visibility(&mut writer, open, Visibility::Private).await;
        let rows = event::list_after(&mut writer, Viewer::Person(bo.id), (0, 100), 100).await.expect("rows");
        assert_eq!(rows.len(), 1, "what may not be read any more is not told any more");
    }
}

async fn set_visibility(writer: &mut Writer, id: hearth_core::RepositoryId, visibility: Visibility) {
    let changes = repository::Changes { visibility: Some(visibility), ..repository::Changes::default() };
    repository::update(writer, id, &changes, test_start()).await.expect("kept");
}
