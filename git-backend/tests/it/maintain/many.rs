//! A thousand pushes, with the maintenance they trigger, while others read.

use std::{
    collections::HashMap,
    fs::File,
    io::Write as _,
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use hearth_git::{MAX_LOOSE_REFERENCES, MAX_PACKS, ObjectId, Repository};

use super::age_leftovers;
use crate::support::{Fixture, WorkingCopy, client, path};

const PUSHES: usize = 1_000;
/// Pushes that bring many branches each; the others bring a commit each.
const WIDE_PUSHES: usize = 5;
const BRANCHES_OF_A_PUSH: usize = 120;
/// From here on every push stays a pack, however small.
const FIRST_PACK: usize = 750;
/// Files that the commits change in turn.
const FILES: usize = 50;

/// Writes a history of small commits quickly.
fn write_history(copy: &WorkingCopy) -> Vec<ObjectId> {
    let commit = |number: usize| {
        let time = 1_700_000_000 + number;
        let file = number % FILES;
        format!(
            "commit refs/heads/main\ncommitter Mei <mei@example.org> {time} +0000\ndata <<E\n{number}\nE\n\
             M 100644 inline file{file}\ndata <<E\n{number}\nE\n\n"
        )
    };
    let stream: String = (0..PUSHES).map(commit).collect();
    let mut import =
        client(&copy.path).args(["fast-import", "--quiet"]).stdin(Stdio::piped()).spawn().unwrap();
    import.stdin.take().unwrap().write_all(stream.as_bytes()).unwrap();
    assert!(import.wait().unwrap().success());
    let ids = copy.git(&["rev-list", "--reverse", "main"]);
    ids.lines().map(|id| id.parse().unwrap()).collect()
}

/// How many of the commits are pushed, as far as the pusher knows.
type Pushed = Arc<AtomicUsize>;

/// These pushes go straight to the folder, past the server under test. Another server holds this lock during a push,
/// so that the folders of loose objects stay.
fn push_as_another_server(repository: &Repository, push: impl FnOnce() -> String) {
    let objects = File::open(repository.path().join("objects")).unwrap();
    objects.lock_shared().unwrap();
    push();
}

fn push_everything(copy: &WorkingCopy, repository: &Repository, ids: &[ObjectId], pushed: &Pushed) {
    let folder = repository.path().to_str().unwrap();
    let set = |name: &str, value: &str| copy.git(&["--git-dir", folder, "config", name, value]);
    // Git's own maintenance must not help.
    set("receive.autogc", "false");
    for (number, id) in ids.iter().enumerate() {
        if number == FIRST_PACK {
            set("receive.unpackLimit", "1");
        }
        let mut references = vec![format!("{id}:refs/heads/main")];
        if number < WIDE_PUSHES {
            let names = (0..BRANCHES_OF_A_PUSH).map(|n| format!("{id}:refs/heads/wide/{number}/{n}"));
            references.extend(names);
        }
        let arguments: Vec<&str> =
            ["push", "-q", folder].into_iter().chain(references.iter().map(String::as_str)).collect();
        push_as_another_server(repository, || copy.git(&arguments));
        pushed.store(number + 1, Ordering::Release);
        if number % 250 == 249 {
            let target = format!("clone{number}");
            copy.git(&["clone", "-q", "--bare", "--no-local", folder, &target]);
            assert_eq!(copy.git(&["--git-dir", &target, "rev-parse", "main"]), id.to_string());
        }
    }
}

/// What a reader sees is complete and never older than what the pusher was told.
async fn read_once(repository: &Repository, places: &Arc<HashMap<ObjectId, usize>>, pushed: &Pushed) {
    let before = pushed.load(Ordering::Acquire);
    let (head, references) = repository
        .run(|git| {
            let Some(head) = git.head()? else { return Ok((None, 0)) };
            for number in 0..FILES {
                let Some(entry) = git.find_entry(head, &path(&format!("file{number}")))? else { continue };
                git.blob(entry.id, 100)?;
            }
            git.last_commit(head, &path("file0"))?;
            git.count_commits(head)?;
            Ok((Some(head), git.references("refs/heads/")?.len()))
        })
        .await
        .unwrap();
    let seen = head.map_or(0, |head| places[&head] + 1);
    assert!(seen >= before, "{seen} of {before} pushes");
    if before >= WIDE_PUSHES {
        assert_eq!(references, 1 + WIDE_PUSHES * BRANCHES_OF_A_PUSH);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_pushes_leave_few_packs_packed_references_and_a_bitmap() {
    let fixture = Fixture::new().await;
    let repository = fixture.repository.clone();
    let copy = fixture.working_copy();
    let ids = write_history(&copy);
    let places = Arc::new(ids.iter().enumerate().map(|(place, id)| (*id, place)).collect::<HashMap<_, _>>());
    let (pushed, is_over) = (Pushed::default(), Arc::new(AtomicBool::new(false)));

    let reading = {
        let (repository, is_over, pushed) = (repository.clone(), Arc::clone(&is_over), Arc::clone(&pushed));
        tokio::spawn(async move {
            while !is_over.load(Ordering::Relaxed) {
                read_once(&repository, &places, &pushed).await;
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            read_once(&repository, &places, &pushed).await;
        })
    };
    let maintenance = {
        let (repository, is_over) = (repository.clone(), Arc::clone(&is_over));
        tokio::spawn(async move {
            let mut rounds = 0;
            loop {
                let is_last = is_over.load(Ordering::Relaxed);
                if repository.disk_state().await.unwrap().needs_maintenance() {
                    repository.maintain().await.unwrap();
                    rounds += 1;
                }
                if is_last {
                    return rounds;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        })
    };
    let pushing = {
        let (repository, pushed) = (repository.clone(), Arc::clone(&pushed));
        tokio::task::spawn_blocking(move || push_everything(&copy, &repository, &ids, &pushed))
    };
    pushing.await.unwrap();
    is_over.store(true, Ordering::Relaxed);
    let rounds = maintenance.await.unwrap();
    reading.await.unwrap();

    let state = repository.disk_state().await.unwrap();
    assert!(rounds > 1 && !state.needs_maintenance(), "{rounds} rounds: {state:?}");
    assert!(state.packs <= MAX_PACKS && state.has_bitmap, "{state:?}");
    assert!(state.loose_references <= MAX_LOOSE_REFERENCES, "{state:?}");
    assert_eq!(age_leftovers(repository.path()), Vec::<String>::new());
    let output = client(repository.path()).args(["fsck", "--full", "--strict"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
