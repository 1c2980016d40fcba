use std::time::Duration;

use hearth_git::{OpenRepository, Protocol, PushGate, PushId};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::{
    server::{Rules, Server, client, object_files, silent_after, succeed},
    support::{Fixture, WorkingCopy},
};

async fn start(fixture: &Fixture, rules: Rules) -> (Server, WorkingCopy) {
    let server = Server::start(fixture.repository.clone(), fixture.folder.path(), rules).await;
    let copy = WorkingCopy::new(&fixture.folder.path().join("pusher"));
    copy.git(&["remote", "add", "origin", &server.url]);
    (server, copy)
}

#[tokio::test(flavor = "multi_thread")]
async fn push_is_checked_recorded_and_answered_in_one_conversation() {
    let fixture = Fixture::new().await;
    let (server, copy) = start(&fixture, Rules::default()).await;
    copy.write("a", "1");
    copy.commit("first");
    copy.write("a", "2");
    let tip = copy.commit("second");
    copy.git(&["tag", "v1"]);
    let text = succeed(&copy.path, &["push", "-o", "topic=x", "origin", "main", "v1"]).await;
    assert!(text.contains("remote: Checked."), "{text}");
    assert!(text.contains("remote: Look at http://example.org/refs/heads/main+refs/tags/v1"), "{text}");
    assert_eq!(
        server.seen(),
        [
            "check refs/heads/main Create",
            "check refs/tags/v1 Create",
            "by=mei options=[\"topic=x\"]",
            "recorded refs/heads/main refs/tags/v1",
        ]
    );
    assert_eq!(fixture.repository.run(OpenRepository::head).await.unwrap(), Some(tip));

    copy.git(&["commit", "-q", "--amend", "-m", "other"]);
    succeed(&copy.path, &["push", "--force", "origin", "main"]).await;
    assert!(server.seen().contains(&"check refs/heads/main Update".to_owned()));
    succeed(&copy.path, &["push", "origin", ":v1"]).await;
    assert!(server.seen().contains(&"check refs/tags/v1 Delete".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_pushed_can_be_read_before_it_is_accepted() {
    let fixture = Fixture::new().await;
    let rules = Rules { max_bytes: Some(0), ..Rules::default() };
    let commits = rules.commits.clone();
    let (_server, copy) = start(&fixture, rules).await;
    copy.write("a", "1");
    copy.commit("first");
    copy.write("a", "2");
    copy.commit("second");
    let (is_success, text) = client(&copy.path, &["push", "origin", "main"]).await;
    assert!(!is_success, "{text}");
    assert_eq!(*commits.lock().unwrap(), [("second".to_owned(), 2)]);
    assert_eq!(object_files(&fixture.repository), Vec::<String>::new());
    assert!(fixture.repository.run(OpenRepository::is_empty).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_push_leaves_nothing_behind() {
    let fixture = Fixture::new().await;
    let (server, copy) = start(&fixture, Rules { max_bytes: Some(50), ..Rules::default() }).await;
    copy.write("large", "0123456789".repeat(1000));
    copy.commit("first");
    let (is_success, text) = client(&copy.path, &["push", "origin", "main"]).await;
    assert!(!is_success && text.contains("bytes are too many"), "{text}");
    assert!(text.contains("pre-receive hook declined"), "{text}");
    assert_eq!(object_files(&fixture.repository), Vec::<String>::new());
    assert!(!server.seen().iter().any(|line| line.starts_with("recorded")));
    assert!(fixture.repository.run(OpenRepository::is_empty).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn hidden_and_odd_references_cannot_be_pushed() {
    let fixture = Fixture::new().await;
    let (_server, copy) = start(&fixture, Rules::default()).await;
    copy.write("a", "1");
    copy.commit("first");
    for name in ["refs/pull/1/head", "refs/hearth/x", "refs/heads/-x", "refs/heads/HEAD"] {
        let (is_success, text) = client(&copy.path, &["push", "origin", &format!("main:{name}")]).await;
        assert!(!is_success, "{name}: {text}");
    }
    assert_eq!(object_files(&fixture.repository), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn objects_with_hostile_trees_are_refused_by_git_itself() {
    let fixture = Fixture::new().await;
    let (_server, copy) = start(&fixture, Rules::default()).await;
    copy.write("a", "1");
    copy.git(&["add", "a"]);
    let blob = copy.git(&["hash-object", "a"]);
    std::fs::write(copy.path.join("tree"), format!("100644 blob {blob}\t.GIT\n")).unwrap();
    let tree = std::process::Command::new("sh")
        .current_dir(&copy.path)
        .args(["-c", "git mktree < tree"])
        .output()
        .unwrap();
    let tree = String::from_utf8(tree.stdout).unwrap();
    let commit = copy.git(&["commit-tree", tree.trim(), "-m", "bad"]);
    let (is_success, text) =
        client(&copy.path, &["push", "origin", &format!("{commit}:refs/heads/main")]).await;
    assert!(!is_success && text.contains("hasDotgit"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_pushes_to_one_branch_one_wins_and_to_many_branches_all_do() {
    let fixture = Fixture::new().await;
    let (server, copy) = start(&fixture, Rules::default()).await;
    copy.write("a", "1");
    copy.commit("first");
    succeed(&copy.path, &["push", "origin", "main"]).await;
    let mut clones = Vec::new();
    for number in 0..8 {
        let path = fixture.folder.path().join(format!("clone{number}"));
        succeed(fixture.folder.path(), &["clone", "-q", &server.url, path.to_str().unwrap()]).await;
        succeed(&path, &["commit", "-q", "--allow-empty", "-m", &format!("by {number}")]).await;
        clones.push(path);
    }
    let push = |refspec: fn(usize) -> String| {
        let clones = clones.clone();
        async move {
            let tasks: Vec<_> = clones
                .into_iter()
                .enumerate()
                .map(|(number, path)| {
                    tokio::spawn(async move { client(&path, &["push", "origin", &refspec(number)]).await })
                })
                .collect();
            let mut results = Vec::new();
            for task in tasks {
                results.push(task.await.unwrap());
            }
            results
        }
    };
    let results = push(|number| format!("HEAD:refs/heads/b{number}")).await;
    assert!(results.iter().all(|(is_success, _)| *is_success), "{results:?}");
    let results = push(|_| "HEAD:refs/heads/main".to_owned()).await;
    assert_eq!(results.iter().filter(|(is_success, _)| *is_success).count(), 1, "{results:?}");
    assert_eq!(fixture.repository.fsck().await.unwrap(), Vec::<String>::new());
    assert!(!fixture.repository.path().join("refs/heads/main.lock").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn push_whose_client_vanishes_is_cleaned_up() {
    let fixture = Fixture::new().await;
    let gate = PushGate::listen(&fixture.folder.path().join("push.sock"), Rules::default()).unwrap();
    let zero = "0".repeat(40);
    let line = format!("{zero} {} refs/heads/main\0 report-status side-band-64k", "a".repeat(40));
    let mut start = format!("{:04x}{line}0000", line.len() + 4).into_bytes();
    start.extend(b"PACK\0\0\0\x02\0\0\xff\xff");
    let (input, client) = silent_after(&start).await;
    let ticket = gate.admit(&fixture.repository, PushId::from_random([7; 16]), "mei".to_owned());
    let repository = fixture.repository.clone();
    let push = tokio::spawn(async move {
        let mut answer = repository.receive_pack(Protocol::V0, input, ticket).await.unwrap();
        let mut text = Vec::new();
        let _ = answer.read_to_end(&mut text).await;
    });
    tokio::time::sleep(Duration::from_millis(500)).await;
    push.abort();
    drop(client);
    let objects = fixture.repository.path().join("objects");
    for _ in 0..100 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let left = std::fs::read_dir(&objects).unwrap().count();
        if left == 2 {
            return;
        }
    }
    panic!("the quarantine stayed: {:?}", std::fs::read_dir(&objects).unwrap().collect::<Vec<_>>());
}

#[tokio::test]
async fn gate_does_not_answer_strangers() {
    let fixture = Fixture::new().await;
    let folder = fixture
        .folder
        .path()
        .join("a-folder-with-a-name-so-long-that-no-socket-address-can-hold-it")
        .join("x".repeat(60));
    std::fs::create_dir_all(&folder).unwrap();
    let socket = folder.join("push.sock");
    let _gate = PushGate::listen(&socket, Rules::default()).unwrap();
    let short = fixture.folder.path().join("s");
    std::os::unix::fs::symlink(&socket, &short).unwrap();
    let field = |text: &str| [&u32::try_from(text.len()).unwrap().to_be_bytes(), text.as_bytes()].concat();
    let unknown = ["hearth-push 1", "pre-receive", "deadbeef", "", ""].map(field).concat();
    let framed = [&u32::try_from(unknown.len()).unwrap().to_be_bytes(), unknown.as_slice()].concat();
    for frame in [framed.as_slice(), b"\xff\xff\xff\xff", b"\0\0\0\x02hi", b"GET / HTTP/1.1\r\n"] {
        let mut stream = tokio::net::UnixStream::connect(&short).await.unwrap();
        stream.write_all(frame).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        assert_eq!(answer, b"");
    }
}
