use hearth_app::{
    Actor, Unit, access,
    repository::collaborator,
    task::{self, CodeChoice, NewTask, TaskFilter},
};
use hearth_core::{Action, Error, PageRequest, Permission, RepositoryKind, Roles, Scope, Scopes};

use super::world::World;

#[tokio::test]
async fn a_task_is_pinned_to_the_commit_of_its_launch() {
    let world = World::with_cpus(2).await;
    let first = world.launch("").await;
    world.commit("other.py", "pass\n").await;
    let second = world.launch("two").await;
    assert_eq!((first.name.as_str(), first.revision.as_str()), ("train", "main"));
    assert_ne!(first.commit_id, second.commit_id);
    let rerun = async |choice| task::rerun(world.app(), &world.find(first.id).await, choice).await;
    let again = rerun(CodeChoice::Pinned).await.expect("launched");
    assert_eq!((again.name.as_str(), again.parent_id), ("train #2", Some(first.id)));
    assert_eq!(again.commit_id, first.commit_id);
    let newest = rerun(CodeChoice::Newest).await.expect("launched");
    assert_eq!((newest.commit_id, newest.revision.as_str()), (second.commit_id, "main"));
}

#[tokio::test]
async fn the_code_of_a_repeated_task_is_compared_with_the_newest_of_its_branch() {
    let world = World::with_cpus(2).await;
    let task = world.launch("").await;
    let code = async |id| task::rerun_code(world.app(), &world.find(id).await).await.expect("code");
    let same = code(task.id).await;
    assert!(same.is_same() && same.gone.is_none(), "{same:?}");
    world.commit("other.py", "pass\n").await;
    let access = world.find(task.id).await;
    let again = task::rerun(world.app(), &access, CodeChoice::Pinned).await.expect("launched");
    // The repeated task names a commit; the branch is that of the first.
    for id in [task.id, again.id] {
        let moved = code(id).await;
        let tip = moved.branch.expect("a branch");
        assert_eq!(
            (tip.name.as_str(), tip.ahead, tip.behind, tip.titles.len()),
            ("main", Some(1), Some(0), 1)
        );
        assert_eq!(tip.titles[0].id, tip.commit);
    }
}

#[tokio::test]
async fn a_branch_that_is_gone_is_named_and_the_default_one_offered() {
    let world = World::with_cpus(2).await;
    world.commit_to("feature", "feature.py", "pass\n").await;
    let access = world.writing().await;
    let new = NewTask { revision: "feature".into(), ..NewTask::script("feature.py") };
    let task = task::launch(world.app(), &access, new).await.expect("launched");
    world.delete_branch("feature").await;
    let code = task::rerun_code(world.app(), &world.find(task.id).await).await.expect("code");
    assert_eq!(code.gone.as_deref(), Some("feature"));
    assert_eq!(code.branch.map(|tip| tip.name).as_deref(), Some("main"));
}

#[tokio::test]
async fn what_a_form_cannot_mean_is_named_field_by_field() {
    let world = World::with_cpus(2).await;
    let access = world.writing().await;
    for (bad, field, code) in [
        (NewTask::script("missing.py"), "boot_file", "no-such-file"),
        (NewTask::script("../train.py"), "boot_file", "no-such-file"),
        (NewTask::script("train.sh"), "boot_file", "not-python"),
        (
            NewTask { revision: "no-such".into(), ..NewTask::script("train.py") },
            "revision",
            "unknown-revision",
        ),
        (NewTask { spec: "cpu-64".into(), ..NewTask::script("train.py") }, "spec", "unknown-choice"),
        (NewTask { image: "torch".into(), ..NewTask::script("train.py") }, "image", "unknown-choice"),
        (
            NewTask { time_limit_seconds: Some(u64::MAX), ..NewTask::script("train.py") },
            "time_limit",
            "too-large",
        ),
    ] {
        let refused = task::launch(world.app(), &access, bad).await;
        let Err(Error::Invalid(fields)) = refused else { panic!("{field}: {refused:?}") };
        let found: Vec<_> = fields.iter().map(|error| (error.field, error.code)).collect();
        assert_eq!(found, [(field, code)]);
    }
    let (reading, filter) = (reading(&world).await, TaskFilter::default());
    let none = task::list(world.app(), &reading, &filter, PageRequest::default()).await.expect("a list");
    assert_eq!(none.total, 0);
}

async fn reading(world: &World) -> access::Access<hearth_core::Read> {
    let mei = world.hearth.actor("mei").await;
    access::open(world.app(), &mei, Unit::Tasks, RepositoryKind::Code, "mei", "digits").await.expect("there")
}

#[tokio::test]
async fn a_launch_that_is_sent_twice_is_one_task() {
    let world = World::with_cpus(2).await;
    let access = world.writing().await;
    let keyed = NewTask { request_key: Some("k".into()), ..NewTask::script("train.py") };
    let (one, two) = tokio::join!(
        task::launch(world.app(), &access, keyed.clone()),
        task::launch(world.app(), &access, keyed.clone())
    );
    let id = one.expect("launched").id;
    assert_eq!(two.expect("the same").id, id);
    assert_eq!(task::launch(world.app(), &access, keyed).await.expect("the same").id, id);
}

#[tokio::test]
async fn the_form_offers_what_there_is() {
    let world = World::with_cpus(2).await;
    world.commit("lib/deep.py", "pass\n").await;
    world.commit("notes.txt", "no\n").await;
    let choices = task::choices(world.app(), &reading(&world).await, "").await.expect("choices");
    assert_eq!(choices.boot_files, ["train.py", "lib/deep.py"]);
    let specs: Vec<_> =
        choices.specs.iter().map(|choice| (choice.spec.code.as_str(), choice.reason.is_none())).collect();
    assert_eq!(specs, [("cpu-1", true), ("cpu-2", true)]);
    assert_eq!(choices.images[0].code, "python-3");
    assert!(choices.commit.is_some());
}

#[tokio::test]
async fn a_person_may_not_hold_more_tasks_than_allowed() {
    let world = World::with_cpus(1).await;
    for _ in 0..world.app().limits().active_tasks {
        world.launch("many").await;
    }
    let refused = task::launch(world.app(), &world.writing().await, NewTask::script("train.py")).await;
    assert!(matches!(refused, Err(Error::QuotaSpent(quota)) if quota.used == quota.most), "{refused:?}");
}

#[tokio::test]
async fn a_task_of_a_private_repository_does_not_exist_for_others() {
    let world = World::with_cpus(1).await;
    let launched = world.launch("seen").await;
    world.hearth.user("bo").await;
    let bo = world.hearth.actor("bo").await;
    let seen = task::find(world.app(), &bo, launched.id).await.expect("public");
    assert!(!seen.can_change());
    assert!(matches!(task::stop(world.app(), &seen).await, Err(Error::Forbidden(_))));
    let absent = task::find(world.app(), &bo, hearth_core::TaskId(999)).await;
    assert!(matches!(absent, Err(Error::NotFound(hearth_core::Kind::Task))));
}

#[tokio::test]
async fn whoever_may_not_read_the_code_runs_no_task_on_it() {
    let world = World::with_cpus(1).await;
    world.hearth.user("bo").await;
    let row = world.hearth.find_repository("mei/digits").await;
    let secret = world.hearth.private_repository("mei/secret").await;
    let owner = world.hearth.actor("mei").await;
    let mei = access::open_by_id(world.app(), &owner, Unit::Settings, secret.id);
    let mei = mei.await.expect("theirs").administer().expect("theirs");
    let tasks = Roles::of_units([(Unit::Tasks, Permission::Write)]);
    collaborator::put(world.app(), &mei, "bo", &tasks).await.expect("given");
    let bo = world.hearth.actor("bo").await;
    let entered = access::open_by_id(world.app(), &bo, Unit::Tasks, secret.id).await.expect("given");
    let refused =
        task::launch(world.app(), &entered.write().expect("given"), NewTask::script("train.py")).await;
    assert!(matches!(refused, Err(Error::Forbidden(Action::Read))), "{refused:?}");
    let refused = task::choices(world.app(), &entered, "").await.map(drop);
    assert!(matches!(refused, Err(Error::Forbidden(Action::Read))), "{refused:?}");

    // A token for tasks alone runs public code, and no private code.
    let user = world.hearth.actor("mei").await.user().expect("a person").clone();
    let token = Actor::token(user, Scopes::only(Scope::WriteTask));
    for (id, is_open) in [(row.id, true), (secret.id, false)] {
        let entered = access::open_by_id(world.app(), &token, Unit::Tasks, id).await.expect("theirs");
        let writing = entered.write().expect("theirs");
        let answer = task::launch(world.app(), &writing, NewTask::script("train.py")).await;
        let is_refused = matches!(answer, Err(Error::Forbidden(Action::Scope)));
        assert_eq!((answer.is_ok(), is_refused), (is_open, !is_open), "{answer:?}");
    }
}
