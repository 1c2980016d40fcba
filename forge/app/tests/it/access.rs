use hearth_app::{Actor, Unit, access, audit, session, testing::TestHearth};
use hearth_core::{Action, Error, Kind, PageRequest, Permission, RepositoryKind::Code, Scope, Scopes};

#[tokio::test]
async fn a_private_repository_does_not_exist_for_outsiders() {
    let hearth = TestHearth::new().await;
    hearth.private_repository("mei/secret").await;
    hearth.user("lin").await;
    for outsider in [Actor::anonymous(), hearth.actor("lin").await] {
        let refused = access::open(&hearth.app, &outsider, Unit::Code, Code, "mei", "secret").await;
        assert!(matches!(refused, Err(Error::NotFound(Kind::Repository))), "{refused:?}");
    }
    let absent = access::open(&hearth.app, &Actor::anonymous(), Unit::Code, Code, "mei", "absent").await;
    assert!(matches!(absent, Err(Error::NotFound(Kind::Repository))));
}

#[tokio::test]
async fn readers_do_not_write_and_writers_do_not_administer() {
    let hearth = TestHearth::new().await;
    let repository = hearth.repository("mei/llm").await;
    hearth.user("lin").await;
    let lin = hearth.actor("lin").await;
    let reader = access::open(&hearth.app, &lin, Unit::Code, Code, "mei", "llm").await.expect("public");
    assert!(matches!(reader.write(), Err(Error::Forbidden(Action::Write))));

    hearth.permit(&repository, "lin", Permission::Write).await;
    let writer = access::open(&hearth.app, &lin, Unit::Code, Code, "MEI", "LLM").await.expect("public");
    assert_eq!(writer.write().expect("a writer").writer().name.as_str(), "lin");
    assert!(matches!(writer.administer(), Err(Error::Forbidden(Action::Administer))));
}

#[tokio::test]
async fn a_token_reaches_only_its_scopes() {
    let hearth = TestHearth::new().await;
    hearth.repository("mei/llm").await;
    let mei = hearth.actor("mei").await.user().expect("a person").clone();
    let token = Actor::token(mei, Scopes::only(Scope::ReadRepository));
    let issues = access::open(&hearth.app, &token, Unit::Issues, Code, "mei", "llm").await;
    assert!(matches!(issues, Err(Error::Forbidden(Action::Scope))), "{issues:?}");
    let code = access::open(&hearth.app, &token, Unit::Code, Code, "mei", "llm").await.expect("in scope");
    assert!(matches!(code.write(), Err(Error::Forbidden(Action::Scope))));
}

#[tokio::test]
async fn a_visitor_who_would_write_is_asked_to_sign_in() {
    let hearth = TestHearth::new().await;
    hearth.repository("mei/llm").await;
    let visitor = access::open(&hearth.app, &Actor::anonymous(), Unit::Code, Code, "mei", "llm").await;
    assert!(matches!(visitor.expect("public").write(), Err(Error::SignInRequired)));
}

#[tokio::test]
async fn an_administrator_enters_other_peoples_repositories_only_where_they_say_so() {
    let hearth = TestHearth::new().await;
    let row = hearth.private_repository("mei/secret").await;
    let boss = hearth.admin("boss").await;
    hearth.user("lin").await;
    let lin = hearth.actor("lin").await.user().expect("a person").clone();
    let token = |scopes: &str| Actor::token(boss.clone(), scopes.parse().expect("scopes"));
    let all = [Unit::Code, Unit::Issues, Unit::Tasks, Unit::Settings];
    // Each actor, and what they may do there.
    let table = [
        (Actor::person(boss.clone()), None),
        (token("all"), None),
        (token("all,read:admin"), Some(Permission::Read)),
        (token("all,write:admin"), Some(Permission::Administer)),
        (Actor::acting_as_administrator(boss.clone()), Some(Permission::Administer)),
        // Only administrators get administrator access, whatever they claim.
        (Actor::acting_as_administrator(lin.clone()), None),
        (Actor::token(lin, "all,write:admin".parse().expect("scopes")), None),
    ];
    for (line, (actor, wanted)) in table.into_iter().enumerate() {
        for unit in all {
            let entered = access::open_by_id(&hearth.app, &actor, unit, row.id).await;
            assert_eq!(
                entered.ok().and_then(|access| access.roles().of(unit)),
                wanted,
                "line {line}, {unit}"
            );
        }
    }
    // Administrator scopes give no access to units whose own scope is missing.
    let refused = access::open_by_id(&hearth.app, &token("write:admin"), Unit::Code, row.id).await;
    assert!(matches!(refused, Err(Error::Forbidden(Action::Scope))), "{refused:?}");
    assert!(
        Actor::person(boss.clone()).administrator(Scope::WriteAdmin).is_ok(),
        "the site's pages stay open"
    );
}

#[tokio::test]
async fn acting_as_administrator_is_written_down_and_not_for_everybody() {
    let hearth = TestHearth::new().await;
    let boss = hearth.admin("boss").await;
    hearth.user("lin").await;
    let app = &hearth.app;
    let refused = session::begin_administering(app, &hearth.actor("lin").await).await;
    assert!(matches!(refused, Err(Error::Forbidden(Action::AdministerSite))), "{refused:?}");
    let token = Actor::token(boss.clone(), Scopes::only(Scope::WriteAdmin));
    let refused = session::begin_administering(app, &token).await;
    assert!(matches!(refused, Err(Error::Forbidden(Action::Scope))), "{refused:?}");
    let actor = Actor::person(boss);
    let until = session::begin_administering(app, &actor).await.expect("an administrator");
    assert_eq!(until.since(app.now()).as_secs(), 3_600);
    session::end_administering(app, &actor).await.expect("an administrator");
    let filter = audit::Filter { kind: Some("session".into()), ..audit::Filter::default() };
    let log = audit::list(app, &actor, &filter, PageRequest::default()).await.expect("entries");
    let acts: Vec<_> = log.items.iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(acts, ["administration-ended", "administration-begun"]);
}
