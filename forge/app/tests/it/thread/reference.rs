use hearth_app::{
    Access, Limits, comment,
    content::{self, Action, FileChange},
    issue, markdown,
    organization::{self, team},
    testing::{Choices, TestHearth},
    thread::subscription,
};
use hearth_core::{
    Language, PageRequest, Permission, Read, RepositoryKind, Roles, ThreadNumber, UserId, Visibility,
};
use hearth_store::model_version::{self, NewModelVersion};

use super::{enter, open, references};

const FIRST: ThreadNumber = ThreadNumber(1);

#[tokio::test]
async fn what_is_named_says_so_to_those_alone_who_read_where() {
    for hearth in &TestHearth::all().await {
        hearth.repository("mei/llm").await;
        hearth.private_repository("bo/secret").await;
        hearth.user("lin").await;
        let app = &hearth.app;
        let mei = enter(hearth, "mei", "mei/llm").await;
        open(hearth, &mei, "Target", "").await;
        let bo = enter(hearth, "bo", "bo/secret").await;
        open(hearth, &bo, "Plans", "because of mei/llm#1, http://hearth.test/mei/llm/issues/1 and #1").await;
        comment::add(app, &bo, FIRST, "and again MEI/LLM#1 `mei/llm#1`").await.expect("said");
        open(hearth, &mei, "Other", "see #1 and bo/secret#1").await;
        for (name, expected) in [("mei", 1), ("lin", 1), ("bo", 3)] {
            let access = enter(hearth, name, "mei/llm").await;
            let found = references(hearth, &access, 1).await;
            assert_eq!(found.len(), expected, "{name}");
            let shown = format!("{found:?}");
            assert_eq!(shown.contains("secret"), name == "bo", "{name}: {shown}");
        }
        let secret = references(hearth, &bo, 1).await;
        assert!(secret.is_empty(), "mei cannot read it, so it does not hear of mei: {secret:?}");
        hearth.permit(&hearth.find_repository("bo/secret").await, "lin", Permission::Read).await;
        let lin = enter(hearth, "lin", "mei/llm").await;
        assert_eq!(references(hearth, &lin, 1).await.len(), 3);
    }
}

#[tokio::test]
async fn one_text_tells_so_many_and_code_tells_nobody() {
    let limits = Limits { references: 3, ..Limits::default() };
    let hearth = TestHearth::with(Choices { limits, ..Choices::default() }).await;
    hearth.repository("mei/llm").await;
    let mei = enter(&hearth, "mei", "mei/llm").await;
    for number in 1..=6 {
        open(&hearth, &mei, &number.to_string(), "").await;
    }
    open(&hearth, &mei, "Many", "#1 #2 #3 #4 #5\n\n```\n#6\n```\n").await;
    let mut told = 0;
    for number in 1..=6 {
        told += references(&hearth, &mei, number).await.len();
    }
    assert_eq!(told, 3);
    assert!(references(&hearth, &mei, 6).await.is_empty());
}

pub(super) async fn commit(hearth: &TestHearth, path: &str, branch: Option<&str>, message: &str) {
    let access = enter(hearth, "mei", "mei/llm").await.write().expect("the owner");
    let change = FileChange {
        path: path.into(),
        action: Action::Create { content: b"text".to_vec() },
        branch: None,
        new_branch: branch.map(str::to_owned),
        message: Some(message.into()),
        author: None,
    };
    content::change(&hearth.app, &access, change).await.expect("committed");
    hearth.run_jobs().await;
}

#[tokio::test]
async fn a_commit_of_the_default_branch_says_so_and_closes_what_it_fixes() {
    for hearth in &TestHearth::all().await {
        hearth.repository("mei/llm").await;
        hearth.repository("bo/other").await;
        let app = &hearth.app;
        let mei = enter(hearth, "mei", "mei/llm").await;
        for title in ["One", "Two", "Three"] {
            open(hearth, &mei, title, "").await;
        }
        let bo = enter(hearth, "bo", "bo/other").await;
        open(hearth, &bo, "Far", "").await;
        commit(hearth, "a.txt", None, "Begin").await;
        commit(hearth, "b.txt", None, "Hold the rate\n\nFixes #1, see #2 and fixes bo/other#1").await;
        commit(hearth, "c.txt", Some("dev"), "closes #3").await;
        let state = async |number: i64| {
            issue::find(app, &mei, ThreadNumber(number)).await.expect("there").issue.is_open()
        };
        assert_eq!((state(1).await, state(2).await, state(3).await), (false, true, true));
        let found = references(hearth, &mei, 1).await;
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].commit_title.as_deref(), Some("Hold the rate"));
        assert_eq!(found[0].actor.as_ref().map(hearth_core::UserName::as_str), Some("mei"));
        assert_eq!(references(hearth, &mei, 2).await.len(), 1);
        assert!(references(hearth, &mei, 3).await.is_empty(), "another branch says nothing");
        let far = issue::find(app, &bo, FIRST).await.expect("there");
        assert!(far.issue.is_open(), "mei may not write there");
        assert_eq!(references(hearth, &bo, 1).await.len(), 1);
    }
}

#[tokio::test]
async fn a_team_named_by_somebody_inside_is_subscribed_as_far_as_its_members_may_read() {
    for hearth in &TestHearth::all().await {
        let app = &hearth.app;
        let repository = hearth.private_repository("mei/llm").await;
        hearth.organization("lab", "mei").await;
        for name in ["bo", "lin", "outsider"] {
            hearth.user(name).await;
        }
        for name in ["bo", "outsider"] {
            hearth.permit(&repository, name, Permission::Read).await;
        }
        let lab = organization::open(app, &hearth.actor("mei").await, "lab").await.expect("hers");
        let lab = lab.administer().expect("an owner");
        let roles = Roles::whole(Permission::Read);
        let fields = team::Fields { name: "core".into(), roles, ..team::Fields::default() };
        let core = team::create(app, &lab, fields).await.expect("a team").team.id;
        for name in ["bo", "lin"] {
            team::add_member(app, &lab, core, name).await.expect("a member");
        }
        let outsider = enter(hearth, "outsider", "mei/llm").await;
        open(hearth, &outsider, "Hello", "@lab/core, look").await;
        assert_eq!(watching(hearth, &outsider, 1).await, ["outsider"], "they cannot know of the team");
        let mei = enter(hearth, "mei", "mei/llm").await;
        open(hearth, &mei, "Hello", "@Lab/Core, look").await;
        assert_eq!(watching(hearth, &mei, 2).await, ["bo", "mei"], "lin may not read this repository");
    }
}

#[tokio::test]
async fn a_mention_of_teams_subscribes_at_most_as_many_as_the_limit() {
    let limits = Limits { mentioned_members: 2, ..Limits::default() };
    let hearth = TestHearth::with(Choices { limits, ..Choices::default() }).await;
    hearth.repository("mei/llm").await;
    hearth.organization("lab", "mei").await;
    let lab = organization::open(&hearth.app, &hearth.actor("mei").await, "lab").await.expect("hers");
    let lab = lab.administer().expect("an owner");
    let fields = team::Fields {
        name: "core".into(),
        roles: Roles::whole(Permission::Read),
        ..team::Fields::default()
    };
    let core = team::create(&hearth.app, &lab, fields).await.expect("a team").team.id;
    for name in ["a", "b", "c"] {
        hearth.user(name).await;
        team::add_member(&hearth.app, &lab, core, name).await.expect("a member");
    }
    let mei = enter(&hearth, "mei", "mei/llm").await;
    open(&hearth, &mei, "Hello", "@lab/core").await;
    assert_eq!(watching(&hearth, &mei, 1).await, ["a", "b", "mei"]);
}

/// Who watches an issue, by name.
async fn watching(hearth: &TestHearth, access: &Access<Read>, number: i64) -> Vec<String> {
    let number = ThreadNumber(number);
    let page = subscription::watchers(&hearth.app, access, number, PageRequest::default()).await;
    let mut names: Vec<_> = page.expect("a list").items.iter().map(|user| user.name.to_string()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn links_to_what_is_elsewhere_are_for_those_who_may_see_it() {
    for hearth in &TestHearth::all().await {
        let app = &hearth.app;
        hearth.repository("mei/llm").await;
        hearth.private_repository("bo/secret").await;
        let bo = enter(hearth, "bo", "bo/secret").await;
        open(hearth, &bo, "Plans", "").await;
        hearth.organization("lab", "bo").await;
        let private = hearth.insert_repository("bo/bert", RepositoryKind::Model, Visibility::Private).await;
        let public = hearth.insert_repository("bo/gpt", RepositoryKind::Model, Visibility::Public).await;
        let mut operation = app.begin().await.expect("a transaction");
        for model in [&private, &public] {
            let version = NewModelVersion {
                repository_id: model.id,
                version: "v1".to_owned(),
                commit_id: "0".repeat(40),
                note: String::new(),
                creator_id: UserId(model.owner_id.0),
                created_at: app.now(),
            };
            model_version::insert(&mut operation, &version).await.expect("kept");
        }
        operation.commit().await.expect("kept");
        let text = "bo/secret#1 @lab/owners bo/bert@v1 bo/gpt@v1 bo/gpt@v2";
        for (name, expected) in [("mei", 1), ("bo", 4)] {
            let access = enter(hearth, name, "mei/llm").await;
            let drawn = markdown::comments(app, &access, Language::En, &[text]).await.expect("rendered");
            assert_eq!(drawn[0].matches("<a ").count(), expected, "{name}: {}", drawn[0]);
        }
        let beside = markdown::comments(app, &bo, Language::En, &["GPT@v1"]).await.expect("rendered");
        assert!(beside[0].contains("href=\"/models/bo/gpt/"), "{}", beside[0]);
    }
}
