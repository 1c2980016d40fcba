mod kill;
mod many;

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use hearth_git::{MAX_PACKS, ObjectId, OpenRepository, RepositoryStore, StorageId};

use crate::{
    server::{Rules, Server, succeed},
    support::{Fixture, WorkingCopy, path},
};

/// A repository without bitmaps is repacked.
fn remove_bitmaps(repository: &Path) {
    for file in files(&repository.join("objects/pack")) {
        if file.extension().is_some_and(|extension| extension == "bitmap") {
            std::fs::remove_file(file).unwrap();
        }
    }
}

/// Makes the leftovers of killed processes look old, and returns their names.
fn age_leftovers(repository: &Path) -> Vec<String> {
    let folders = ["", "objects", "objects/pack", "objects/info", "objects/info/commit-graphs"];
    let mut found: Vec<_> = folders.iter().flat_map(|folder| files(&repository.join(folder))).collect();
    let mut references = vec![repository.join("refs")];
    while let Some(folder) = references.pop() {
        let (folders, locks): (Vec<_>, Vec<_>) = files(&folder).into_iter().partition(|path| path.is_dir());
        references.extend(folders);
        found.extend(locks);
    }
    found.retain(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("tmp_")
            || name.starts_with(".tmp-")
            || name.ends_with(".lock")
            || name == "packed-refs.new"
    });
    for path in &found {
        set_old(path);
    }
    found.iter().map(|path| path.display().to_string()).collect()
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    std::fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()).collect()
}

fn set_old(path: &Path) {
    let long_ago = "2026-01-01T00:00:00Z".parse::<jiff::Timestamp>().unwrap();
    let times = std::fs::FileTimes::new().set_modified(long_ago.into());
    std::fs::File::open(path).unwrap().set_times(times).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn maintenance_during_pushes_and_clones_loses_nothing() {
    let fixture = Fixture::new().await;
    let server = Server::start(fixture.repository.clone(), fixture.folder.path(), Rules::default()).await;
    let copy = WorkingCopy::new(&fixture.folder.path().join("pusher"));
    copy.git(&["remote", "add", "origin", &server.url]);
    // More than a hundred objects arrive as a pack.
    for number in 0..60 {
        copy.write(&format!("folder{number}/file"), format!("{number}"));
    }
    copy.commit("much");
    succeed(&copy.path, &["push", "-q", "origin", "main"]).await;
    let is_over = Arc::new(AtomicBool::new(false));
    let maintenance = {
        let (repository, is_over) = (fixture.repository.clone(), Arc::clone(&is_over));
        tokio::spawn(async move {
            while !is_over.load(Ordering::Relaxed) {
                remove_bitmaps(repository.path());
                repository.maintain().await.unwrap();
            }
        })
    };
    for number in 0..6 {
        copy.write("a", format!("{number}"));
        let tip = copy.commit(&format!("commit {number}"));
        succeed(&copy.path, &["push", "-q", "origin", "main"]).await;
        fixture.repository.after_push().await.unwrap();
        let target = format!("clone{number}");
        succeed(fixture.folder.path(), &["clone", "-q", &server.url, &target]).await;
        assert_eq!(
            succeed(&fixture.folder.path().join(target), &["rev-parse", "HEAD"]).await.trim(),
            tip.to_string()
        );
        let last = fixture.repository.run(move |git| git.last_commit(tip, &path("a"))).await.unwrap();
        assert_eq!(last.unwrap().id, tip);
    }
    is_over.store(true, Ordering::Relaxed);
    maintenance.await.unwrap();
    let state = fixture.repository.maintain().await.unwrap();
    assert!(state.packs <= MAX_PACKS && state.has_bitmap, "{state:?}");
    assert_eq!(fixture.repository.fsck().await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn servers_that_share_a_folder_maintain_in_turn_and_let_go_of_what_another_one_replaced() {
    let fixture = Fixture::new().await;
    let elsewhere = RepositoryStore::at(fixture.folder.path().join("repositories")).unwrap();
    let elsewhere = elsewhere.open(&StorageId::from(1)).await.unwrap();
    let copy = fixture.working_copy();
    let mut tips = Vec::new();
    for number in 0..2 {
        copy.write("a", format!("{number}"));
        tips.push(copy.commit("one more"));
        copy.push();
        succeed(fixture.repository.path(), &["repack", "-d", "-q"]).await;
    }
    let read = |tip: ObjectId| elsewhere.run(move |git| git.last_commit(tip, &path("a")));
    for tip in &tips {
        assert_eq!(read(*tip).await.unwrap().unwrap().id, *tip);
    }
    let held = std::fs::File::open(fixture.repository.path()).unwrap();
    held.lock().unwrap();
    assert!(fixture.repository.maintain().await.unwrap().needs_maintenance(), "another server is at it");
    drop(held);
    assert!(!fixture.repository.maintain().await.unwrap().needs_maintenance());
    for tip in &tips {
        assert_eq!(read(*tip).await.unwrap().unwrap().id, *tip);
    }
    let objects = fixture.repository.path().join("objects/pack").display().to_string();
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let gone: Vec<&str> =
        maps.lines().filter(|line| line.contains(&objects) && line.ends_with("(deleted)")).collect();
    assert!(gone.is_empty(), "{gone:?}");
}

#[tokio::test]
async fn one_broken_repository_does_not_disturb_its_neighbour() {
    let fixture = Fixture::new().await;
    let copy = fixture.working_copy();
    copy.write("a", "1");
    copy.commit("first");
    copy.push();
    let other = fixture.store.create(&StorageId::from(2), &crate::support::branch("main")).await.unwrap();
    std::fs::write(other.path().join("packed-refs"), "nonsense\n").unwrap();
    std::fs::create_dir_all(other.path().join("objects/info/commit-graphs")).unwrap();
    std::fs::write(other.path().join("objects/info/commit-graphs/commit-graph-chain"), "xyz\n").unwrap();
    std::fs::write(other.path().join("refs/heads/main"), format!("{}\n", ObjectId::EMPTY_TREE)).unwrap();
    assert!(other.run(OpenRepository::branches).await.is_err());
    assert!(!other.fsck().await.unwrap().is_empty());
    assert!(other.after_push().await.is_err());
    assert_eq!(fixture.repository.run(OpenRepository::branches).await.unwrap().value.len(), 1);
}

#[tokio::test]
async fn old_locks_are_removed_and_fresh_ones_are_kept() {
    let fixture = Fixture::new().await;
    let path = fixture.repository.path();
    let locks = [
        "refs/heads/feature.lock",
        "objects/pack/multi-pack-index.lock",
        "packed-refs.lock",
        "packed-refs.new",
    ];
    let old = locks.map(|name| path.join(name));
    let fresh = path.join("refs/heads/main.lock");
    for lock in old.iter().chain([&fresh]) {
        std::fs::write(lock, "").unwrap();
    }
    for lock in &old {
        set_old(lock);
    }
    fixture.repository.remove_stale_files().await.unwrap();
    assert!(old.iter().all(|lock| !lock.exists()) && fresh.exists());
}
