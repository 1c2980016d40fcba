use hearth_app::{
    Access, App, Unit, access, image,
    image::{Fields, VariantFields, smoke},
    jobs,
    jobs::TestImages,
    pool, spec,
    task::{self, NewTask},
    testing::TestHearth,
};
use hearth_core::{RepositoryKind, TaskState, Write};
use hearth_store::image::{self as row, NewImage};

use super::fleet;
use crate::support::code_of;

/// This machine with one interpreter, and a spec for it.
async fn machine() -> (TestHearth, hearth_app::Actor) {
    let (hearth, boss) = fleet::with_one(fleet::machine("here", &[], None, 0)).await;
    let app = &hearth.app;
    pool::derive(app).await.expect("pools");
    spec::derive(app).await.expect("specs");
    image::insert_shipped(app).await.expect("images");
    let python = NewImage {
        code: "python-3".into(),
        label: "Python 3".into(),
        framework: "python".into(),
        framework_version: "3".into(),
        python_version: "3".into(),
        interpreter: Some("/usr/bin/python3".into()),
        reference: None,
        digest: None,
        created_at: app.now(),
    };
    let mut writer = app.store().write().await.expect("a transaction");
    row::note(&mut writer, &python).await.expect("kept");
    writer.commit().await.expect("kept");
    (hearth, boss)
}

async fn smoke_code(app: &App, boss: &hearth_app::Actor) -> Access<Write> {
    let code = access::open(app, boss, Unit::Tasks, RepositoryKind::Code, "boss", smoke::REPOSITORY).await;
    code.expect("there").write().expect("their own")
}

#[tokio::test]
async fn a_smoke_task_comes_after_everybody_elses_and_is_not_launched_twice() {
    let (hearth, boss) = machine().await;
    let app = &hearth.app;
    let by = boss.user().expect("a person").name.clone();
    jobs::enqueue(app, &TestImages { by, image: None }).await.expect("enqueued");
    hearth.run_jobs().await;
    let read = access::open(app, &boss, Unit::Tasks, RepositoryKind::Code, "boss", smoke::REPOSITORY).await;
    let listed = task::list(
        app,
        &read.expect("there"),
        &task::TaskFilter::default(),
        hearth_core::PageRequest::default(),
    )
    .await
    .expect("tasks");
    assert_eq!(listed.items.len(), 1);
    let launched = &listed.items[0];
    assert_eq!((launched.priority, launched.image_code.as_str()), (-100, "python-3"));
    assert_eq!(launched.script(), Some("smoke.py"));
    let again = smoke::test(app, &boss, None).await.expect("an answer");
    assert_eq!(again.tasks, [], "one is under way");

    let matrix = image::matrix(app, &boss).await.expect("a matrix");
    let cell = |matrix: &image::Matrix| {
        let row = matrix.rows.iter().find(|row| row.entry.image.code == "python-3").expect("there");
        row.cells[0].clone()
    };
    assert_eq!(cell(&matrix).check.expect("a check").task, Some(launched.id));
    let access = task::find(app, &boss, launched.id).await.expect("there");
    let stopped = task::stop(app, &access).await.expect("stopped");
    assert_eq!(stopped.state, TaskState::Stopped);
    assert_eq!(cell(&image::matrix(app, &boss).await.expect("a matrix")).check, None);
    let anew = smoke::test(app, &boss, Some("python-3")).await.expect("an answer");
    assert_eq!(anew.tasks.len(), 1);
}

#[tokio::test]
async fn an_image_without_a_variant_for_the_machine_cannot_be_launched() {
    let (hearth, boss) = machine().await;
    let app = &hearth.app;
    smoke::test(app, &boss, None).await.expect("the repository is made");
    let entry = image::find(app, &boss, "mindspore").await.expect("there");
    let on = Fields { is_enabled: true, ..Fields::of(&entry.image) };
    image::change(app, &boss, "mindspore", &on).await.expect("changed");
    let cann = VariantFields {
        family: "cann".into(),
        toolkit: "CANN 8.0".into(),
        reference: "images.example.org/mindspore:2".into(),
    };
    image::put_variant(app, &boss, "mindspore", &cann).await.expect("kept");
    let code = smoke_code(app, &boss).await;
    let new = NewTask { image: "mindspore".into(), spec: "cpu-1".into(), ..NewTask::script("smoke.py") };
    assert_eq!(code_of(task::launch(app, &code, new.clone()).await), Some(("image", "no-variant")));
    let here = NewTask { image: "python-3".into(), ..new };
    task::launch(app, &code, here).await.expect("launched");
}
