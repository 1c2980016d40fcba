use hearth_app::{Actor, Area, access, testing::TestHearth};
use hearth_core::{Action, Error, Kind, Permission, RepositoryKind::Code, Scope, Scopes};

#[tokio::test]
async fn a_private_repository_does_not_exist_for_outsiders() {
    let hearth = TestHearth::new().await;
    hearth.private_repository("mei/secret").await;
    hearth.user("lin").await;
    for outsider in [Actor::anonymous(), hearth.actor("lin").await] {
        let refused = access::open(&hearth.app, &outsider, Area::Repository, Code, "mei", "secret").await;
        assert!(matches!(refused, Err(Error::NotFound(Kind::Repository))), "{refused:?}");
    }
    let absent =
        access::open(&hearth.app, &Actor::anonymous(), Area::Repository, Code, "mei", "absent").await;
    assert!(matches!(absent, Err(Error::NotFound(Kind::Repository))));
}

#[tokio::test]
async fn readers_do_not_write_and_writers_do_not_administer() {
    let hearth = TestHearth::new().await;
    let repository = hearth.repository("mei/llm").await;
    hearth.user("lin").await;
    let lin = hearth.actor("lin").await;
    let reader = access::open(&hearth.app, &lin, Area::Repository, Code, "mei", "llm").await.expect("public");
    assert!(matches!(reader.write(), Err(Error::Forbidden(Action::Write))));

    hearth.permit(&repository, "lin", Permission::Write).await;
    let writer = access::open(&hearth.app, &lin, Area::Repository, Code, "MEI", "LLM").await.expect("public");
    assert_eq!(writer.write().expect("a writer").writer().name.as_str(), "lin");
    assert!(matches!(writer.administer(), Err(Error::Forbidden(Action::Administer))));
}

#[tokio::test]
async fn a_token_reaches_only_its_scopes() {
    let hearth = TestHearth::new().await;
    hearth.repository("mei/llm").await;
    let mei = hearth.actor("mei").await.user().expect("a person").clone();
    let token = Actor::token(mei, Scopes::only(Scope::ReadRepository));
    let issues = access::open(&hearth.app, &token, Area::Issue, Code, "mei", "llm").await;
    assert!(matches!(issues, Err(Error::Forbidden(Action::Scope))), "{issues:?}");
    let code =
        access::open(&hearth.app, &token, Area::Repository, Code, "mei", "llm").await.expect("in scope");
    assert!(matches!(code.write(), Err(Error::Forbidden(Action::Scope))));
}

#[tokio::test]
async fn a_visitor_who_would_write_is_asked_to_sign_in() {
    let hearth = TestHearth::new().await;
    hearth.repository("mei/llm").await;
    let visitor = access::open(&hearth.app, &Actor::anonymous(), Area::Repository, Code, "mei", "llm").await;
    assert!(matches!(visitor.expect("public").write(), Err(Error::SignInRequired)));
}
