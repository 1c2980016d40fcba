use hearth_app::{
    Access, Actor, Unit, access, compute, content, lfs, lineage,
    model::{self, Publication},
    reconcile::Reconciler,
    task::TaskAccess,
};
use hearth_core::{
    Conflict, Error, Outcome, PageRequest, Read, Reason, RepositoryKind, TaskState, Visibility,
};
use hearth_store::{model_version, repository};

use super::{
    agent::{entry, finish},
    world::World,
};
use crate::crashes::{assert_recorded, ends_within_steps, reconcile_everything};

/// A task that produced weights and a report.
pub(super) async fn made(world: &World, weights: &[u8]) -> TaskAccess {
    let task = world.launch("train it").await;
    compute::run_pass(world.app()).await.expect("a pass");
    let (agent, app) = (world.agent(task.id).await, world.app());
    let metrics = b"{\"step\": 1, \"loss\": 0.9}\n{\"step\": 2, \"loss\": 0.25}\n";
    agent.metrics(app, 0, metrics.to_vec()).await.expect("taken");
    let report = b"{\"accuracy\": 0.97}\n";
    let outputs = [("weights.npz", weights), ("report.json", report)];
    let mut end = finish(Outcome { state: TaskState::Succeeded, reason: Reason::RunFinished }, 0);
    for (path, bytes) in outputs {
        agent.receive_output(app, entry(path, bytes), 0, bytes).await.expect("taken");
        end.outputs.push(entry(path, bytes));
    }
    agent.finish(app, &end).await.expect("taken");
    world.find(task.id).await
}

pub(super) fn named(model: &str) -> Publication {
    Publication { model: model.into(), ..Publication::default() }
}

async fn open(world: &World, actor: &Actor, kind: RepositoryKind, name: &str) -> Access<Read> {
    access::open(world.app(), actor, Unit::Code, kind, "mei", name).await.expect("there")
}

async fn text(world: &World, model: &Access<Read>, revision: &str, path: &str) -> String {
    let found = content::find(world.app(), model, Some(revision), path).await.expect("there");
    let git = hearth_app::repository::git(world.app(), model.repository()).await.expect("files");
    let blob = git.run(move |git| git.blob(found.entry.id, 1 << 20)).await.expect("a blob");
    String::from_utf8(blob.data.expect("small")).expect("text")
}

#[tokio::test]
async fn a_run_becomes_a_model_with_a_card_and_the_next_one_its_next_version() {
    let world = World::with_cpus(4).await;
    let (app, mei) = (world.app(), world.hearth.actor("mei").await);
    let task = made(&world, b"first weights").await;
    let first = model::publish(app, &task, named("digits")).await.expect("published");
    assert_eq!(first.version, "v1");
    let model = open(&world, &mei, RepositoryKind::Model, "digits").await;
    let card = text(&world, &model, "v1", "README.md").await;
    for fact in
        ["Measured here · 本站实测", "`loss` | 0.25 | 0.25 | 0.9", "mei/digits", &task.task().commit_id]
    {
        assert!(card.contains(fact), "{fact}: {card}");
    }
    let pointer = text(&world, &model, "v1", "weights.npz").await;
    let pointer = lfs::Pointer::parse(pointer.as_bytes()).expect("a pointer");
    assert_eq!(pointer.oid.as_str(), entry("weights", b"first weights").sha256);
    lfs::verify(app, &model, &pointer.oid, pointer.size_bytes).await.expect("the model holds it");
    assert_eq!(text(&world, &model, "v1", "report.json").await, "{\"accuracy\": 0.97}\n");
    assert!(text(&world, &model, "v1", ".gitattributes").await.contains("/weights.npz filter=lfs"));
    assert!(text(&world, &model, "v1", "run.json").await.contains("hearth.run/"));

    let again = made(&world, b"second weights").await;
    let publication =
        Publication { note: "Better.".into(), paths: vec!["weights.npz".into()], ..named("mei/digits") };
    let second = model::publish(app, &again, publication).await.expect("published");
    assert_eq!((second.version.as_str(), second.repository.id), ("v2", first.repository.id));
    assert!(text(&world, &model, "v2", "README.md").await.contains("Better."));
    assert!(content::find(app, &model, Some("v2"), "report.json").await.is_err());
    let versions = model::versions(app, &model, PageRequest::default()).await.expect("versions").items;
    assert_eq!(versions.iter().map(|row| row.version.as_str()).collect::<Vec<_>>(), ["v2", "v1"]);

    let of_model = lineage::of_versions(app, &model, &versions).await.expect("origins");
    assert_eq!(of_model[1].made.task_id, task.id());
    assert_eq!(
        of_model[1].code.as_ref().map(|link| link.commit_id.as_str()),
        Some(task.task().commit_id.as_str())
    );
    let code = open(&world, &mei, RepositoryKind::Code, "digits").await;
    assert_eq!(lineage::of_code(app, &code).await.expect("models").len(), 2);
    assert_eq!(lineage::of_task(app, &task).await.expect("edges").len(), 2);
}

#[tokio::test]
async fn a_publication_that_stops_is_whole_in_the_end_or_never_was() {
    let world = World::with_cpus(4).await;
    let (app, hearth) = (world.app(), &world.hearth);
    let task = made(&world, b"weights").await;
    let mut reconciler = Reconciler::default();
    let mut stopped = 0;
    for step in (1..2_000).step_by(3) {
        if ends_within_steps(step, Box::pin(model::publish(app, &task, named("digits")))).await {
            break;
        }
        stopped += 1;
        reconcile_everything(hearth, &mut reconciler).await;
        hearth.run_jobs().await;
        let mut reader = app.store().read().await.expect("a reader");
        let found = repository::find_by_name(&mut reader, RepositoryKind::Model, "mei", "digits").await;
        let Some(row) = found.expect("an answer") else { continue };
        assert_recorded(app, &row, &format!("step {step}")).await;
        let git = hearth_app::repository::git(app, &row).await.expect("files");
        let tags = git.run(hearth_git::OpenRepository::tags).await.expect("tags");
        let versions = model_version::count(&mut reader, row.id).await.expect("a count");
        assert_eq!(versions, tags.len() as u64, "step {step}: every version is written down");
        for tag in tags {
            let found = model_version::find(&mut reader, row.id, tag.name.as_str()).await.expect("an answer");
            assert!(found.is_some(), "step {step}: {} is written down", tag.name);
        }
    }
    assert!(stopped > 5, "publishing has many steps");
    let mei = hearth.actor("mei").await;
    let model = open(&world, &mei, RepositoryKind::Model, "digits").await;
    let versions = model::versions(app, &model, PageRequest::default()).await.expect("versions").items;
    let origins = lineage::of_versions(app, &model, &versions).await.expect("origins");
    assert_eq!(origins.len(), versions.len());
}

#[tokio::test]
async fn a_private_model_is_in_nobody_elses_lineage() {
    let world = World::with_cpus(1).await;
    let task = made(&world, b"weights").await;
    let private = Publication { visibility: Some(Visibility::Private), ..named("secret") };
    model::publish(world.app(), &task, private).await.expect("published");
    world.hearth.user("bo").await;
    let bo = world.hearth.actor("bo").await;
    let code = open(&world, &bo, RepositoryKind::Code, "digits").await;
    assert_eq!(lineage::of_code(world.app(), &code).await.expect("models").len(), 0);
    let seen = hearth_app::task::find(world.app(), &bo, task.id()).await.expect("public");
    assert_eq!(lineage::of_task(world.app(), &seen).await.expect("edges").len(), 1);
    assert!(matches!(model::publish(world.app(), &seen, named("stolen")).await, Err(Error::Forbidden(_))));
}

#[tokio::test]
async fn only_what_has_ended_and_made_something_is_published() {
    let world = World::with_cpus(1).await;
    let task = world.launch("run").await;
    let waits = model::publish(world.app(), &world.find(task.id).await, named("digits")).await;
    assert!(matches!(waits, Err(Error::Conflict(Conflict::State))), "{waits:?}");
    compute::run_pass(world.app()).await.expect("a pass");
    let failed = Outcome { state: TaskState::Failed, reason: Reason::RunExitNonzero };
    world.agent(task.id).await.finish(world.app(), &finish(failed, 0)).await.expect("taken");
    let empty = model::publish(world.app(), &world.find(task.id).await, named("digits")).await;
    assert!(matches!(empty, Err(Error::Invalid(_))), "{empty:?}");
    let done = made(&world, b"weights").await;
    let bad = model::publish(world.app(), &done, named("..")).await;
    assert!(matches!(&bad, Err(Error::Invalid(fields)) if fields[0].field == "model"), "{bad:?}");
}
