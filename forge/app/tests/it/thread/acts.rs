use hearth_app::{
    comment, issue,
    label::{self, LabelInput},
    testing::TestHearth,
    thread::{Target, lock, reaction, subscription, unlock},
};
use hearth_core::{
    Action, Error, IssueState, Kind, LockReason, PageRequest, Reaction, SubscriptionReason,
    SubscriptionState, ThreadNumber,
};
use hearth_store::{event, repository::Viewer};

use super::{enter, open};

const FIRST: ThreadNumber = ThreadNumber(1);

/// The kinds of recorded events, in order.
async fn kinds(hearth: &TestHearth) -> Vec<String> {
    hearth.deliver().await;
    let mut reader = hearth.app.store().read().await.expect("a reader");
    let events = event::list_after(&mut reader, Viewer::Administrator, (0, i64::MAX), 100).await;
    events.expect("events").into_iter().map(|event| event.kind).collect()
}

#[tokio::test]
async fn a_locked_discussion_is_for_writers_until_it_is_unlocked() {
    for hearth in &TestHearth::all().await {
        hearth.repository("mei/llm").await;
        hearth.user("bo").await;
        let (mei, bo) = (enter(hearth, "mei", "mei/llm").await, enter(hearth, "bo", "mei/llm").await);
        let app = &hearth.app;
        open(hearth, &bo, "a", "b").await;
        let said = comment::add(app, &bo, FIRST, "before").await.expect("said");
        assert!(bo.write().is_err(), "only writers lock");
        let writing = mei.write().expect("the owner");
        lock(app, &writing, FIRST, Some(LockReason::TooHeated)).await.expect("locked");
        lock(app, &writing, FIRST, None).await.expect("twice is once");
        let refused = [
            comment::add(app, &bo, FIRST, "x").await.map(drop),
            comment::edit(app, &bo, said.id, None, "x").await.map(drop),
            reaction::add(app, &bo, Target::Thread(FIRST), Reaction::Heart).await.map(drop),
            reaction::add(app, &bo, Target::Comment(said.id), Reaction::Heart).await.map(drop),
            issue::edit(app, &bo, FIRST, issue::Edit { body: Some("x".into()), ..issue::Edit::default() })
                .await
                .map(drop),
            issue::close_or_reopen(app, &bo, FIRST, IssueState::Closed, "x").await.map(drop),
        ];
        for answer in refused {
            assert!(matches!(answer, Err(Error::Forbidden(Action::Discuss))), "{answer:?}");
        }
        comment::add(app, &mei, FIRST, "writers go on").await.expect("said");
        issue::close_or_reopen(app, &bo, FIRST, IssueState::Closed, "").await.expect("the author closes it");
        comment::delete(app, &bo, said.id).await.expect("one takes back what one said");
        unlock(app, &writing, FIRST).await.expect("unlocked");
        unlock(app, &writing, FIRST).await.expect("twice is once");
        comment::add(app, &bo, FIRST, "after").await.expect("said");
        assert_eq!(
            kinds(hearth).await,
            [
                "issue.opened",
                "issue.commented",
                "issue.locked",
                "issue.commented",
                "issue.closed",
                "issue.comment_deleted",
                "issue.unlocked",
                "issue.commented"
            ]
        );
    }
}

#[tokio::test]
async fn signs_are_put_once_and_taken_back_by_their_own() {
    for hearth in &TestHearth::all().await {
        hearth.repository("mei/llm").await;
        hearth.user("bo").await;
        let (mei, bo) = (enter(hearth, "mei", "mei/llm").await, enter(hearth, "bo", "mei/llm").await);
        let app = &hearth.app;
        let card = open(hearth, &mei, "a", "b").await;
        let said = comment::add(app, &bo, FIRST, "x").await.expect("said");
        for (access, is_new) in [(&mei, true), (&mei, false), (&bo, true)] {
            let added = reaction::add(app, access, Target::Thread(FIRST), Reaction::Rocket).await;
            assert_eq!(added.expect("an answer").1, is_new);
        }
        reaction::add(app, &mei, Target::Comment(said.id), Reaction::Eyes).await.expect("added");
        let counts = reaction::counts(app, &bo, &card.issue, &[said.id]).await.expect("counts");
        let own = &counts[&None];
        assert_eq!((own[0].count, own[0].is_own, own[0].names.join(" ")), (2, true, "mei bo".into()));
        assert!(!counts[&Some(said.id)][0].is_own);
        assert!(
            !reaction::remove(app, &bo, Target::Comment(said.id), Reaction::Eyes).await.expect("not theirs")
        );
        assert!(reaction::remove(app, &bo, Target::Thread(FIRST), Reaction::Rocket).await.expect("theirs"));
        let left =
            reaction::list(app, &bo, Target::Thread(FIRST), PageRequest::default()).await.expect("a list");
        assert_eq!(left.total, 1);
        let nowhere = reaction::add(app, &bo, Target::Thread(ThreadNumber(9)), Reaction::Heart).await;
        assert!(matches!(nowhere, Err(Error::NotFound(Kind::Issue))));
    }
}

#[tokio::test]
async fn who_takes_part_follows_and_who_chose_not_to_is_left_alone() {
    for hearth in &TestHearth::all().await {
        hearth.private_repository("mei/secret").await;
        let row = hearth.find_repository("mei/secret").await;
        for name in ["bo", "lin", "kim", "stranger"] {
            hearth.user(name).await;
        }
        for name in ["bo", "lin", "kim"] {
            hearth.permit(&row, name, hearth_core::Permission::Read).await;
        }
        let app = &hearth.app;
        let mei = enter(hearth, "mei", "mei/secret").await;
        open(hearth, &mei, "a", "@lin @stranger `@kim`").await;
        let bo = enter(hearth, "bo", "mei/secret").await;
        comment::add(app, &bo, FIRST, "me too").await.expect("said");
        let edit = issue::Edit { assignees: Some(vec!["kim".into()]), ..issue::Edit::default() };
        issue::edit(app, &mei, FIRST, edit).await.expect("assigned");
        for (name, reason) in [
            ("mei", SubscriptionReason::Author),
            ("lin", SubscriptionReason::Mentioned),
            ("bo", SubscriptionReason::Commented),
            ("kim", SubscriptionReason::Assigned),
        ] {
            let access = enter(hearth, name, "mei/secret").await;
            let thread = issue::find(app, &access, FIRST).await.expect("theirs to read").issue;
            let found = subscription::find(app, &access, &thread).await.expect("an answer");
            assert_eq!(found.map(|found| found.reason), Some(reason), "{name}");
        }
        let lin = enter(hearth, "lin", "mei/secret").await;
        assert!(subscription::choose(app, &lin, FIRST, SubscriptionState::Muted).await.expect("chosen"));
        assert!(!subscription::choose(app, &lin, FIRST, SubscriptionState::Muted).await.expect("as it was"));
        comment::add(app, &mei, FIRST, "again @lin").await.expect("said");
        let thread = issue::find(app, &lin, FIRST).await.expect("theirs to read").issue;
        let found = subscription::find(app, &lin, &thread).await.expect("an answer");
        assert_eq!(found.map(|found| found.state), Some(SubscriptionState::Muted));
        let watchers =
            subscription::watchers(app, &mei, FIRST, PageRequest::default()).await.expect("a list");
        let mut names: Vec<_> = watchers.items.iter().map(|user| user.name.to_string()).collect();
        names.sort();
        assert_eq!(names, ["bo", "kim", "mei"], "a stranger is not told");
        let other = subscription::choose_for(app, &bo, FIRST, "lin", SubscriptionState::Watching).await;
        assert!(matches!(other, Err(Error::Forbidden(Action::AdministerSite))), "{other:?}");
    }
}

#[tokio::test]
async fn title_text_state_labels_and_people_are_changed_together_or_not_at_all() {
    for hearth in &TestHearth::all().await {
        hearth.repository("mei/llm").await;
        let mei = enter(hearth, "mei", "mei/llm").await;
        let app = &hearth.app;
        let input = LabelInput { name: "bug".into(), color: "ff0000".into(), ..LabelInput::default() };
        let bug = label::create(app, &mei.write().expect("the owner"), &input).await.expect("a label");
        open(hearth, &mei, "a", "b").await;
        let whole = |person: &str| issue::Edit {
            title: Some("new".into()),
            body: Some("text".into()),
            state: Some(IssueState::Closed),
            labels: Some(vec![bug.id]),
            assignees: Some(vec![person.into()]),
            ..issue::Edit::default()
        };
        issue::edit(app, &mei, FIRST, whole("nobody")).await.expect_err("there is no such person");
        let kept = issue::find(app, &mei, FIRST).await.expect("there");
        assert_eq!((kept.issue.title.as_str(), kept.issue.is_open(), kept.labels.len()), ("a", true, 0));
        let card = issue::edit(app, &mei, FIRST, whole("mei")).await.expect("changed");
        assert_eq!((card.issue.title.as_str(), card.issue.is_open()), ("new", false));
        assert_eq!((card.labels[0].name.as_str(), card.assignees[0].name.as_str()), ("bug", "mei"));
        assert_eq!(
            kinds(hearth).await,
            ["issue.opened", "issue.edited", "issue.labeled", "issue.assigned", "issue.closed"]
        );
    }
}
