use hearth_core::Permission;
use sha2::{Digest as _, Sha256};

use crate::support::{Site, run};

/// Messages of the protocol: text lines, `-` for a delimiter and `.` for the end of a message.
fn messages(lines: &[&str]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for line in lines {
        match *line {
            "-" => bytes.extend(b"0001"),
            "." => bytes.extend(b"0000"),
            text => bytes.extend(format!("{:04x}{text}\n", text.len() + 5).bytes()),
        }
    }
    bytes
}

fn object_id(content: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(content))
}

#[tokio::test]
async fn an_object_is_sent_verified_and_fetched() {
    let site = Site::new().await;
    site.hearth.private_repository("mei/llm").await;
    let key = site.key_of("mei").await;
    let (client, _serving) = site.signed_in(&key).await;
    // With its line feed, which the messages here end in.
    let content = b"weights\n";
    let (id, size) = (object_id(content), content.len());
    let (one, put) = (format!("{id} {size}"), format!("put-object {id}"));
    let (verify, size_argument) = (format!("verify-object {id}"), format!("size={size}"));
    let sent = messages(&[
        "version 1",
        ".",
        "batch",
        "transfer=ssh",
        "hash-algo=sha256",
        "-",
        &one,
        ".",
        &put,
        &size_argument,
        "-",
        "weights",
        ".",
        &verify,
        &size_argument,
        ".",
        "batch",
        "-",
        &one,
        ".",
        "quit",
        ".",
    ]);
    let done = run(&client, "git-lfs-transfer /mei/llm.git upload", &sent).await;
    let (wanted, kept) = (format!("{one} upload"), format!("{one} noop"));
    let expected = messages(&[
        "version=1",
        "locking",
        ".",
        "status 200",
        ".",
        "status 200",
        "hash-algo=sha256",
        "-",
        &wanted,
        ".",
        "status 200",
        ".",
        "status 200",
        ".",
        "status 200",
        "hash-algo=sha256",
        "-",
        &kept,
        ".",
        "status 200",
        ".",
    ]);
    assert_eq!(String::from_utf8_lossy(&done.out), String::from_utf8_lossy(&expected), "{}", done.err);
    assert_eq!(done.status, Some(0));

    let get = format!("get-object {id}");
    let sent = messages(&["version 1", ".", &get, ".", "get-object a1", ".", "quit", "."]);
    let done = run(&client, "git-lfs-transfer /mei/llm.git download", &sent).await;
    let out = String::from_utf8_lossy(&done.out);
    let expected = messages(&["status 200", &size_argument, "-", "weights", "."]);
    assert!(out.contains(&*String::from_utf8_lossy(&expected)), "{out}");
    assert!(out.contains("status 422"), "a wrong id is said, and the session goes on: {out}");
}

#[tokio::test]
async fn bytes_that_are_not_the_object_are_refused() {
    let site = Site::new().await;
    site.hearth.repository("mei/llm").await;
    let key = site.key_of("mei").await;
    let (client, _serving) = site.signed_in(&key).await;
    let put = format!("put-object {}", object_id(b"other\n"));
    let sent = messages(&[
        "version 1",
        ".",
        &put,
        "size=8",
        "-",
        "weights",
        ".",
        "delete-object x",
        ".",
        "quit",
        ".",
    ]);
    let done = run(&client, "git-lfs-transfer 'mei/llm.git' upload", &sent).await;
    let out = String::from_utf8_lossy(&done.out);
    assert_eq!(out.matches("status 422").count(), 2, "{out}");
    assert_eq!(done.status, Some(0));
}

#[tokio::test]
async fn a_reader_sends_nothing_and_locks_nothing() {
    let site = Site::new().await;
    let llm = site.hearth.private_repository("mei/llm").await;
    site.hearth.user("lin").await;
    site.hearth.permit(&llm, "lin", Permission::Read).await;
    let key = site.key_of("lin").await;
    let (client, _serving) = site.signed_in(&key).await;
    let refused = run(&client, "git-lfs-transfer /mei/llm.git upload", b"").await;
    assert!(refused.status == Some(1) && refused.out.is_empty() && !refused.err.is_empty(), "{refused:?}");
    let sent = messages(&["version 1", ".", "lock", "path=a.bin", ".", "list-lock", ".", "quit", "."]);
    let done = run(&client, "git-lfs-transfer /mei/llm.git lock", &sent).await;
    let out = String::from_utf8_lossy(&done.out);
    assert!(out.contains("status 403") && done.status == Some(0), "{out}");
    let ticket = run(&client, "git-lfs-authenticate mei/llm.git download", b"").await;
    let answer: serde_json::Value = serde_json::from_slice(&ticket.out).expect("JSON");
    assert_eq!(answer["href"], "http://hearth.test/mei/llm.git/info/lfs");
    assert_eq!(run(&client, "git-lfs-authenticate mei/llm.git upload", b"").await.status, Some(1));
}

#[tokio::test]
async fn locks_are_made_listed_and_removed() {
    let site = Site::new().await;
    site.hearth.repository("mei/llm").await;
    let key = site.key_of("mei").await;
    let (client, _serving) = site.signed_in(&key).await;
    let sent = messages(&[
        "version 1",
        ".",
        "lock",
        "path=a.bin",
        ".",
        "lock",
        "path=a.bin",
        ".",
        "list-lock",
        "limit=10",
        ".",
        "unlock 1",
        ".",
        "list-lock",
        ".",
        "quit",
        ".",
    ]);
    let done = run(&client, "git-lfs-transfer /mei/llm.git lock", &sent).await;
    let out = String::from_utf8_lossy(&done.out);
    for part in ["status 201", "status 409", "path=a.bin", "ownername=mei", "owner 1 ours", "path 1 a.bin"] {
        assert!(out.contains(part), "{part}: {out}");
    }
    assert_eq!(done.status, Some(0), "{}", done.err);
}
