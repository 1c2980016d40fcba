use hearth_core::{
    EventId, RepositoryId, RepositoryKind, UserId, Visibility,
    event::{Audience, RepositoryEvent, Subject},
};
use hearth_store::{
    Writer,
    activity::{self, Of},
    event::{self, NewEvent},
    repository::{self, Changes, Viewer},
    testing::TestStore,
};

use crate::support::{insert_repository, insert_user, noon};

async fn shown(writer: &mut Writer, actor: UserId, id: RepositoryId) -> EventId {
    let name = "digits".parse().expect("a name");
    let new = NewEvent {
        actor_id: Some(actor),
        subject: Subject::Repository(id),
        audience: Audience::Repository(id),
        event: RepositoryEvent::Created { kind: RepositoryKind::Code, name }.into(),
        created_at: noon(),
    };
    let event = event::insert(writer, &new).await.expect("kept");
    let row = event::find(writer, event).await.expect("an answer").expect("there");
    assert!(activity::insert(writer, &row).await.expect("kept"));
    assert!(!activity::insert(writer, &row).await.expect("an answer"), "it is shown once");
    event
}

#[tokio::test]
async fn a_feed_shows_what_its_reader_may_see_the_newest_first() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let bo = insert_user(&mut writer, "bo").await;
        let open = insert_repository(&mut writer, &mei, "open").await;
        let hidden = insert_repository(&mut writer, &mei, "hidden").await;
        let private = Changes { visibility: Some(Visibility::Private), ..Changes::default() };
        repository::update(&mut writer, hidden, &private, noon()).await.expect("kept");
        let first = shown(&mut writer, mei.id, open).await;
        let secret = shown(&mut writer, mei.id, hidden).await;
        let foreign = shown(&mut writer, bo.id, open).await;
        let mut list = async |of, viewer, before, most| {
            let rows = activity::list(&mut writer, of, viewer, before, most).await.expect("rows");
            rows.iter().map(|row| row.event_id).collect::<Vec<_>>()
        };
        let (me, them) = (Viewer::Person(mei.id), Viewer::Person(bo.id));
        assert_eq!(list(Of::Repository(open), Viewer::Anybody, None, 10).await, [foreign, first]);
        assert_eq!(list(Of::Repository(hidden), them, None, 10).await, []);
        assert_eq!(list(Of::Actor(mei.id), them, None, 10).await, [first]);
        assert_eq!(list(Of::Actor(mei.id), me, None, 10).await, [secret, first]);
        assert_eq!(list(Of::Dashboard(mei.id), me, None, 10).await, [foreign, secret, first]);
        assert_eq!(list(Of::Dashboard(mei.id), me, Some(foreign), 1).await, [secret]);
        assert_eq!(list(Of::Dashboard(bo.id), them, None, 10).await, [foreign]);
    }
}
