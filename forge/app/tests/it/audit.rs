use hearth_app::{
    Actor, ClientAddress, Limits,
    access::{open, open_organization},
    access_token::{self, NewToken},
    audit::{self, AuditEntry, Filter},
    organization::{self, team},
    repository::{self, Edit, NewRepository, collaborator},
    session,
    testing::{Choices, TestHearth},
};
use hearth_core::{Error, PageRequest, Permission, Read, RepositoryKind, Roles, Unit, Visibility};

/// Kind, action and subject of every entry, oldest first.
async fn all(hearth: &TestHearth, boss: &Actor) -> Vec<(String, String, String)> {
    let said = |entry: AuditEntry| (entry.subject_kind, entry.action, entry.subject);
    let page = audit::list(&hearth.app, boss, &Filter::default(), PageRequest::default()).await;
    page.expect("entries").items.into_iter().rev().map(said).collect()
}

fn has(log: &[(String, String, String)], kind: &str, action: &str, subject: &str) -> bool {
    log.iter().any(|(a, b, c)| (a.as_str(), b.as_str(), c.as_str()) == (kind, action, subject))
}

async fn enter(hearth: &TestHearth, actor: &Actor, name: &str) -> hearth_app::Access<Read> {
    open(&hearth.app, actor, Unit::Code, RepositoryKind::Code, "mei", name).await.expect("it is theirs")
}

#[tokio::test]
async fn whatever_changes_who_may_do_what_is_in_the_log_and_no_secret_is() {
    for hearth in &TestHearth::all().await {
        let app = &hearth.app;
        let boss = Actor::person(hearth.admin("boss").await);
        hearth.user("lin").await;
        let mei = Actor::person(hearth.user("mei").await);
        let from = ClientAddress::new("192.0.2.7".parse().expect("an address"));
        let new = NewToken { name: "ci".into(), scopes: vec!["write:repository".into()], days: Some(7) };
        let minted = from.work(access_token::mint(app, &mei, new)).await.expect("a token");
        access_token::revoke(app, &mei, minted.token.id).await.expect("it is theirs");
        repository::create(app, &mei, NewRepository::named("llm")).await.expect("the name is free");
        let access = enter(hearth, &mei, "llm").await.administer().expect("it is theirs");
        let roles = Roles::whole(Permission::Write);
        collaborator::put(app, &access, "lin", &roles).await.expect("a person");
        collaborator::remove(app, &access, "lin").await.expect("a collaborator");
        let hidden = Edit { visibility: Some(Visibility::Private), ..Edit::default() };
        repository::edit(app, &access, hidden).await.expect("it is theirs");
        let described = Edit { description: Some("A model.".into()), ..Edit::default() };
        repository::edit(app, &access, described).await.expect("it is theirs");
        repository::rename(app, &access, "digits").await.expect("the name is free");
        let access = enter(hearth, &mei, "digits").await.administer().expect("it is theirs");
        repository::delete(app, &access).await.expect("nothing runs");
        let lab = organization::NewOrganization::named("lab");
        organization::create(app, &mei, &lab).await.expect("the name is free");

        let log = all(hearth, &boss).await;
        for (kind, action, subject) in [
            ("token", "created", "ci"),
            ("token", "deleted", "ci"),
            ("repository", "created", "mei/llm"),
            ("collaborator", "changed", "mei/llm"),
            ("collaborator", "removed", "mei/llm"),
            ("repository", "renamed", "mei/digits"),
            ("repository", "deleted", "mei/digits"),
            ("organization", "created", "lab"),
        ] {
            assert!(has(&log, kind, action, subject), "{kind} {action} {subject} is missing in {log:?}");
        }
        let changes = log.iter().filter(|(kind, action, _)| kind == "repository" && action == "changed");
        assert_eq!(changes.count(), 1, "only the visibility is audited");

        let filter = Filter { kind: Some("token".into()), ..Filter::default() };
        let tokens = audit::list(app, &boss, &filter, PageRequest::default()).await.expect("entries").items;
        assert_eq!(tokens[1].address.as_deref(), Some("192.0.2.7"));
        assert_eq!(tokens[1].actor.as_ref().map(ToString::to_string).as_deref(), Some("mei"));
        assert_eq!(tokens[1].after.as_ref().expect("its scopes").0["scopes"], "write:repository");
        assert!(!format!("{tokens:?}").contains(&minted.secret));
    }
}

#[tokio::test]
async fn rights_that_are_given_or_lost_are_in_the_log_with_those_before() {
    for hearth in &TestHearth::all().await {
        let app = &hearth.app;
        let boss = Actor::person(hearth.admin("boss").await);
        hearth.user("lin").await;
        let mei = Actor::person(hearth.user("mei").await);
        repository::create(app, &mei, NewRepository::named("llm")).await.expect("the name is free");
        let access = enter(hearth, &mei, "llm").await.administer().expect("it is theirs");
        for permission in [Permission::Read, Permission::Administer] {
            collaborator::put(app, &access, "lin", &Roles::whole(permission)).await.expect("a person");
        }
        collaborator::remove(app, &access, "lin").await.expect("a collaborator");
        let lab = organization::NewOrganization::named("lab");
        organization::create(app, &mei, &lab).await.expect("the name is free");
        let owning = open_organization(app, &mei, "lab").await.expect("theirs").administer().expect("theirs");
        let fields =
            team::Fields { name: "core".into(), roles: Roles::whole(Permission::Read), ..Default::default() };
        let core = team::create(app, &owning, fields).await.expect("a team").team.id;
        let wider = team::Edit { has_all_repositories: Some(true), ..team::Edit::default() };
        team::edit(app, &owning, core, wider).await.expect("a change");
        let described = team::Edit { description: Some("Everybody.".into()), ..team::Edit::default() };
        team::edit(app, &owning, core, described).await.expect("a change");
        team::delete(app, &owning, core).await.expect("not that of the owners");

        let changes = async |kind: &str, value: fn(&serde_json::Value) -> serde_json::Value| {
            let filter = Filter { kind: Some(kind.into()), ..Filter::default() };
            let found = audit::list(app, &boss, &filter, PageRequest::default()).await.expect("entries");
            let value = |json: &Option<hearth_store::Json<_>>| json.as_ref().map(|json| value(&json.0));
            let entries = found.items.iter().rev();
            entries.map(|entry| (value(&entry.before), value(&entry.after))).collect::<Vec<_>>()
        };
        let (read, administer) = (Some("read".into()), Some("administer".into()));
        assert_eq!(
            changes("collaborator", |json| json["roles"]["*"].clone()).await,
            [(None, read.clone()), (read, administer.clone()), (administer, None)]
        );
        let (no, yes) = (Some(false.into()), Some(true.into()));
        assert_eq!(
            changes("team", |json| json["all_repositories"].clone()).await,
            [(None, no.clone()), (no, yes.clone()), (yes, None)]
        );
    }
}

#[tokio::test]
async fn a_person_sees_what_happened_to_their_own_account_and_nothing_else() {
    for hearth in &TestHearth::all().await {
        let app = &hearth.app;
        let boss = Actor::person(hearth.admin("boss").await);
        let user = hearth.user("mei").await;
        let mei = Actor::person(user.clone());
        session::create(app, "one", Some(user.id), session::Data::default()).await.expect("kept");
        session::create(app, "nobody", None, session::Data::default()).await.expect("kept");
        repository::create(app, &mei, NewRepository::named("llm")).await.expect("the name is free");
        hearth_app::user::make_admin(app, &boss, "mei").await.expect("an administrator");
        let own = audit::list_own(app, &mei, PageRequest::default()).await.expect("their own").items;
        let acts: Vec<_> = own.iter().map(|entry| (&*entry.subject_kind, &*entry.action)).collect();
        assert_eq!(acts, [("user", "changed"), ("session", "signed-in")]);
        assert!(matches!(
            audit::list_own(app, &Actor::anonymous(), PageRequest::default()).await,
            Err(Error::SignInRequired)
        ));
        let refused = audit::list(app, &mei, &Filter::default(), PageRequest::default()).await;
        assert!(matches!(refused, Err(Error::Forbidden(_))), "{refused:?}");
        assert!(audit::export(app, &mei, &Filter::default()).await.is_err());
    }
}

#[tokio::test]
async fn an_export_ends_at_its_limit_and_an_unknown_actor_did_nothing() {
    let limits = Limits { audit_export_entries: 3, ..Limits::default() };
    let hearth = TestHearth::with(Choices { limits, ..Choices::default() }).await;
    let boss = Actor::person(hearth.admin("boss").await);
    for name in ["a", "b", "c", "d", "e"] {
        repository::create(&hearth.app, &boss, NewRepository::named(name)).await.expect("a free name");
    }
    let read = async |filter: Filter| {
        let mut export = audit::export(&hearth.app, &boss, &filter).await.expect("an administrator");
        let mut subjects = Vec::new();
        loop {
            let part = export.next_part().await.expect("entries");
            if part.is_empty() {
                return subjects;
            }
            subjects.extend(part.into_iter().map(|entry| entry.subject));
        }
    };
    assert_eq!(read(Filter::default()).await, ["boss/e", "boss/d", "boss/c"]);
    assert!(read(Filter { actor: Some("nobody".into()), ..Filter::default() }).await.is_empty());
    assert_eq!(read(Filter { actor: Some("BOSS".into()), ..Filter::default() }).await.len(), 3);
}
