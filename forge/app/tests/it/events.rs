use hearth_app::{
    Actor, Unit, access, events,
    issue::{self, NewIssue},
    testing::TestHearth,
};
use hearth_core::{Scope, Scopes};
use hearth_store::{
    activity::{self, ActivityScope},
    job,
    repository::Viewer,
};

async fn open_issue(hearth: &TestHearth, name: &str, title: &str) {
    let row = hearth.find_repository("mei/digits").await;
    let actor = hearth.actor(name).await;
    let access = access::open_by_id(&hearth.app, &actor, Unit::Issues, row.id).await.expect("may read");
    let new = NewIssue { title: title.into(), ..NewIssue::default() };
    issue::open(&hearth.app, &access, new).await.expect("opened");
}

#[tokio::test]
async fn what_happened_comes_to_the_feed_once() {
    for hearth in &TestHearth::all().await {
        let row = hearth.repository("mei/digits").await;
        open_issue(hearth, "mei", "It is slow").await;
        hearth.deliver().await;
        hearth.deliver().await;
        let mut reader = hearth.app.store().read().await.expect("a reader");
        let of = ActivityScope::Repository(row.id);
        let feed = activity::list(&mut reader, of, Viewer::Anybody, None, 10).await.expect("rows");
        assert_eq!(feed.iter().map(|line| line.kind.as_str()).collect::<Vec<_>>(), ["issue.opened"]);
        assert_eq!(feed[0].actor.as_deref(), Some("mei"));
        assert_eq!(job::count_open(&mut reader).await.expect("a number"), 0);
    }
}

#[tokio::test]
async fn an_operation_that_fails_leaves_no_event() {
    let hearth = TestHearth::new().await;
    let row = hearth.repository("mei/digits").await;
    let actor = hearth.actor("mei").await;
    let access = access::open_by_id(&hearth.app, &actor, Unit::Issues, row.id).await.expect("may read");
    let new = NewIssue { title: "x".into(), assignees: vec!["nobody".into()], ..NewIssue::default() };
    issue::open(&hearth.app, &access, new).await.expect_err("there is no such person");
    assert_eq!(events::dispatch_all(&hearth.app).await.expect("an answer"), 0);
}

#[tokio::test]
async fn a_program_reads_on_from_where_it_was() {
    for hearth in &TestHearth::all().await {
        hearth.repository("mei/digits").await;
        let actor = hearth.actor("mei").await;
        for title in ["one", "two", "three"] {
            open_issue(hearth, "mei", title).await;
        }
        let before = events::list_after(&hearth.app, &actor, 0, 10).await.expect("an answer");
        assert!(before.events.is_empty() && before.next_after == 0, "nothing was given out yet");
        hearth.deliver().await;
        let first = events::list_after(&hearth.app, &actor, 0, 2).await.expect("an answer");
        assert_eq!((first.events.len(), first.next_after), (2, 2));
        let rest = events::list_after(&hearth.app, &actor, first.next_after, 2).await.expect("an answer");
        assert_eq!((rest.events.len(), rest.next_after), (1, 3));
        let end = events::list_after(&hearth.app, &actor, rest.next_after, 2).await.expect("an answer");
        assert_eq!((end.events.len(), end.next_after), (0, 3));
    }
}

#[tokio::test]
async fn the_stream_is_for_accounts_and_whole_tokens() {
    let hearth = TestHearth::new().await;
    let mei = hearth.user("mei").await;
    assert!(events::list_after(&hearth.app, &Actor::anonymous(), 0, 10).await.is_err());
    let scopes = |list: &[Scope]| list.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let some = scopes(&[Scope::ReadRepository]).parse::<Scopes>().expect("scopes");
    assert!(events::list_after(&hearth.app, &Actor::token(mei.clone(), some), 0, 10).await.is_err());
    let all = scopes(&[
        Scope::ReadRepository,
        Scope::ReadIssue,
        Scope::ReadTask,
        Scope::ReadUser,
        Scope::ReadOrganization,
    ]);
    let all = all.parse::<Scopes>().expect("scopes");
    assert!(events::list_after(&hearth.app, &Actor::token(mei, all), 0, 10).await.is_ok());
}
