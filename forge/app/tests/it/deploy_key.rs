use std::time::Duration;

use hearth_app::{
    Access, Actor, Unit, access,
    deploy_key::{self, NewDeployKey},
    key_holder::{self, KeyHolder},
    lfs_lock, lfs_ticket,
    repository::archive_state,
    ssh_key,
    testing::TestHearth,
};
use hearth_core::{
    Action, Administer, Conflict, Error, Kind, PageRequest, Permission, Read, RepositoryKind, Scope,
};

const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl builder";
const FINGERPRINT: &str = "SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU";

async fn enter(hearth: &TestHearth, actor: &Actor, name: &str) -> Result<Access<Read>, Error> {
    access::open(&hearth.app, actor, Unit::Code, RepositoryKind::Code, "mei", name).await
}

async fn administer(hearth: &TestHearth, name: &str) -> Access<Administer> {
    let mei = hearth.actor("mei").await;
    enter(hearth, &mei, name).await.expect("hers").administer().expect("hers")
}

/// A deploy key of `mei/llm`, and who comes with it.
async fn holder(hearth: &TestHearth, may_write: bool) -> KeyHolder {
    hearth.private_repository("mei/llm").await;
    let access = administer(hearth, "llm").await;
    let new = NewDeployKey { title: String::new(), key: KEY.to_owned(), may_write };
    let key = deploy_key::add(&hearth.app, &access, &new).await.expect("a good key");
    assert_eq!((key.title.as_str(), key.fingerprint.as_str()), ("builder", FINGERPRINT));
    let found = key_holder::authenticate(&hearth.app, FINGERPRINT).await.expect("an answer");
    found.expect("it is known")
}

#[tokio::test]
async fn a_deploy_key_reaches_the_code_of_its_repository_and_nothing_else() {
    for hearth in &TestHearth::all().await {
        let actor = holder(hearth, false).await.actor;
        hearth.repository("mei/public").await;
        let access = enter(hearth, &actor, "llm").await.expect("its own");
        assert!(access.can(Permission::Read) && !access.can(Permission::Write));
        assert!(matches!(access.push(), Err(Error::Forbidden(Action::Write))));
        assert!(matches!(access.enter_unit(Unit::Issues), Err(Error::NotFound(Kind::Repository))));
        let other = enter(hearth, &actor, "public").await;
        assert!(matches!(other, Err(Error::NotFound(Kind::Repository))), "{other:?}");
    }
}

#[tokio::test]
async fn a_deploy_key_that_may_push_does_nothing_that_a_person_does() {
    let hearth = &TestHearth::new().await;
    let actor = holder(hearth, true).await.actor;
    let access = enter(hearth, &actor, "llm").await.expect("its own");
    assert!(access.push().is_ok());
    assert!(matches!(access.write(), Err(Error::Forbidden(Action::DeployKey))));
    assert!(access.administer().is_err());
    assert!(actor.require(Scope::ReadUser).is_err() && actor.user_id().is_none());
    assert!(lfs_lock::list(&hearth.app, &access, PageRequest::default()).await.expect("readable").is_empty());
}

#[tokio::test]
async fn not_even_a_deploy_key_pushes_to_what_is_archived() {
    let hearth = &TestHearth::new().await;
    let holder = holder(hearth, true).await;
    let repository = holder.repository_id().expect("its repository");
    let ticket = lfs_ticket::issue(&hearth.app, &holder, repository, true, Duration::from_secs(60));
    archive_state::archive(&hearth.app, &administer(hearth, "llm").await).await.expect("archived");
    let by_ticket =
        lfs_ticket::authenticate(&hearth.app, &ticket).await.expect("an answer").expect("it is good");
    for actor in [holder.actor, by_ticket] {
        let access = enter(hearth, &actor, "llm").await.expect("it is still read");
        assert!(!access.can(Permission::Write));
        assert!(matches!(access.push(), Err(Error::Forbidden(Action::Archived))));
    }
}

#[tokio::test]
async fn a_key_belongs_to_one_person_or_one_repository() {
    let hearth = &TestHearth::new().await;
    holder(hearth, false).await;
    hearth.repository("mei/other").await;
    let access = administer(hearth, "other").await;
    let new = NewDeployKey { key: KEY.to_owned(), ..NewDeployKey::default() };
    let again = deploy_key::add(&hearth.app, &access, &new).await;
    assert!(matches!(again, Err(Error::Conflict(Conflict::KeyTaken))), "{again:?}");
    let own = ssh_key::add(&hearth.app, &hearth.actor("mei").await, "", KEY).await;
    assert!(matches!(own, Err(Error::Conflict(Conflict::KeyTaken))), "{own:?}");
}

#[tokio::test]
async fn a_removed_key_lets_nobody_in_nor_do_its_tickets() {
    let hearth = &TestHearth::new().await;
    let holder = holder(hearth, true).await;
    let repository = holder.repository_id().expect("its repository");
    let hour = Duration::from_secs(3600);
    let ticket = lfs_ticket::issue(&hearth.app, &holder, repository, true, hour);
    let actor = lfs_ticket::authenticate(&hearth.app, &ticket).await.expect("an answer").expect("it is good");
    assert!(enter(hearth, &actor, "llm").await.expect("its own").push().is_ok());
    let read_only = lfs_ticket::issue(&hearth.app, &holder, repository, false, hour);
    let reader = lfs_ticket::authenticate(&hearth.app, &read_only).await.expect("an answer");
    let reader = reader.expect("it is good");
    assert!(enter(hearth, &reader, "llm").await.expect("its own").push().is_err());

    let forged = ticket.replacen(".write.", ".read.", 1);
    assert!(lfs_ticket::authenticate(&hearth.app, &forged).await.expect("an answer").is_none());
    let access = administer(hearth, "llm").await;
    let id = deploy_key::list(&hearth.app, &access).await.expect("the list")[0].id;
    deploy_key::remove(&hearth.app, &access, id).await.expect("it is there");
    assert!(lfs_ticket::authenticate(&hearth.app, &ticket).await.expect("an answer").is_none());
    assert!(key_holder::find(&hearth.app, holder.key).await.expect("an answer").is_none());
}

#[tokio::test]
async fn a_ticket_of_a_person_is_for_one_repository_and_ends() {
    let hearth = &TestHearth::new().await;
    hearth.private_repository("mei/llm").await;
    hearth.private_repository("mei/other").await;
    let mei = hearth.actor("mei").await;
    ssh_key::add(&hearth.app, &mei, "", KEY).await.expect("a good key");
    let holder = key_holder::authenticate(&hearth.app, FINGERPRINT).await.expect("an answer");
    let holder = holder.expect("it is known");
    let id = enter(hearth, &mei, "llm").await.expect("hers").repository().id;
    let ticket = lfs_ticket::issue(&hearth.app, &holder, id, true, Duration::from_secs(60));
    let actor = lfs_ticket::authenticate(&hearth.app, &ticket).await.expect("an answer").expect("it is good");
    assert!(enter(hearth, &actor, "llm").await.expect("the one").write().is_ok());
    assert!(enter(hearth, &actor, "other").await.is_err());
    assert!(ssh_key::list(&hearth.app, &actor).await.is_err());
    hearth.clock.advance(Duration::from_secs(61));
    assert!(lfs_ticket::authenticate(&hearth.app, &ticket).await.expect("an answer").is_none());
}
