//! The one rule of who may do what in which repository, as used for single permissions and for every list.

use hearth_core::{
    Event, OrganizationId, PageRequest, Permission, RepositoryId, Roles, Timestamp, Unit, UserId, Visibility,
    event::{Audience, IssueEvent, Subject},
};
use hearth_store::{
    Store, Writer, activity, event, grant, member,
    organization::{self, NewOrganization},
    repository::{self, Filter, Viewer},
    task,
    task_filter::TaskFilter,
    team,
    testing::TestStore,
};

use crate::support::{insert_new_repository, insert_user, new_repository, new_task, test_start};

/// A private and a public repository of an organisation, and people with every kind of access to them.
struct Cast {
    private: RepositoryId,
    public: RepositoryId,
    owner: UserId,
    stranger: UserId,
    /// In a team with access to all repositories.
    everywhere: UserId,
    /// In a team with access to issues of the private repository only.
    chosen: UserId,
    /// In a team without repositories.
    idle: UserId,
    /// Has a direct grant to write everywhere in the private repository.
    writer: UserId,
    /// Has a direct grant to see tasks of the private repository.
    watcher: UserId,
}

pub(crate) async fn insert_organization(writer: &mut Writer, name: &str, by: UserId) -> OrganizationId {
    let new = NewOrganization {
        name: name.parse().expect("a good name"),
        display_name: String::new(),
        visibility: Visibility::Public,
        created_by: by,
        created_at: test_start(),
    };
    organization::insert(writer, &new).await.expect("the name is free")
}

async fn insert_team(
    writer: &mut Writer,
    lab: OrganizationId,
    name: &str,
    has_all_repositories: bool,
    roles: Roles,
    person: UserId,
) -> hearth_core::TeamId {
    let may_create_repositories = name == "owners";
    let description = String::new();
    let fields =
        team::Fields { name: name.into(), description, has_all_repositories, may_create_repositories, roles };
    let id = team::insert(writer, lab, name == "owners", &fields, test_start()).await.expect("a free name");
    assert!(member::insert(writer, lab, id, person, test_start()).await.expect("an answer"));
    id
}

async fn cast(writer: &mut Writer) -> Cast {
    let mut people = Vec::new();
    for name in ["owner", "stranger", "everywhere", "chosen", "idle", "writer", "watcher"] {
        people.push(insert_user(writer, name).await.id);
    }
    let [owner, stranger, everywhere, chosen, idle, given, watcher] = people[..] else { panic!("seven") };
    let lab = insert_organization(writer, "lab", owner).await;
    let private = insert_new_repository(writer, &new_repository(lab, "private", Visibility::Private)).await;
    let public = insert_new_repository(writer, &new_repository(lab, "public", Visibility::Public)).await;
    let all = Roles::whole(Permission::Administer);
    insert_team(writer, lab, "owners", true, all, owner).await;
    let roles = Roles::of_units([(Unit::Code, Permission::Write), (Unit::Tasks, Permission::Read)]);
    insert_team(writer, lab, "everywhere", true, roles, everywhere).await;
    let roles = Roles::of_units([(Unit::Issues, Permission::Write)]);
    let team = insert_team(writer, lab, "chosen", false, roles, chosen).await;
    assert!(team::insert_repository(writer, team, private, test_start()).await.expect("an answer"));
    insert_team(writer, lab, "idle", false, Roles::whole(Permission::Administer), idle).await;
    let roles = Roles::whole(Permission::Write);
    grant::set_roles(writer, private, given, &roles, test_start()).await.expect("given");
    let roles = Roles::of_units([(Unit::Tasks, Permission::Read)]);
    grant::set_roles(writer, private, watcher, &roles, test_start()).await.expect("given");
    Cast { private, public, owner, stranger, everywhere, chosen, idle, writer: given, watcher }
}

#[tokio::test]
async fn what_somebody_may_do_is_said_by_unit_whatever_they_have_it_by() {
    use Permission::{Administer, Read, Write};
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let cast = cast(&mut writer).await;
        // Who, where, and their permission on code, issues, tasks and settings.
        let table = [
            (cast.owner, cast.private, [Some(Administer); 4]),
            (cast.owner, cast.public, [Some(Administer); 4]),
            (cast.stranger, cast.private, [None; 4]),
            (cast.stranger, cast.public, [None; 4]),
            (cast.everywhere, cast.private, [Some(Write), None, Some(Read), None]),
            (cast.everywhere, cast.public, [Some(Write), None, Some(Read), None]),
            (cast.chosen, cast.private, [None, Some(Write), None, None]),
            (cast.chosen, cast.public, [None; 4]),
            (cast.idle, cast.private, [None; 4]),
            (cast.writer, cast.private, [Some(Write); 4]),
            (cast.writer, cast.public, [None; 4]),
            (cast.watcher, cast.private, [None, None, Some(Read), None]),
        ];
        for (line, (person, repository, wanted)) in table.into_iter().enumerate() {
            let roles = grant::find_roles(&mut writer, repository, person).await.expect("roles");
            let units = [Unit::Code, Unit::Issues, Unit::Tasks, Unit::Settings];
            assert_eq!(units.map(|unit| roles.of(unit)), wanted, "line {line}");
        }
    }
}

#[tokio::test]
async fn teams_are_found_by_those_who_are_in_their_organisation() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let cast = cast(&mut writer).await;
        let other = insert_organization(&mut writer, "other", cast.stranger).await;
        insert_team(&mut writer, other, "idle", false, Roles::default(), cast.stranger).await;
        let names = [("lab", "chosen"), ("lab", "nobody"), ("other", "chosen"), ("other", "idle")];
        for (viewer, expected) in [
            (Viewer::Anybody, vec![]),
            (Viewer::Person(cast.stranger), vec!["other/idle"]),
            (Viewer::Person(cast.writer), vec![]),
            (Viewer::Person(cast.idle), vec!["lab/chosen"]),
            (Viewer::Administrator, vec!["lab/chosen", "other/idle"]),
        ] {
            let found = team::find_named(&mut writer, &names, viewer).await.expect("rows");
            let mut found: Vec<String> =
                found.iter().map(|row| format!("{}/{}", row.organization, row.team)).collect();
            found.sort();
            assert_eq!(found, expected, "{viewer:?}");
        }
    }
}

async fn names(store: &Store, viewer: Viewer) -> Vec<String> {
    let filter = Filter { viewer, order: repository::Order::Name, ..Filter::default() };
    let mut reader = store.read().await.expect("a reader");
    let found = repository::list(&mut reader, &filter, PageRequest::default()).await.expect("rows");
    found.into_iter().map(|row| row.name.to_string()).collect()
}

#[tokio::test]
async fn lists_of_repositories_tasks_and_events_follow_the_same_rule() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let cast = cast(&mut writer).await;
        let id =
            task::insert(&mut writer, &new_task(cast.private, cast.owner, "train")).await.expect("a task");
        let opened = IssueEvent::Opened { number: hearth_core::ThreadNumber(1), title: "It fails".into() };
        let launched = hearth_core::event::TaskEvent::Launched {
            task: id,
            name: "train".into(),
            kind: hearth_core::TaskKind::Train,
        };
        for (subject, event) in [
            (Subject::Issue(hearth_core::ThreadId(1)), Event::from(opened)),
            (Subject::Task(id), Event::from(launched)),
        ] {
            let audience = Audience::Repository(cast.private);
            let (actor_id, created_at) = (Some(cast.owner), test_start());
            let new = event::NewEvent { actor_id, subject, audience, event, created_at };
            event::insert(&mut writer, &new).await.expect("kept");
        }
        for (id, _) in event::dispatch(&mut writer, 10).await.expect("events") {
            let row = event::find(&mut writer, id).await.expect("an answer").expect("there");
            assert!(activity::insert(&mut writer, &row).await.expect("shown"));
        }
        writer.commit().await.expect("kept");

        let person = Viewer::Person;
        // Who, which repositories they see, whether they see the task, and which events.
        let table: [(Viewer, &[&str], u64, &[&str]); 9] = [
            (Viewer::Anybody, &["public"], 0, &[]),
            (Viewer::Administrator, &["private", "public"], 1, &["issue.opened", "task.launched"]),
            (person(cast.owner), &["private", "public"], 1, &["issue.opened", "task.launched"]),
            (person(cast.stranger), &["public"], 0, &[]),
            (person(cast.everywhere), &["private", "public"], 1, &["task.launched"]),
            (person(cast.chosen), &["private", "public"], 0, &["issue.opened"]),
            (person(cast.idle), &["public"], 0, &[]),
            (person(cast.writer), &["private", "public"], 1, &["issue.opened", "task.launched"]),
            (person(cast.watcher), &["private", "public"], 1, &["task.launched"]),
        ];
        let mut reader = store.read().await.expect("a reader");
        for (line, (viewer, repositories, tasks, events)) in table.into_iter().enumerate() {
            assert_eq!(names(store, viewer).await, repositories, "line {line}");
            let all = TaskFilter::default();
            let count = task::count_of_creator(&mut reader, cast.owner, viewer, &all).await.expect("a count");
            assert_eq!(count, tasks, "line {line}");
            let found = event::list_after(&mut reader, viewer, (0, 100), 100).await.expect("rows");
            let kinds: Vec<_> = found.iter().map(|row| row.kind.as_str()).collect();
            assert_eq!(kinds, events, "line {line}");
            let of = activity::ActivityScope::Repository(cast.private);
            let feed = activity::list(&mut reader, of, viewer, None, 10).await.expect("rows");
            assert_eq!(feed.len(), events.len(), "line {line}");
        }
    }
}

#[tokio::test]
async fn what_was_given_is_changed_listed_and_taken() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let cast = cast(&mut writer).await;
        let mut roles = Roles::whole(Permission::Read);
        roles.add(Some(Unit::Issues), Permission::Administer);
        grant::set_roles(&mut writer, cast.private, cast.writer, &roles, test_start()).await.expect("given");
        let listed = grant::list_collaborators(&mut writer, cast.private).await.expect("people");
        let listed: Vec<_> = listed.into_iter().map(|one| (one.name.to_string(), one.roles)).collect();
        let tasks = Roles::of_units([(Unit::Tasks, Permission::Read)]);
        assert_eq!(listed, [("watcher".to_owned(), tasks), ("writer".to_owned(), roles.clone())]);
        assert_eq!(grant::count_collaborators(&mut writer, cast.private).await.expect("a count"), 2);
        assert_eq!(
            grant::find_direct_roles(&mut writer, cast.private, cast.writer).await.expect("roles"),
            roles
        );
        let people = grant::list_people(&mut writer, cast.private, 9).await.expect("names");
        let people: Vec<_> = people.iter().map(hearth_core::UserName::as_str).collect();
        assert_eq!(people, ["chosen", "everywhere", "owner", "watcher", "writer"]);
        assert!(grant::revoke(&mut writer, cast.private, cast.writer).await.expect("an answer"));
        assert!(!grant::revoke(&mut writer, cast.private, cast.writer).await.expect("an answer"));
        assert!(grant::find_roles(&mut writer, cast.private, cast.writer).await.expect("roles").is_empty());
    }
}

#[tokio::test]
async fn a_team_of_another_organisation_has_nothing_in_a_repository_that_moved_away() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let cast = cast(&mut writer).await;
        let row = repository::find(&mut writer, cast.private).await.expect("an answer").expect("there");
        let later = Timestamp::from_second(1_790_000_100);
        let new = cast.stranger.into();
        hearth_store::transfer::move_to(&mut writer, &row, new, later).await.expect("the name is free");
        for person in [cast.owner, cast.everywhere, cast.chosen] {
            assert!(grant::find_roles(&mut writer, cast.private, person).await.expect("roles").is_empty());
        }
        let roles = grant::find_roles(&mut writer, cast.private, cast.stranger).await.expect("roles");
        assert_eq!(roles.everywhere(), Some(Permission::Administer));
        // A person's direct grants stay.
        let roles = grant::find_roles(&mut writer, cast.private, cast.writer).await.expect("roles");
        assert_eq!(roles.of(Unit::Code), Some(Permission::Write));
        let kind = hearth_core::RepositoryKind::Code;
        let moved = repository::find_moved(&mut writer, kind, "LAB", "private").await.expect("an answer");
        assert_eq!(moved.map(|row| row.owner.to_string()).as_deref(), Some("stranger"));
    }
}
