use hearth_app::{
    Access, Actor, Located, Unit, access, events,
    organization::{self, team},
    repository::{
        self, Repository, collaborator,
        transfer::{self, Outcome},
    },
    testing::TestHearth,
};
use hearth_core::{Action, Administer, Conflict, Error, Kind, Permission, RepositoryKind, Roles, Visibility};

use crate::support::code_of;

async fn own(hearth: &TestHearth, who: &str, row: &Repository) -> Access<Administer> {
    let actor = hearth.actor(who).await;
    let access = access::open_by_id(&hearth.app, &actor, Unit::Settings, row.id).await.expect("theirs");
    access.administer().expect("they administer it")
}

async fn locate(hearth: &TestHearth, owner: &str, name: &str) -> Result<Located<String>, Error> {
    let kind = RepositoryKind::Code;
    let found = access::locate(&hearth.app, &Actor::anonymous(), Unit::Code, kind, owner, name).await?;
    let path = |access: Access<_>| format!("{}/{}", access.repository().owner, access.repository().name);
    Ok(match found {
        Located::Here(access) => Located::Here(path(access)),
        Located::Moved(access) => Located::Moved(path(access)),
    })
}

#[tokio::test]
async fn a_repository_goes_at_once_where_its_giver_may_make_repositories() {
    for hearth in TestHearth::all().await {
        hearth.organization("lab", "mei").await;
        let row = hearth.repository("mei/llm").await;
        let moved = transfer::start(&hearth.app, &own(&hearth, "mei", &row).await, "lab").await;
        assert!(matches!(moved, Ok(Outcome::Done(ref row)) if row.owner.as_str() == "lab"), "{moved:?}");
        let found = locate(&hearth, "mei", "llm").await.expect("it moved");
        assert!(matches!(found, Located::Moved(ref path) if path == "lab/llm"), "{found:?}");
        // Its files did not move.
        repository::git(&hearth.app, &hearth.read_repository(row.id).await).await.expect("files");
        // And back: found under both of its names.
        let row = hearth.read_repository(row.id).await;
        transfer::start(&hearth.app, &own(&hearth, "mei", &row).await, "MEI").await.expect("back");
        assert!(matches!(locate(&hearth, "mei", "llm").await, Ok(Located::Here(_))));
        assert!(matches!(locate(&hearth, "lab", "llm").await, Ok(Located::Moved(_))));
    }
}

#[tokio::test]
async fn somebody_else_is_asked_and_takes_it_or_not() {
    for hearth in TestHearth::all().await {
        let row = hearth.private_repository("mei/llm").await;
        for name in ["bo", "zoe"] {
            hearth.user(name).await;
        }
        let (bo, zoe) = (hearth.actor("bo").await, hearth.actor("zoe").await);
        let access = own(&hearth, "mei", &row).await;
        let asked = transfer::start(&hearth.app, &access, "bo").await;
        assert!(matches!(asked, Ok(Outcome::Asked)), "{asked:?}");
        assert_eq!(hearth.read_repository(row.id).await.owner.as_str(), "mei", "nothing moved yet");
        let refused = transfer::accept(&hearth.app, &zoe, row.id).await;
        assert!(matches!(refused, Err(Error::NotFound(Kind::Transfer))), "nobody asked them");
        assert_eq!(transfer::list_mine(&hearth.app, &zoe).await.expect("a list"), []);
        let shown = transfer::list_mine(&hearth.app, &bo).await.expect("a list");
        assert_eq!((shown.len(), shown[0].repository.as_str()), (1, "llm"));
        transfer::decline(&hearth.app, &bo, row.id).await.expect("declined");
        let late = transfer::accept(&hearth.app, &bo, row.id).await;
        assert!(matches!(late, Err(Error::NotFound(Kind::Transfer))));

        transfer::start(&hearth.app, &access, "bo").await.expect("asked again");
        transfer::withdraw(&hearth.app, &access).await.expect("taken back");
        transfer::start(&hearth.app, &access, "bo").await.expect("asked again");
        let moved = transfer::accept(&hearth.app, &bo, row.id).await.expect("taken");
        assert_eq!((moved.owner.as_str(), moved.visibility), ("bo", Visibility::Private));
        let mei = hearth.actor("mei").await;
        let gone = access::open_by_id(&hearth.app, &mei, Unit::Code, row.id).await;
        assert!(matches!(gone, Err(Error::NotFound(Kind::Repository))), "who gave it has it no more");
    }
}

#[tokio::test]
async fn a_name_that_is_taken_and_an_owner_that_is_nobody_refuse_a_transfer() {
    let hearth = TestHearth::new().await;
    hearth.organization("lab", "mei").await;
    hearth.repository("lab/llm").await;
    let row = hearth.repository("mei/llm").await;
    hearth.private_repository("bo/llm").await;
    let access = own(&hearth, "mei", &row).await;
    let refused = transfer::start(&hearth.app, &access, "lab").await;
    assert!(matches!(refused, Err(Error::Conflict(Conflict::NameTaken))), "{refused:?}");
    for (name, code) in [("moon", "unknown-account"), ("mei", "owner-already")] {
        let refused = transfer::start(&hearth.app, &access, name).await;
        assert_eq!(code_of(refused), Some(("new_owner", code)));
    }
    // The requester does not learn what bo has in private; bo does on accepting.
    transfer::start(&hearth.app, &access, "bo").await.expect("asked");
    let refused = transfer::accept(&hearth.app, &hearth.actor("bo").await, row.id).await;
    assert!(matches!(refused, Err(Error::Conflict(Conflict::NameTaken))), "{refused:?}");
    assert_eq!(hearth.read_repository(row.id).await.owner.as_str(), "mei");
}

#[tokio::test]
async fn what_somebody_asked_who_may_give_it_no_more_is_not_taken() {
    let hearth = TestHearth::new().await;
    hearth.organization("lab", "mei").await;
    let row = hearth.private_repository("lab/llm").await;
    for name in ["bo", "zoe"] {
        hearth.user(name).await;
    }
    let lab = organization::open(&hearth.app, &hearth.actor("mei").await, "lab").await.expect("theirs");
    let owners = team::find_by_name(&hearth.app, &lab, "Owners").await.expect("always there").team.id;
    let lab = lab.administer().expect("theirs");
    team::add_member(&hearth.app, &lab, owners, "bo").await.expect("somebody");
    transfer::start(&hearth.app, &own(&hearth, "bo", &row).await, "zoe").await.expect("asked");
    team::remove_member(&hearth.app, &lab, owners, "bo").await.expect("another owner is left");
    let refused = transfer::accept(&hearth.app, &hearth.actor("zoe").await, row.id).await;
    assert!(matches!(refused, Err(Error::NotFound(Kind::Transfer))), "{refused:?}");
}

#[tokio::test]
async fn a_transfer_and_a_rename_at_once_lose_neither_name() {
    for hearth in TestHearth::all().await {
        hearth.organization("lab", "mei").await;
        let row = hearth.repository("mei/llm").await;
        let access = own(&hearth, "mei", &row).await;
        let (moved, renamed) = tokio::join!(
            transfer::start(&hearth.app, &access, "lab"),
            repository::rename(&hearth.app, &access, "digits")
        );
        assert!(moved.is_ok() && renamed.is_ok(), "{moved:?} {renamed:?}");
        let now = hearth.read_repository(row.id).await;
        assert_eq!((now.owner.as_str(), now.name.as_str()), ("lab", "digits"));
        let found = locate(&hearth, "mei", "llm").await.expect("the first name leads on");
        assert!(matches!(found, Located::Moved(ref path) if path == "lab/digits"), "{found:?}");
    }
}

#[tokio::test]
async fn an_organisation_that_is_private_takes_no_public_repository() {
    let hearth = TestHearth::new().await;
    hearth.organization("lab", "mei").await;
    let mei = hearth.actor("mei").await;
    let lab =
        organization::open(&hearth.app, &mei, "lab").await.expect("theirs").administer().expect("theirs");
    let edit = organization::Edit { visibility: Some(Visibility::Private), ..organization::Edit::default() };
    organization::edit(&hearth.app, &lab, &edit).await.expect("it is empty");
    let row = hearth.repository("mei/llm").await;
    let refused = transfer::start(&hearth.app, &own(&hearth, "mei", &row).await, "lab").await;
    assert!(matches!(refused, Err(Error::Conflict(Conflict::PrivateOrganization))), "{refused:?}");
}

#[tokio::test]
async fn a_collaborator_does_what_they_were_given_until_it_is_taken() {
    let hearth = TestHearth::new().await;
    let row = hearth.private_repository("mei/llm").await;
    for name in ["bo", "zoe"] {
        hearth.user(name).await;
    }
    let access = own(&hearth, "mei", &row).await;
    let roles = Roles::of_units([(Unit::Tasks, Permission::Write)]);
    collaborator::put(&hearth.app, &access, "bo", &roles).await.expect("somebody");
    let bo = hearth.actor("bo").await;
    let tasks = access::open_by_id(&hearth.app, &bo, Unit::Tasks, row.id).await.expect("given");
    tasks.write().expect("given");
    assert!(matches!(tasks.administer(), Err(Error::Forbidden(Action::Administer))));
    let refused = access::open_by_id(&hearth.app, &bo, Unit::Code, row.id).await;
    assert!(matches!(refused, Err(Error::NotFound(Kind::Repository))));
    for (name, roles, wrong) in [
        ("mei", Roles::whole(Permission::Read), ("name", "owner-already")),
        ("moon", Roles::whole(Permission::Read), ("name", "unknown-person")),
        ("zoe", Roles::default(), ("roles", "required")),
    ] {
        assert_eq!(code_of(collaborator::put(&hearth.app, &access, name, &roles).await), Some(wrong));
    }
    collaborator::leave(&hearth.app, tasks.actor(), row.id).await.expect("given up");
    let refused = access::open_by_id(&hearth.app, &bo, Unit::Tasks, row.id).await;
    assert!(matches!(refused, Err(Error::NotFound(Kind::Repository))));
    let nothing = collaborator::remove(&hearth.app, &access, "bo").await;
    assert!(matches!(nothing, Err(Error::NotFound(Kind::Member))));
}

#[tokio::test]
async fn an_administrator_who_is_no_owner_gives_nothing_away_and_grants_no_more_than_they_have() {
    let hearth = TestHearth::new().await;
    let row = hearth.private_repository("mei/llm").await;
    for name in ["bo", "zoe"] {
        hearth.user(name).await;
    }
    hearth.permit(&row, "bo", Permission::Administer).await;
    let refused = transfer::start(&hearth.app, &own(&hearth, "bo", &row).await, "bo").await;
    assert!(matches!(refused, Err(Error::Forbidden(Action::Transfer))), "{refused:?}");

    let settings = Roles::of_units([(Unit::Settings, Permission::Administer)]);
    let mei = own(&hearth, "mei", &row).await;
    collaborator::put(&hearth.app, &mei, "zoe", &settings).await.expect("an owner gives what they like");
    let zoe = own(&hearth, "zoe", &row).await;
    let refused = collaborator::put(&hearth.app, &zoe, "zoe", &Roles::whole(Permission::Administer)).await;
    assert!(matches!(refused, Err(Error::Forbidden(Action::Administer))), "{refused:?}");
}

#[tokio::test]
async fn who_works_in_a_repository_is_told_to_those_alone_who_may_write_there() {
    for hearth in TestHearth::all().await {
        let row = hearth.repository("mei/llm").await;
        for name in ["bo", "lin", "zoe"] {
            hearth.user(name).await;
        }
        hearth.permit(&row, "lin", Permission::Read).await;
        let mei = own(&hearth, "mei", &row).await;
        let writing = Roles::whole(Permission::Write);
        collaborator::put(&hearth.app, &mei, "bo", &writing).await.expect("somebody");
        hearth.deliver().await;
        for (who, is_told) in [("mei", true), ("bo", true), ("lin", false), ("zoe", false)] {
            let told = events::list_after(&hearth.app, &hearth.actor(who).await, 0, 50).await;
            let told = told.expect("an answer").events;
            let is_there = told.iter().any(|event| event.kind == "collaborator.changed");
            assert_eq!(is_there, is_told, "{who}: {told:?}");
        }
    }
}
