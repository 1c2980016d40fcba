use std::time::Duration;

use hearth_app::{
    Actor, Limits, Unit, access,
    organization::{self, Edit, NewOrganization, invitation, member, team},
    owner,
    repository::{self, NewRepository},
    testing::{Choices, TestHearth},
};
use hearth_core::{
    Action, Conflict, Error, Kind, Language, PageRequest, Permission, RepositoryKind, Roles, Scope, Scopes,
    TeamId, Timestamp, Visibility,
};

use crate::support::code_of;

type Entered = hearth_app::Access<hearth_core::Read, organization::Organization>;
type Owning = hearth_app::Access<hearth_core::Administer, organization::Organization>;

async fn enter(hearth: &TestHearth, who: &str, name: &str) -> Entered {
    let actor = hearth.actor(who).await;
    organization::open(&hearth.app, &actor, name).await.expect("it is open to them")
}

async fn own(hearth: &TestHearth, who: &str, name: &str) -> Owning {
    enter(hearth, who, name).await.administer().expect("an owner")
}

fn conflict<T>(answer: Result<T, Error>) -> Option<Conflict> {
    match answer.err()? {
        Error::Conflict(conflict) => Some(conflict),
        _ => None,
    }
}

/// A team with these roles in all repositories, and these people.
async fn make_team(
    hearth: &TestHearth,
    owning: &Owning,
    name: &str,
    roles: Roles,
    people: &[&str],
) -> TeamId {
    let fields =
        team::Fields { name: name.into(), has_all_repositories: true, roles, ..team::Fields::default() };
    let made = team::create(&hearth.app, owning, fields).await.expect("a good team").team.id;
    for person in people {
        team::add_member(&hearth.app, owning, made, person).await.expect("somebody");
    }
    made
}

async fn names_of_members(hearth: &TestHearth, access: &Entered) -> Vec<String> {
    let page = member::list(&hearth.app, access, PageRequest::default()).await.expect("members");
    page.items.into_iter().map(|member| member.name.to_string()).collect()
}

#[tokio::test]
async fn who_makes_an_organisation_owns_it_and_its_repositories() {
    for hearth in TestHearth::all().await {
        let lab = hearth.organization("lab", "mei").await;
        hearth.user("bo").await;
        let mei = hearth.actor("mei").await;
        let new =
            NewRepository { owner: Some(lab.id.into()), with_readme: true, ..NewRepository::named("llm") };
        let made = repository::create(&hearth.app, &mei, new).await.expect("an owner makes repositories");
        assert_eq!((made.owner.as_str(), made.name.as_str()), ("lab", "llm"));
        let access = access::open(&hearth.app, &mei, Unit::Code, RepositoryKind::Code, "LAB", "llm").await;
        access.expect("public").administer().expect("an owner administers");

        let bo = hearth.actor("bo").await;
        let new = NewRepository { owner: Some(lab.id.into()), ..NewRepository::named("mine") };
        let refused = repository::create(&hearth.app, &bo, new).await;
        assert!(matches!(refused, Err(Error::Forbidden(Action::Administer))), "{refused:?}");
        let choices = owner::list_creatable(&hearth.app, &bo).await.expect("a list");
        assert_eq!(choices.len(), 1, "themselves alone");
        let choices = owner::list_creatable(&hearth.app, &mei).await.expect("a list");
        assert_eq!(choices.iter().map(|one| one.name().as_str()).collect::<Vec<_>>(), ["mei", "lab"]);
        let taken = organization::create(&hearth.app, &mei, &NewOrganization::named("BO")).await;
        assert_eq!(conflict(taken), Some(Conflict::NameTaken));
        let bad = organization::create(&hearth.app, &mei, &NewOrganization::named("api")).await;
        assert_eq!(code_of(bad), Some(("name", "name-reserved")));
    }
}

#[tokio::test]
async fn whoever_makes_a_repository_of_an_organisation_administers_it_also_where_their_team_works_nowhere() {
    let hearth = TestHearth::new().await;
    let lab = hearth.organization("lab", "mei").await;
    hearth.user("bo").await;
    let owning = own(&hearth, "mei", "lab").await;
    let fields = team::Fields {
        name: "makers".into(),
        may_create_repositories: true,
        roles: Roles::whole(Permission::Read),
        ..team::Fields::default()
    };
    let makers = team::create(&hearth.app, &owning, fields).await.expect("a team").team.id;
    team::add_member(&hearth.app, &owning, makers, "bo").await.expect("somebody");
    let bo = hearth.actor("bo").await;
    let visibility = Visibility::Private;
    let new = NewRepository { owner: Some(lab.id.into()), visibility, ..NewRepository::named("llm") };
    let made = repository::create(&hearth.app, &bo, new).await.expect("their team lets them");
    let access = access::open_by_id(&hearth.app, &bo, Unit::Code, made.id).await.expect("their own work");
    access.administer().expect("they made it");
}

#[tokio::test]
async fn nobody_makes_more_organisations_than_the_limit() {
    let limits = Limits { organizations: 1, ..Limits::default() };
    let hearth = TestHearth::with(Choices { limits, ..Choices::default() }).await;
    hearth.organization("lab", "mei").await;
    let mei = hearth.actor("mei").await;
    let refused = organization::create(&hearth.app, &mei, &NewOrganization::named("works")).await;
    assert!(matches!(refused, Err(Error::TooLarge(limit)) if limit.key == "limits.organizations"));
}

#[tokio::test]
async fn a_private_organisation_does_not_exist_for_outsiders() {
    let hearth = TestHearth::new().await;
    hearth.organization("lab", "mei").await;
    hearth.user("bo").await;
    let owning = own(&hearth, "mei", "lab").await;
    let private = Edit { visibility: Some(Visibility::Private), ..Edit::default() };
    organization::edit(&hearth.app, &owning, &private).await.expect("it has no repositories");
    for outsider in [Actor::anonymous(), hearth.actor("bo").await] {
        let refused = organization::open(&hearth.app, &outsider, "lab").await;
        assert!(matches!(refused, Err(Error::NotFound(Kind::Organization))), "{refused:?}");
        let refused = owner::find_by_name(&hearth.app, &outsider, "lab").await;
        assert!(matches!(refused, Err(Error::NotFound(Kind::User))), "{refused:?}");
    }
    // Nor can a repository be transferred to it, which would reveal that it exists.
    let row = hearth.repository("bo/llm").await;
    let bo = hearth.actor("bo").await;
    let access = access::open_by_id(&hearth.app, &bo, Unit::Settings, row.id).await.expect("theirs");
    let refused =
        repository::transfer::start(&hearth.app, &access.administer().expect("theirs"), "lab").await;
    assert_eq!(code_of(refused), Some(("new_owner", "unknown-account")));
    make_team(&hearth, &owning, "readers", Roles::whole(Permission::Read), &["bo"]).await;
    enter(&hearth, "bo", "lab").await;
}

#[tokio::test]
async fn a_private_organisation_has_private_repositories_alone() {
    let hearth = TestHearth::new().await;
    let lab = hearth.organization("lab", "mei").await;
    let mei = hearth.actor("mei").await;
    hearth.repository("lab/open").await;
    let private = || Edit { visibility: Some(Visibility::Private), ..Edit::default() };
    let owning = own(&hearth, "mei", "lab").await;
    let refused = organization::edit(&hearth.app, &owning, &private()).await;
    assert_eq!(conflict(refused), Some(Conflict::PublicRepositories));

    let row = hearth.find_repository("lab/open").await;
    let access = access::open_by_id(&hearth.app, &mei, Unit::Settings, row.id).await.expect("theirs");
    let access = access.administer().expect("an owner");
    let closed = repository::Edit { visibility: Some(Visibility::Private), ..repository::Edit::default() };
    repository::edit(&hearth.app, &access, closed).await.expect("changed");
    organization::edit(&hearth.app, &owning, &private()).await.expect("nothing is public any more");
    let opened = repository::Edit { visibility: Some(Visibility::Public), ..repository::Edit::default() };
    let refused = repository::edit(&hearth.app, &access, opened).await;
    assert_eq!(conflict(refused), Some(Conflict::PrivateOrganization));
    let new = NewRepository { owner: Some(lab.id.into()), ..NewRepository::named("another") };
    let refused = repository::create(&hearth.app, &mei, new).await;
    assert_eq!(conflict(refused), Some(Conflict::PrivateOrganization));
}

#[tokio::test]
async fn an_organisation_is_deleted_once_it_owns_nothing() {
    for hearth in TestHearth::all().await {
        hearth.organization("lab", "mei").await;
        let row = hearth.repository("lab/llm").await;
        let owning = own(&hearth, "mei", "lab").await;
        let refused = organization::delete(&hearth.app, &owning).await;
        assert_eq!(conflict(refused), Some(Conflict::OwnsRepositories));
        let mei = hearth.actor("mei").await;
        let access = access::open_by_id(&hearth.app, &mei, Unit::Settings, row.id).await.expect("theirs");
        repository::delete(&hearth.app, &access.administer().expect("an owner")).await.expect("deleted");
        organization::delete(&hearth.app, &owning).await.expect("it owns nothing");
        let gone = organization::open(&hearth.app, &mei, "lab").await;
        assert!(matches!(gone, Err(Error::NotFound(Kind::Organization))), "{gone:?}");
        hearth.organization("lab", "mei").await;
    }
}

#[tokio::test]
async fn a_renamed_organisation_is_found_by_its_old_name_and_so_are_its_repositories() {
    let hearth = TestHearth::new().await;
    hearth.organization("lab", "mei").await;
    hearth.repository("lab/llm").await;
    let owning = own(&hearth, "mei", "lab").await;
    let renamed = organization::rename(&hearth.app, &owning, "works").await.expect("the name is free");
    assert_eq!(renamed.name.as_str(), "works");
    let found = owner::find_by_name(&hearth.app, &Actor::anonymous(), "lab").await.expect("leads on");
    assert!(matches!(found, hearth_app::Located::Moved(ref found) if found.name().as_str() == "works"));
    let kind = RepositoryKind::Code;
    let found = access::locate(&hearth.app, &Actor::anonymous(), Unit::Code, kind, "lab", "llm")
        .await
        .expect("moved");
    assert!(
        matches!(found, hearth_app::Located::Moved(ref access) if access.repository().owner.as_str() == "works")
    );
    // Whoever takes the old name ends the redirect.
    hearth.user("lab").await;
    let gone = access::locate(&hearth.app, &Actor::anonymous(), Unit::Code, kind, "lab", "llm").await;
    assert!(matches!(gone, Err(Error::NotFound(Kind::Repository))), "{gone:?}");
}

#[tokio::test]
async fn the_last_owner_neither_leaves_nor_is_removed() {
    for hearth in TestHearth::all().await {
        hearth.organization("lab", "mei").await;
        hearth.user("bo").await;
        let owning = own(&hearth, "mei", "lab").await;
        let refused = member::leave(&hearth.app, &enter(&hearth, "mei", "lab").await).await;
        assert_eq!(conflict(refused), Some(Conflict::LastOwner));
        let teams = team::list(&hearth.app, &enter(&hearth, "mei", "lab").await).await.expect("teams");
        let owners = teams[0].team.id;
        assert!(teams[0].team.is_owners && teams[0].members == 1);
        let refused = team::remove_member(&hearth.app, &owning, owners, "mei").await;
        assert_eq!(conflict(refused), Some(Conflict::LastOwner));
        assert_eq!(conflict(team::delete(&hearth.app, &owning, owners).await), Some(Conflict::OwnersTeam));
        let edit = team::Edit { name: Some("Us".into()), ..team::Edit::default() };
        let refused = team::edit(&hearth.app, &owning, owners, edit).await;
        assert_eq!(conflict(refused), Some(Conflict::OwnersTeam));

        team::add_member(&hearth.app, &owning, owners, "bo").await.expect("somebody");
        // Both leave at once: exactly one of them stays.
        let (mei, bo) = (enter(&hearth, "mei", "lab").await, enter(&hearth, "bo", "lab").await);
        let (first, second) = tokio::join!(member::leave(&hearth.app, &mei), member::leave(&hearth.app, &bo));
        assert_eq!([&first, &second].iter().filter(|left| left.is_ok()).count(), 1, "{first:?} {second:?}");
        let refused = if first.is_ok() { second } else { first };
        assert_eq!(conflict(refused), Some(Conflict::LastOwner));
    }
}

#[tokio::test]
async fn two_people_who_change_one_team_at_once_lose_nothing() {
    for hearth in TestHearth::all().await {
        hearth.organization("lab", "mei").await;
        let owning = own(&hearth, "mei", "lab").await;
        let id = make_team(&hearth, &owning, "readers", Roles::whole(Permission::Read), &[]).await;
        let rename = team::Edit { name: Some("Writers".into()), ..team::Edit::default() };
        let promote = team::Edit { roles: Some(Roles::whole(Permission::Write)), ..team::Edit::default() };
        let (first, second) = tokio::join!(
            team::edit(&hearth.app, &owning, id, rename),
            team::edit(&hearth.app, &owning, id, promote)
        );
        first.expect("a good name");
        second.expect("good roles");
        let both = team::find_by_name(&hearth.app, &enter(&hearth, "mei", "lab").await, "writers").await;
        let both = both.expect("the new name");
        assert_eq!(both.roles, Roles::whole(Permission::Write));
        // A form that was filled before does not undo them.
        let before = Timestamp::from_microsecond(both.team.updated_at.as_microsecond() - 1);
        let old = team::Edit { name: Some("readers".into()), seen: Some(before), ..team::Edit::default() };
        assert_eq!(conflict(team::edit(&hearth.app, &owning, id, old).await), Some(Conflict::StaleEdit));
    }
}

#[tokio::test]
async fn members_are_seen_by_each_other_and_by_everybody_only_if_they_say_so() {
    let hearth = TestHearth::new().await;
    hearth.organization("lab", "mei").await;
    for name in ["bo", "zoe"] {
        hearth.user(name).await;
    }
    let owning = own(&hearth, "mei", "lab").await;
    make_team(&hearth, &owning, "readers", Roles::whole(Permission::Read), &["bo"]).await;
    assert_eq!(names_of_members(&hearth, &enter(&hearth, "bo", "lab").await).await, ["bo", "mei"]);
    let outside = enter(&hearth, "zoe", "lab").await;
    assert_eq!(names_of_members(&hearth, &outside).await, [""; 0]);
    let refused = team::list(&hearth.app, &outside).await;
    assert!(matches!(refused, Err(Error::NotFound(Kind::Team))));
    assert!(matches!(outside.administer(), Err(Error::Forbidden(Action::AdministerOrganization))));
    member::set_public(&hearth.app, &enter(&hearth, "bo", "lab").await, true).await.expect("a member");
    assert_eq!(names_of_members(&hearth, &outside).await, ["bo"]);
    let refused = member::set_public(&hearth.app, &outside, true).await;
    assert!(matches!(refused, Err(Error::NotFound(Kind::Member))));

    // Leaving the last team means leaving the organisation.
    member::remove(&hearth.app, &owning, "bo").await.expect("a member");
    assert_eq!(names_of_members(&hearth, &enter(&hearth, "mei", "lab").await).await, ["mei"]);
    let mine = organization::list_mine(&hearth.app, &hearth.actor("bo").await, PageRequest::default()).await;
    assert_eq!(mine.expect("a list").total, 0);
}

#[tokio::test]
async fn a_team_may_do_in_its_repositories_what_its_roles_say_and_nothing_elsewhere() {
    let hearth = TestHearth::new().await;
    hearth.organization("lab", "mei").await;
    hearth.user("bo").await;
    let llm = hearth.private_repository("lab/llm").await;
    let other = hearth.private_repository("lab/other").await;
    let foreign = hearth.private_repository("mei/own").await;
    let owning = own(&hearth, "mei", "lab").await;
    let fields = team::Fields {
        name: "triage".into(),
        roles: Roles::of_units([(Unit::Issues, Permission::Write)]),
        ..team::Fields::default()
    };
    let made = team::create(&hearth.app, &owning, fields).await.expect("a team").team.id;
    team::add_member(&hearth.app, &owning, made, "bo").await.expect("somebody");
    team::add_repository(&hearth.app, &owning, made, llm.id).await.expect("theirs");
    let refused = team::add_repository(&hearth.app, &owning, made, foreign.id).await;
    assert!(matches!(refused, Err(Error::NotFound(Kind::Repository))), "not the organisation's");

    let bo = hearth.actor("bo").await;
    let issues = access::open_by_id(&hearth.app, &bo, Unit::Issues, llm.id).await.expect("a unit of theirs");
    issues.write().expect("may write in issues");
    assert!(matches!(issues.enter_unit(Unit::Code), Err(Error::NotFound(Kind::Repository))));
    for (unit, id) in [(Unit::Code, llm.id), (Unit::Tasks, llm.id), (Unit::Issues, other.id)] {
        let refused = access::open_by_id(&hearth.app, &bo, unit, id).await;
        assert!(matches!(refused, Err(Error::NotFound(Kind::Repository))), "{unit}");
    }
    let roles = Some(Roles::whole(Permission::Read));
    let everywhere = team::Edit { has_all_repositories: Some(true), roles, ..team::Edit::default() };
    team::edit(&hearth.app, &owning, made, everywhere).await.expect("changed");
    let code = access::open_by_id(&hearth.app, &bo, Unit::Code, other.id).await.expect("all repositories");
    assert!(matches!(code.write(), Err(Error::Forbidden(Action::Write))));
    let shown = enter(&hearth, "mei", "lab").await;
    let works = team::repositories(&hearth.app, &shown, made, PageRequest::default()).await.expect("rows");
    assert_eq!(works.total, 2);
    team::delete(&hearth.app, &owning, made).await.expect("no owners' team");
    let refused = access::open_by_id(&hearth.app, &bo, Unit::Code, other.id).await;
    assert!(matches!(refused, Err(Error::NotFound(Kind::Repository))));
}

#[tokio::test]
async fn an_invited_person_joins_declines_or_is_too_late() {
    for hearth in TestHearth::all().await {
        hearth.organization("lab", "mei").await;
        for name in ["bo", "zoe"] {
            hearth.user(name).await;
        }
        let owning = own(&hearth, "mei", "lab").await;
        let readers = make_team(&hearth, &owning, "readers", Roles::whole(Permission::Read), &[]).await;
        let (bo, zoe) = (hearth.actor("bo").await, hearth.actor("zoe").await);
        let made = invitation::invite(&hearth.app, &owning, readers, "@bo").await.expect("somebody");
        let foreign = invitation::accept(&hearth.app, &zoe, made.id).await;
        assert!(matches!(foreign, Err(Error::NotFound(Kind::Invitation))), "not for them");
        assert_eq!(invitation::list_mine(&hearth.app, &bo).await.expect("a list").len(), 1);
        invitation::decline(&hearth.app, &bo, made.id).await.expect("declined");
        let again = invitation::accept(&hearth.app, &bo, made.id).await;
        assert!(matches!(again, Err(Error::NotFound(Kind::Invitation))));

        let made = invitation::invite(&hearth.app, &owning, readers, "bo").await.expect("once more");
        invitation::accept(&hearth.app, &bo, made.id).await.expect("joined");
        assert_eq!(names_of_members(&hearth, &enter(&hearth, "bo", "lab").await).await, ["bo", "mei"]);
        let already = invitation::invite(&hearth.app, &owning, readers, "bo").await;
        assert_eq!(conflict(already), Some(Conflict::MemberAlready));

        let made = invitation::invite(&hearth.app, &owning, readers, "zoe").await.expect("somebody");
        invitation::withdraw(&hearth.app, &owning, made.id).await.expect("taken back");
        let gone = invitation::accept(&hearth.app, &zoe, made.id).await;
        assert!(matches!(gone, Err(Error::NotFound(Kind::Invitation))));
        let made = invitation::invite(&hearth.app, &owning, readers, "zoe").await.expect("somebody");
        hearth.clock.advance(Duration::from_secs(15 * 24 * 3600));
        let late = invitation::accept(&hearth.app, &zoe, made.id).await;
        assert!(matches!(late, Err(Error::NotFound(Kind::Invitation))), "it has ended");
        let nobody = invitation::invite(&hearth.app, &owning, readers, "moon").await;
        assert_eq!(code_of(nobody.map(drop)), Some(("name", "unknown-person")));
        let letter =
            invitation::invite_by_letter(&hearth.app, &owning, readers, "a@example.org", Language::En).await;
        assert!(matches!(letter, Err(Error::Forbidden(Action::SendMail))), "there is no mail server");
    }
}

#[tokio::test]
async fn a_token_reaches_organisations_by_its_scopes_alone() {
    let hearth = TestHearth::new().await;
    hearth.organization("lab", "mei").await;
    let mei = hearth.actor("mei").await.user().expect("a person").clone();
    let token = |scope| Actor::token(mei.clone(), Scopes::only(scope));
    let refused = organization::open(&hearth.app, &token(Scope::ReadRepository), "lab").await;
    assert!(matches!(refused, Err(Error::Forbidden(Action::Scope))), "{refused:?}");
    let read =
        organization::open(&hearth.app, &token(Scope::ReadOrganization), "lab").await.expect("in scope");
    assert!(matches!(read.administer(), Err(Error::Forbidden(Action::Scope))));
    let write = organization::open(&hearth.app, &token(Scope::WriteOrganization), "lab").await;
    write.expect("in scope").administer().expect("an owner, in scope");
    let new = NewOrganization::named("works");
    let refused = organization::create(&hearth.app, &token(Scope::ReadOrganization), &new).await;
    assert!(matches!(refused, Err(Error::Forbidden(Action::Scope))));
}

#[tokio::test]
async fn an_owner_shows_its_own_repositories_first_in_its_order() {
    let hearth = TestHearth::new().await;
    let lab = hearth.organization("lab", "mei").await;
    hearth.user("bo").await;
    let (a, b) = (hearth.repository("lab/a").await.id, hearth.private_repository("lab/b").await.id);
    let foreign = hearth.repository("mei/c").await.id;
    let (mei, bo) = (hearth.actor("mei").await, hearth.actor("bo").await);
    owner::pin(&hearth.app, &mei, lab.id.into(), &[b, a]).await.expect("an owner");
    let names = |rows: Vec<repository::Repository>| {
        rows.into_iter().map(|row| row.name.to_string()).collect::<Vec<_>>()
    };
    let shown = owner::pinned(&hearth.app, &mei, lab.id.into()).await.expect("rows");
    assert_eq!(names(shown), ["b", "a"]);
    let shown = owner::pinned(&hearth.app, &bo, lab.id.into()).await.expect("rows");
    assert_eq!(names(shown), ["a"], "as far as they may see");
    for wrong in [vec![foreign], vec![a, a]] {
        let refused = owner::pin(&hearth.app, &mei, lab.id.into(), &wrong).await;
        assert_eq!(code_of(refused), Some(("repositories", "unknown-choice")));
    }
    let refused = owner::pin(&hearth.app, &bo, lab.id.into(), &[a]).await;
    assert!(matches!(refused, Err(Error::Forbidden(Action::AdministerOrganization))));
}

#[tokio::test]
async fn whoever_is_removed_keeps_nothing_and_gets_in_by_no_invitation_of_theirs() {
    for hearth in TestHearth::all().await {
        hearth.organization("lab", "mei").await;
        for name in ["bo", "zoe"] {
            hearth.user(name).await;
        }
        let mei = own(&hearth, "mei", "lab").await;
        let makers = team::Fields {
            name: "makers".into(),
            may_create_repositories: true,
            roles: Roles::whole(Permission::Read),
            ..team::Fields::default()
        };
        let makers = team::create(&hearth.app, &mei, makers).await.expect("a good team").team.id;
        team::add_member(&hearth.app, &mei, makers, "bo").await.expect("somebody");

        // They administer what they bring, as long as they are there.
        let bo = hearth.actor("bo").await;
        let lab = mei.organization().id;
        let new = NewRepository { owner: Some(lab.into()), ..NewRepository::named("secret") };
        let new = NewRepository { visibility: Visibility::Private, ..new };
        let row = repository::create(&hearth.app, &bo, new).await.expect("they may");
        access::open_by_id(&hearth.app, &bo, Unit::Settings, row.id).await.expect("theirs for now");

        // An owner who invites somebody, and is removed.
        let inside = enter(&hearth, "mei", "lab").await;
        let owners = team::find_by_name(&hearth.app, &inside, "Owners");
        let owners = owners.await.expect("always there").team.id;
        team::add_member(&hearth.app, &mei, owners, "bo").await.expect("somebody");
        let theirs = own(&hearth, "bo", "lab").await;
        let made = invitation::invite(&hearth.app, &theirs, owners, "zoe");
        let made = made.await.expect("an owner");
        team::remove_member(&hearth.app, &mei, owners, "bo").await.expect("another owner is left");
        let zoe = hearth.actor("zoe").await;
        let refused = invitation::accept(&hearth.app, &zoe, made.id).await;
        assert!(matches!(refused, Err(Error::NotFound(Kind::Invitation))), "bo is no owner any more");
        member::remove(&hearth.app, &mei, "bo").await.expect("removed");
        let refused = access::open_by_id(&hearth.app, &bo, Unit::Settings, row.id).await;
        assert!(matches!(refused, Err(Error::NotFound(Kind::Repository))), "{refused:?}");
        let open = invitation::list(&hearth.app, &mei).await.expect("a list");
        assert!(open.is_empty(), "what they sent went with them");
    }
}

#[tokio::test]
async fn an_organisation_s_namespace_is_never_given_again() {
    for hearth in TestHearth::all().await {
        let first = hearth.organization("acme", "mei").await;
        let owning = own(&hearth, "mei", "acme").await;
        organization::delete(&hearth.app, &owning).await.expect("it owns nothing");
        hearth.user("bo").await;
        let second = hearth.organization("ACME", "bo").await;
        assert_ne!(first.id, second.id);
        let mut reader = hearth.app.store().read().await.expect("a reader");
        let row = hearth_store::owner::find(&mut reader, second.id.into()).await.expect("an answer");
        assert_ne!(row.expect("there").namespace.to_lowercase(), "acme");
    }
}
