use std::fs;

use hearth_app::{
    Unit, access,
    content::{self, Action, FileChange},
    maintenance, repository,
    testing::TestHearth,
};
use hearth_git::MAX_LOOSE_REFERENCES;
use hearth_store::repository::Repository;

/// Writes a file as a page would, which enqueues the jobs of a push.
async fn write(hearth: &TestHearth, row: &Repository, path: &str) {
    let actor = hearth.actor("mei").await;
    let access = access::open(&hearth.app, &actor, Unit::Code, row.kind, "mei", row.name.as_str()).await;
    let action = Action::Create { content: path.as_bytes().to_vec() };
    let change =
        FileChange { path: path.into(), action, branch: None, new_branch: None, message: None, author: None };
    let access = access.expect("visible").write().expect("her own");
    content::change(&hearth.app, &access, change).await.expect("written");
}

#[tokio::test]
async fn a_repository_with_many_references_is_tidied_up_once_and_a_broken_one_is_left_alone_for_a_while() {
    let hearth = TestHearth::new().await;
    let rows = [hearth.repository("mei/llm").await, hearth.repository("mei/broken").await];
    for row in &rows {
        write(&hearth, row, "a.txt").await;
    }
    hearth.run_jobs().await;
    assert_eq!(hearth.app.maintenance().counts().waiting, 0, "little to do is nothing to do");

    for row in &rows {
        let files = repository::git(&hearth.app, row).await.expect("files");
        let heads = files.path().join("refs/heads");
        let tip = fs::read(heads.join("main")).expect("a tip");
        for number in 0..=MAX_LOOSE_REFERENCES {
            fs::write(heads.join(number.to_string()), &tip).expect("a reference");
        }
        write(&hearth, row, "b.txt").await;
    }
    let broken = repository::git(&hearth.app, &rows[1]).await.expect("files");
    // While this file exists, git packs no references.
    fs::write(broken.path().join("packed-refs.lock"), "").expect("a lock");
    hearth.run_jobs().await;
    assert_eq!(hearth.app.maintenance().counts().waiting, 2);

    maintenance::run_waiting(&hearth.app).await;
    let counts = hearth.app.maintenance().counts();
    assert_eq!((counts.rounds, counts.failures, counts.waiting), (2, 1, 0));
    let files = repository::git(&hearth.app, &rows[0]).await.expect("files");
    assert_eq!(files.disk_state().await.expect("a state").loose_references, 0);
    let branches = files.run(|git| git.references("refs/heads/")).await.expect("references");
    assert_eq!(branches.len(), MAX_LOOSE_REFERENCES + 2);

    for row in &rows {
        write(&hearth, row, "c.txt").await;
    }
    hearth.run_jobs().await;
    assert_eq!(hearth.app.maintenance().counts().waiting, 0);
}
