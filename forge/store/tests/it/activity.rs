use std::collections::BTreeMap;

use hearth_core::{
    EventId, Permission, RepositoryId, RepositoryKind, Roles, UserId, Visibility,
    event::{Audience, RepositoryEvent, Subject},
};
use hearth_store::{
    Writer,
    activity::{self, Activity, ActivityScope},
    event::{self, NewEvent},
    grant,
    repository::{self, Changes, Viewer},
    testing::TestStore,
};

use crate::support::{insert_repository, insert_user, test_start};

async fn shown(writer: &mut Writer, actor: UserId, id: RepositoryId) -> EventId {
    let name = "digits".parse().expect("a name");
    let new = NewEvent {
        actor_id: Some(actor),
        subject: Subject::Repository(id),
        audience: Audience::Repository(id),
        event: RepositoryEvent::Created { kind: RepositoryKind::Code, name }.into(),
        created_at: test_start(),
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
        repository::update(&mut writer, hidden, &private, test_start()).await.expect("kept");
        let first = shown(&mut writer, mei.id, open).await;
        let secret = shown(&mut writer, mei.id, hidden).await;
        let foreign = shown(&mut writer, bo.id, open).await;
        let mut list = async |of, viewer, before, most| {
            let rows = activity::list(&mut writer, of, viewer, before, most).await.expect("rows");
            rows.iter().map(|row| row.event_id).collect::<Vec<_>>()
        };
        let (me, them) = (Viewer::Person(mei.id), Viewer::Person(bo.id));
        assert_eq!(list(ActivityScope::Repository(open), Viewer::Anybody, None, 10).await, [foreign, first]);
        assert_eq!(list(ActivityScope::Repository(hidden), them, None, 10).await, []);
        assert_eq!(list(ActivityScope::Actor(mei.id), them, None, 10).await, [first]);
        assert_eq!(list(ActivityScope::Actor(mei.id), me, None, 10).await, [secret, first]);
        assert_eq!(list(ActivityScope::Dashboard(mei.id), me, None, 10).await, [foreign, secret, first]);
        assert_eq!(list(ActivityScope::Dashboard(mei.id), me, Some(foreign), 1).await, [secret]);
        assert_eq!(list(ActivityScope::Dashboard(bo.id), them, None, 10).await, [foreign]);
    }
}

#[tokio::test]
async fn a_dashboard_is_what_one_did_and_what_happened_where_one_takes_part_and_no_line_is_missing() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let bo = insert_user(&mut writer, "bo").await;
        let mut repositories = Vec::new();
        for number in 0..12 {
            let owner = if number % 3 == 0 { &mei } else { &bo };
            let id = insert_repository(&mut writer, owner, &format!("r{number}")).await;
            if number % 4 == 1 {
                let role = Permission::Read;
                grant::set_roles(&mut writer, id, mei.id, &Roles::whole(role), test_start())
                    .await
                    .expect("kept");
            }
            repositories.push(id);
        }
        // Mei was active in each of them, but no longer sees those that she has no access to.
        for number in 0..60 {
            let actor = if number % 7 == 0 { mei.id } else { bo.id };
            shown(&mut writer, actor, repositories[number * number % 11]).await;
        }
        let private = Changes { visibility: Some(Visibility::Private), ..Changes::default() };
        repository::update(&mut writer, repositories[4], &private, test_start()).await.expect("kept");
        let viewer = Viewer::Person(mei.id);
        let mut expected: BTreeMap<EventId, Activity> = BTreeMap::new();
        let taking_part = (0..12).filter(|number| number % 3 == 0 || number % 4 == 1);
        let parts = taking_part.map(|number| ActivityScope::Repository(repositories[number]));
        for of in parts.chain([ActivityScope::Actor(mei.id)]) {
            let rows = activity::list(&mut writer, of, viewer, None, 1_000).await.expect("rows");
            expected.extend(rows.into_iter().map(|row| (row.event_id, row)));
        }
        let expected: Vec<Activity> = expected.into_values().rev().collect();
        for most in [1, 2, 3, 5, 100] {
            let (mut before, mut found) = (None, Vec::new());
            loop {
                let of = ActivityScope::Dashboard(mei.id);
                let rows = activity::list(&mut writer, of, viewer, before, most).await.expect("rows");
                let Some(last) = rows.last() else { break };
                before = Some(last.event_id);
                found.extend(rows);
            }
            assert_eq!(found, expected, "{most} at a time");
        }
    }
}
