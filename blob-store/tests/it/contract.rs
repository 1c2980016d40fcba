//! What holds wherever objects are stored.

use std::{io::Read as _, time::Duration};

use hearth_blobs::{BlobId, Condition, Promise};
use hearth_core::{Conflict, Error, Kind};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::support::{LIMIT, World, both, bytes, until};

const HELLO: &str = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
/// Larger than one part of an upload.
const LARGE: usize = (19 << 20) + 7;

fn hello() -> BlobId {
    BlobId::parse(HELLO).expect("an id")
}

fn promised(id: &BlobId) -> Promise {
    Promise { id: Some(id.clone()), size_bytes: None }
}

#[tokio::test]
async fn what_is_stored_is_read_back() {
    for world in both().await {
        assert!(!world.blobs.exists(&hello()).await.expect("an answer"));
        assert_eq!(world.put(b"hello").await, hello());
        assert_eq!(world.read(&hello()).await, b"hello");
        assert_eq!(world.put(b"hello").await, hello(), "once more changes nothing");
        assert_eq!(world.names(), [HELLO], "nothing else is left");
        let empty = world.put(b"").await;
        assert_eq!(world.read(&empty).await, b"");
    }
}

#[tokio::test]
async fn large_objects_come_in_and_out_whole_with_and_without_a_promise() {
    let content = bytes(LARGE);
    for world in both().await {
        let id = world.put(&content).await;
        assert!(world.read(&id).await == content, "without a promise");
        assert_eq!(
            world
                .blobs
                .remove_unreferenced(vec![id.clone()], Duration::ZERO, async |_| Ok(vec![]))
                .await
                .expect("removed"),
            LARGE as u64
        );
        let promise = Promise { id: Some(id.clone()), size_bytes: Some(LARGE as u64) };
        world.blobs.put(&content[..], &promise, LIMIT).await.expect("stored");
        assert!(world.read(&id).await == content, "with a promise");
        assert_eq!(world.names(), [id.as_str()]);
        assert_eq!(world.blobs.examine(&id, 0).await.expect("an answer"), Condition::Sound);
    }
}

#[tokio::test]
async fn any_part_of_an_object_is_read_by_itself() {
    let content = bytes(1 << 20);
    for world in both().await {
        let id = world.put(&content).await;
        let object = world.blobs.find(&id).await.expect("an answer").expect("there");
        for part in [0..1, 5..5, 7..300_000, (1 << 20) - 3..1 << 20] {
            let mut read = Vec::new();
            let mut reader = object.open_part(part.start as u64..part.end as u64).await.expect("opens");
            reader.read_to_end(&mut read).await.expect("readable");
            assert!(read == content[part.clone()], "{part:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thread_that_blocks_reads_it_too() {
    for world in both().await {
        let id = world.put(b"hello").await;
        let object = world.blobs.find(&id).await.expect("an answer").expect("there");
        let read = tokio::task::spawn_blocking(move || {
            let mut text = String::new();
            object.open_blocking().expect("opens").read_to_string(&mut text).expect("readable");
            text
        });
        assert_eq!(read.await.expect("ends"), "hello");
    }
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    for world in both().await {
        let there = world.put(b"there").await;
        assert!(world.blobs.find(&hello()).await.expect("an answer").is_none());
        let refused = world.blobs.open(&hello(), 0..5).await;
        assert!(matches!(refused, Err(Error::NotFound(Kind::Object))), "{refused:?}");
        let sizes = world.blobs.sizes(vec![hello(), there, hello()]).await.expect("an answer");
        assert_eq!(sizes, [None, Some(5), None]);
        assert_eq!(world.blobs.examine(&hello(), 0).await.expect("an answer"), Condition::Missing);
        assert!(!world.blobs.renew(&hello()).await.expect("an answer"));
    }
}

#[tokio::test]
async fn bytes_that_are_not_as_promised_leave_nothing() {
    let large = bytes(LARGE);
    for world in both().await {
        let none = BlobId::parse(&"0".repeat(64)).expect("an id");
        let longer = Promise { id: Some(hello()), size_bytes: Some(6) };
        let shorter = Promise { id: Some(hello()), size_bytes: Some(4) };
        for promise in [&promised(&none), &longer, &shorter] {
            let refused = world.blobs.put(&b"hello"[..], promise, LIMIT).await;
            assert!(matches!(refused, Err(Error::Conflict(Conflict::HashMismatch))), "{refused:?}");
        }
        let refused = world.blobs.put(&large[..], &promised(&none), LIMIT).await;
        assert!(matches!(refused, Err(Error::Conflict(Conflict::HashMismatch))), "{refused:?}");
        nothing_is_left(&world).await;
    }
}

#[tokio::test]
async fn more_than_the_limit_is_refused() {
    let limit = hearth_core::Limit { most: 1_000, ..LIMIT };
    for world in both().await {
        let refused = world.blobs.put(&[0; 1_001][..], &Promise::default(), limit).await;
        assert!(matches!(refused, Err(Error::TooLarge(told)) if told == limit), "{refused:?}");
        nothing_is_left(&world).await;
    }
}

#[tokio::test]
async fn who_stops_sending_or_waiting_leaves_nothing_or_everything() {
    let content = bytes(LARGE);
    for world in both().await {
        let id = world.put(&content).await;
        remove(&world, &id).await;
        // The future is dropped after each number of steps: before there is a file, while it grows and parts
        // of it are sent, while it is renamed.
        for steps in 0..16_usize {
            let (mut sender, source) = tokio::io::duplex(1 << 20);
            let promise = promised(&id);
            let putting = world.blobs.put(source, &promise, LIMIT);
            let sending = async {
                let most = if steps % 2 == 0 { LARGE } else { LARGE * steps / 16 };
                sender.write_all(&content[..most]).await.ok();
                if steps % 4 == 0 {
                    drop(sender);
                } else {
                    std::future::pending::<()>().await;
                }
            };
            let patience = Duration::from_millis(20 * steps as u64);
            tokio::time::timeout(patience, async { tokio::join!(putting, sending) }).await.ok();
        }
        let is_settled = || world.names().iter().all(|name| name == id.as_str());
        until(is_settled).await;
        if let Some(server) = &world.server {
            until(|| server.parts() == 0).await;
        }
        if world.blobs.exists(&id).await.expect("an answer") {
            assert!(world.read(&id).await == content, "what has a name is whole");
        }
    }
}

#[tokio::test]
async fn a_file_that_was_hashed_here_gets_its_name() {
    let large = bytes(LARGE);
    for world in both().await {
        for content in [&b"hello"[..], &large] {
            let file = world.folder.path().join("made");
            std::fs::write(&file, content).expect("written");
            let id = world.put(content).await;
            remove(&world, &id).await;
            for _ in 0..2 {
                world.blobs.link(file.clone(), &id, content.len() as u64, LIMIT).await.expect("kept");
                assert!(world.read(&id).await == content);
            }
            std::fs::remove_file(&file).expect("removed");
            assert!(world.read(&id).await == content, "it needs the file no more");
        }
    }
}

#[tokio::test]
async fn only_what_nobody_names_or_claims_is_removed() {
    for world in both().await {
        let (named, claimed, left) =
            (world.put(b"named").await, world.put(b"claimed").await, world.put(b"left").await);
        let mut old = Vec::new();
        for outer in 0..=u8::MAX {
            assert!(world.blobs.list_old(outer, Duration::from_hours(1)).await.expect("listed").is_empty());
            old.extend(world.blobs.list_old(outer, Duration::ZERO).await.expect("listed"));
        }
        assert_eq!(old.len(), 3);
        let claim = world.blobs.claim(&claimed).await;
        let one = named.clone();
        let freed = world
            .blobs
            .remove_unreferenced(old.clone(), Duration::ZERO, async |asked| {
                assert!(!asked.contains(&claimed), "nobody need ask");
                Ok(vec![one])
            })
            .await;
        assert_eq!(freed.expect("removed"), 4);
        assert!(!world.blobs.exists(&left).await.expect("an answer"));
        drop(claim);
        let kept = world.blobs.remove_unreferenced(old, Duration::from_hours(1), async |_| Ok(vec![])).await;
        assert_eq!(kept.expect("nothing is that old"), 0);
        assert_eq!(world.read(&named).await, b"named");
        assert_eq!(world.read(&claimed).await, b"claimed");
        assert!(world.blobs.renew(&named).await.expect("an answer"));
    }
}

#[tokio::test]
async fn wrong_bytes_are_found_and_make_room_for_the_right_ones() {
    for world in both().await {
        let id = world.put(b"hello").await;
        damage(&world, &id);
        assert_eq!(world.blobs.examine(&id, 0).await.expect("an answer"), Condition::Changed);
        world.blobs.set_aside(&id).await.expect("aside");
        assert!(!world.blobs.exists(&id).await.expect("an answer"));
        assert_eq!(world.names(), [HELLO], "whoever wants to know finds them");
        world.put(b"hello").await;
        assert_eq!(world.read(&id).await, b"hello");
        assert_eq!(world.blobs.remove_leftovers(Duration::ZERO, Duration::ZERO).await.expect("removed"), 1);
        assert_eq!(world.names(), [HELLO]);
        assert_eq!(world.read(&id).await, b"hello");
    }
}

async fn remove(world: &World, id: &BlobId) {
    let removed =
        world.blobs.remove_unreferenced(vec![id.clone()], Duration::ZERO, async |_| Ok(vec![])).await;
    assert!(removed.expect("removed") > 0);
}

async fn nothing_is_left(world: &World) {
    until(|| world.names().is_empty()).await;
    if let Some(server) = &world.server {
        until(|| server.parts() == 0).await;
    }
}

/// Simulates bit rot.
fn damage(world: &World, id: &BlobId) {
    let path = world.blobs.path(id).unwrap_or_else(|| {
        let place = format!("site/large/{}/{}/{}", &id.as_str()[..2], &id.as_str()[2..4], id.as_str());
        world.server.as_ref().expect("a server").objects().join(place)
    });
    std::fs::write(path, b"jello").expect("written");
}
