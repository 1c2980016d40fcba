//! The server goes down, and comes back.

use std::time::{Duration, Instant};

use hearth_blobs::{BlobId, Condition, Promise};
use hearth_core::{Dependency, Error, Result};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

use crate::support::{LIMIT, bytes, in_s3, open, settings, until};

/// The longest time a response may take while the server is down.
const QUICK: Duration = Duration::from_secs(8);

fn is_unreachable<T: std::fmt::Debug>(answer: &Result<T>) -> bool {
    matches!(answer, Err(Error::Unavailable(Dependency::BlobStore)))
}

#[tokio::test]
async fn while_the_server_is_away_everything_says_so_quickly_and_nothing_counts_as_lost() {
    let mut world = in_s3().await;
    let id = world.put(b"hello").await;
    let server = world.server.as_mut().expect("a server");
    server.stop();
    let begun = Instant::now();
    let blobs = &world.blobs;
    let file = world.folder.path().join("made");
    std::fs::write(&file, b"made").expect("written");
    let other = BlobId::parse(&"0".repeat(64)).expect("an id");
    assert!(is_unreachable(&blobs.find(&id).await));
    assert!(is_unreachable(&blobs.open(&id, 0..5).await));
    assert!(is_unreachable(&blobs.put(&b"new"[..], &Promise::default(), LIMIT).await));
    assert!(is_unreachable(&blobs.link(file, &other, 4, LIMIT).await));
    assert!(is_unreachable(&blobs.renew(&id).await));
    assert!(is_unreachable(&blobs.list_old(0x2c, Duration::ZERO).await));
    assert!(is_unreachable(&blobs.set_aside(&id).await));
    assert!(is_unreachable(&blobs.examine(&id, 0).await), "it is not taken for missing");
    assert!(begun.elapsed() < QUICK * 8, "{:?}", begun.elapsed());

    world.server.as_mut().expect("a server").start_again();
    assert_eq!(world.blobs.examine(&id, 0).await.expect("an answer"), Condition::Sound);
    assert_eq!(world.names(), [id.as_str(), "made"], "nothing is half done");
}

#[tokio::test]
async fn an_upload_goes_on_when_the_server_is_back() {
    let mut world = in_s3().await;
    let content = bytes(30 << 20);
    let id = {
        let elsewhere = crate::support::in_folder().await;
        elsewhere.put(&content).await
    };
    let promise = Promise { id: Some(id.clone()), size_bytes: Some(content.len() as u64) };
    let (mut sender, source) = tokio::io::duplex(1 << 20);
    let blobs = world.blobs.clone();
    let putting = tokio::spawn(async move { blobs.put(source, &promise, LIMIT).await });
    sender.write_all(&content[..9 << 20]).await.expect("taken");
    let server = world.server.as_mut().expect("a server");
    until(|| server.parts() == 1).await;
    server.stop();
    sender.write_all(&content[9 << 20..]).await.expect("taken while the server is away");
    drop(sender);
    tokio::time::sleep(Duration::from_secs(4)).await;
    assert!(!putting.is_finished(), "it waits");
    server.start_again();
    putting.await.expect("ends").expect("stored");
    assert!(world.read(&id).await == content);
    assert_eq!(world.server.as_ref().expect("a server").parts(), 0);
}

#[tokio::test]
async fn a_download_that_breaks_off_goes_on_where_it_was() {
    let mut world = in_s3().await;
    let content = bytes(24 << 20);
    let id = world.put(&content).await;
    let object = world.blobs.find(&id).await.expect("an answer").expect("there");
    let mut reader = object.open().await.expect("opens");
    let mut read = vec![0; 1 << 20];
    reader.read_exact(&mut read).await.expect("readable");
    let server = world.server.as_mut().expect("a server");
    server.stop();
    server.start_again();
    reader.read_to_end(&mut read).await.expect("the rest comes over another connection");
    assert!(read == content);
}

/// A server that accepts connections and never responds is worse than none.
#[tokio::test]
async fn a_server_that_never_answers_is_away() {
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let world = in_s3().await;
    let mut settings = settings(world.server.as_ref().expect("a server"));
    settings.timeouts.stall = Duration::from_secs(1);
    settings.timeouts.answer = Duration::from_secs(3);
    settings.endpoint = format!("http://{}", silent.local_addr().expect("an address"));
    let holding = tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((stream, _)) = silent.accept().await {
            held.push(stream);
        }
    });
    let blobs = open(&settings, world.folder.path()).await;
    let begun = Instant::now();
    let id = BlobId::parse(&"0".repeat(64)).expect("an id");
    assert!(is_unreachable(&blobs.find(&id).await));
    assert!(begun.elapsed() < QUICK, "{:?}", begun.elapsed());
    assert!(is_unreachable(&blobs.put(&b"new"[..], &Promise::default(), LIMIT).await));
    assert!(begun.elapsed() < QUICK * 2, "{:?}", begun.elapsed());
    holding.abort();
}

#[tokio::test]
async fn uploads_that_break_off_while_the_server_is_away_are_forgotten_later() {
    let mut world = in_s3().await;
    let content = bytes(20 << 20);
    let (mut sender, source) = tokio::io::duplex(1 << 20);
    let blobs = world.blobs.clone();
    let promise = Promise { id: BlobId::parse(&"0".repeat(64)), size_bytes: None };
    let putting = tokio::spawn(async move { blobs.put(source, &promise, LIMIT).await });
    sender.write_all(&content[..9 << 20]).await.expect("taken");
    let server = world.server.as_mut().expect("a server");
    until(|| server.parts() == 1).await;
    server.stop();
    drop(sender);
    assert!(matches!(putting.await.expect("ends"), Err(Error::Conflict(_))), "it is not what was promised");
    until(|| {
        std::fs::read_dir(world.folder.path().join("blobs/abandoned-uploads"))
            .is_ok_and(|notes| notes.count() == 1)
    })
    .await;
    let ages = Duration::from_hours(24);
    assert!(is_unreachable(&world.blobs.remove_leftovers(ages, ages).await));
    world.server.as_mut().expect("a server").start_again();
    assert_eq!(world.blobs.remove_leftovers(ages, ages).await.expect("removed"), 1);
    assert_eq!(world.server.as_ref().expect("a server").parts(), 0);
    assert!(world.names().is_empty(), "{:?}", world.names());
}
