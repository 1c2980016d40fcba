use std::os::unix::fs::MetadataExt as _;

use hearth_git::{
    Error, ObjectId, RefName, RefUpdate, Repository, StorageId, head_ref, merge_ref, version_ref,
};

use crate::{
    server::{Rules, Server, client, succeed},
    support::{Fixture, WorkingCopy, branch},
};

fn create(name: RefName, id: ObjectId) -> RefUpdate {
    RefUpdate { name, old: None, new: Some(id) }
}

async fn at(repository: &Repository, name: RefName) -> Option<ObjectId> {
    repository.run(move |git| git.reference(&name)).await.unwrap()
}

async fn assert_sound(repository: &Repository) {
    assert_eq!(repository.fsck().await.unwrap(), Vec::<String>::new());
}

/// Two commits in a pack, one in loose objects, a tag, and a pull request.
async fn parent() -> (Fixture, WorkingCopy) {
    let fixture = Fixture::new().await;
    let copy = fixture.working_copy();
    for number in 0..2 {
        copy.write("a", format!("{number}\n"));
        copy.commit("packed");
    }
    copy.push();
    copy.git(&["tag", "-a", "v1", "-m", "first"]);
    copy.push();
    let git = |arguments: &[&str]| {
        let status = crate::support::client(fixture.repository.path()).args(arguments).status();
        assert!(status.unwrap().success());
    };
    git(&["repack", "-a", "-d", "-q"]);
    copy.write("b", "loose\n");
    let id = copy.commit("loose");
    copy.push();
    fixture
        .repository
        .update_references(&[create(head_ref(1), id), create(version_ref(1, 1), id)])
        .await
        .unwrap();
    (fixture, copy)
}

#[tokio::test]
async fn a_fork_is_whole_shares_its_files_and_outlives_its_parent() {
    let (fixture, copy) = parent().await;
    let fork = fixture.repository.fork_into(&StorageId::from(2)).await.unwrap();
    assert_eq!(at(&fork, branch("main").full()).await, Some(copy.head()));
    assert!(at(&fork, RefName::new("refs/tags/v1").unwrap()).await.is_some());
    assert_eq!((at(&fork, head_ref(1)).await, at(&fork, version_ref(1, 1)).await), (None, None));
    assert_eq!(fork.run(hearth_git::OpenRepository::default_branch).await.unwrap(), branch("main"));
    let pack = std::fs::read_dir(fork.path().join("objects/pack")).unwrap().next().unwrap().unwrap();
    assert!(pack.metadata().unwrap().nlink() > 1, "the file has two names");
    assert_sound(&fork).await;
    let again = fixture.repository.fork_into(&StorageId::from(2)).await;
    assert!(matches!(again, Err(Error::RepositoryExists)));

    // What the parent drops stays in the fork.
    copy.git(&["commit", "-q", "--amend", "-m", "other"]);
    copy.push();
    let status = crate::support::client(fixture.repository.path())
        .args(["-c", "gc.reflogExpire=now", "gc", "-q", "--prune=now"])
        .status();
    assert!(status.unwrap().success());
    assert_sound(&fork).await;
    fixture.store.remove(fixture.repository.id()).await.unwrap();
    assert_sound(&fork).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn forks_made_while_the_parent_is_pushed_to_and_repacked_are_whole() {
    let (fixture, copy) = parent().await;
    let parent = fixture.repository.path().to_owned();
    let busy = std::thread::spawn(move || {
        for number in 0..12 {
            copy.write("c", format!("{number}\n"));
            copy.commit("more");
            if number % 3 == 2 {
                copy.git(&["reset", "-q", "--hard", "HEAD~2"]);
            }
            copy.push();
            let mut repack = crate::support::client(&parent);
            // A fork may be looking at a pack that is being removed.
            let _ = repack.args(["-c", "gc.pruneExpire=now", "repack", "-a", "-d", "-q"]).status();
        }
    });
    for number in 10..22 {
        let fork = match fixture.repository.fork_into(&StorageId::from(number)).await {
            Err(Error::Busy) => continue,
            fork => fork.unwrap(),
        };
        assert_sound(&fork).await;
    }
    busy.join().unwrap();
}

#[tokio::test]
async fn commits_of_a_fork_are_taken_with_their_history_and_only_what_is_missing() {
    let (fixture, copy) = parent().await;
    let base = &fixture.repository;
    let fork = base.fork_into(&StorageId::from(2)).await.unwrap();
    copy.write("d", "of the fork\n");
    let id = copy.commit("in the fork");
    copy.git(&["push", "-q", fork.path().to_str().unwrap(), "HEAD:refs/heads/topic"]);
    // The parent has moved on, and the fork does not know it.
    copy.git(&["reset", "-q", "--hard", "HEAD~1"]);
    copy.write("e", "of the parent\n");
    copy.commit("in the parent");
    copy.push();

    let updates = [create(version_ref(2, 1), id), create(head_ref(2), id)];
    base.take_from(&fork, id, &updates).await.unwrap();
    assert_eq!(at(base, head_ref(2)).await, Some(id));
    assert_sound(base).await;
    let packs = std::fs::read_dir(base.path().join("objects/pack")).unwrap();
    let sizes: Vec<u64> = packs
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().extension().is_some_and(|extension| extension == "pack"))
        .map(|entry| entry.metadata().unwrap().len())
        .collect();
    assert_eq!(sizes.len(), 2, "{sizes:?}");
    // Once more changes nothing, and neither does what the fork deletes.
    base.take_from(&fork, id, &[]).await.unwrap();
    fixture.store.remove(fork.id()).await.unwrap();
    assert_sound(base).await;
    let unrelated = ObjectId::from_bytes([7; 20]);
    let fork = base.fork_into(&StorageId::from(3)).await.unwrap();
    assert!(base.take_from(&fork, unrelated, &[create(head_ref(3), unrelated)]).await.is_err());
    assert_eq!(at(base, head_ref(3)).await, None);
}

#[tokio::test]
async fn what_is_here_only_by_chance_is_taken_again() {
    let (fixture, copy) = parent().await;
    let base = &fixture.repository;
    let fork = base.fork_into(&StorageId::from(2)).await.unwrap();
    copy.write("d", "of the fork\n");
    let id = copy.commit("in the fork");
    copy.git(&["push", "-q", fork.path().to_str().unwrap(), "HEAD:refs/heads/topic"]);
    // The commit alone lies here, without its tree, as a cleanup may leave it.
    let [folder, file] = [&id.to_string()[..2], &id.to_string()[2..]].map(str::to_owned);
    let from = copy.path.join(".git/objects").join(&folder).join(&file);
    let to = base.path().join("objects").join(&folder);
    std::fs::create_dir_all(&to).unwrap();
    std::fs::copy(from, to.join(file)).unwrap();
    base.take_from(&fork, id, &[create(head_ref(2), id)]).await.unwrap();
    assert_sound(base).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pull_requests_can_be_fetched_but_not_pushed_to_and_versions_are_not_seen() {
    let (fixture, copy) = parent().await;
    let id = copy.head();
    fixture.repository.update_references(&[create(merge_ref(1), id)]).await.unwrap();
    let server = Server::start(fixture.repository.clone(), fixture.folder.path(), Rules::default()).await;
    for version in ["protocol.version=0", "protocol.version=2"] {
        let seen = succeed(&copy.path, &["-c", version, "ls-remote", &server.url]).await;
        assert!(seen.contains("refs/pull/1/head") && seen.contains("refs/pull/1/merge"), "{seen}");
        assert!(!seen.contains("refs/hearth"), "{seen}");
        for name in ["refs/pull/1/head", "refs/pull/1/merge"] {
            succeed(&copy.path, &["-c", version, "fetch", "-q", &server.url, name]).await;
            assert_eq!(copy.git(&["rev-parse", "FETCH_HEAD"]), id.to_string());
        }
        let (is_success, text) =
            client(&copy.path, &["-c", version, "fetch", "-q", &server.url, "refs/hearth/pulls/1/1"]).await;
        assert!(!is_success, "{text}");
    }
    copy.write("b", "changed\n");
    copy.commit("changed");
    for name in ["refs/pull/1/head", "refs/pull/2/head", "refs/hearth/pulls/1/1", "refs/hearth/pulls/1/2"] {
        for spec in [format!("+HEAD:{name}"), format!(":{name}")] {
            let (is_success, text) = client(&copy.path, &["push", "-q", &server.url, &spec]).await;
            assert!(!is_success, "{spec}: {text}");
        }
    }
    assert_eq!(at(&fixture.repository, head_ref(1)).await, Some(id));
    assert_eq!(at(&fixture.repository, version_ref(1, 1)).await, Some(id));
    assert_eq!(server.seen().iter().filter(|line| line.starts_with("recorded")).count(), 0);
}
