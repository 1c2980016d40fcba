//! Pushes during which something changes.

use data_encoding::BASE64;
use hearth_app::{Unit, access, repository, repository::archive_state};
use hearth_core::{Permission, RepositoryKind};
use hearth_git::BranchName;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::listener::{Listener, wait_until};

/// A part of a body whose length is not known at first.
async fn send(stream: &mut TcpStream, bytes: &[u8]) {
    let chunk = [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat();
    stream.write_all(&chunk).await.expect("the server listens");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_archived_during_a_push_takes_nothing_of_it() {
    let server = Listener::start().await;
    let row = server.hearth.repository("mei/llm").await;
    server.hearth.user("bo").await;
    server.hearth.permit(&row, "bo", Permission::Write).await;
    let url = server.url_of("bo", "mei/llm.git").await;
    let credentials = url.split(['/', '@']).nth(2).expect("they are in the address").to_owned();
    let work = server.work(&url, "work", &[("a", b"1\n")]).await;
    let id = server.good(&server.git(&work, &["rev-parse", "HEAD"]).await).trim().to_owned();
    let pack = server.git(&work, &["pack-objects", "--all", "--stdout", "-q"]).await.stdout;

    let mut stream = TcpStream::connect(&server.address).await.expect("the server listens");
    let head = format!(
        "POST /mei/llm.git/git-receive-pack HTTP/1.1\r\nHost: {}\r\nAuthorization: Basic {}\r\n\
         Content-Type: application/x-git-receive-pack-request\r\nConnection: close\r\n\
         Transfer-Encoding: chunked\r\n\r\n",
        server.address,
        BASE64.encode(credentials.as_bytes()),
    );
    stream.write_all(head.as_bytes()).await.expect("the server listens");
    let command = format!("{} {id} refs/heads/work\0 report-status side-band-64k", "0".repeat(40));
    send(&mut stream, format!("{:04x}{command}0000", command.len() + 4).as_bytes()).await;
    let (start, rest) = pack.split_at(pack.len() / 2);
    send(&mut stream, start).await;
    wait_until("git receives the push", || !server.quarantines(row.id).is_empty()).await;

    let (app, mei) = (&server.hearth.app, server.hearth.actor("mei").await);
    let entered = access::open(app, &mei, Unit::Settings, RepositoryKind::Code, "mei", "llm").await;
    let own = entered.expect("hers").administer().expect("the owner");
    archive_state::archive(app, &own).await.expect("archived");

    send(&mut stream, rest).await;
    stream.write_all(b"0\r\n\r\n").await.expect("the server listens");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("an answer");
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.contains("Your access to this repository has changed"), "{answer}");
    let files = repository::git(app, &row).await.expect("files");
    let name = BranchName::new("work").expect("a good name");
    assert_eq!(files.run(move |git| git.branch(&name)).await.expect("an answer"), None);
}
