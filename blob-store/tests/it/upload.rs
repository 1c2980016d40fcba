//! Multipart uploads that are interrupted.

use hearth_blobs::Promise;
use tokio::io::AsyncWriteExt as _;

use crate::support::{LIMIT, bytes, in_s3, open, settings, until};

const LARGE: usize = 20 << 20;

/// A killed process leaves parts that the server keeps for ever, where nobody sees them. The next process
/// removes them.
#[tokio::test]
async fn parts_of_a_killed_process_are_removed_by_the_next_one() {
    let world = in_s3().await;
    let server = world.server.as_ref().expect("a server");
    let content = bytes(LARGE);
    let id = world.put(&content).await;
    let promise = Promise { id: Some(id.clone()), size_bytes: None };
    let (mut sender, source) = tokio::io::duplex(1 << 20);
    let blobs = world.blobs.clone();
    let putting = tokio::spawn(async move { blobs.put(source, &promise, LIMIT).await });
    sender.write_all(&content[..LARGE - 1]).await.expect("taken");
    until(|| server.parts() == 2).await;

    // The other process finds the same folder, as after a kill.
    let next = open(&settings(server), world.folder.path()).await;
    next.clear_incoming().await.expect("cleared");
    assert_eq!(server.parts(), 2, "a server that is away does not keep the next process from starting");
    let ages = std::time::Duration::from_hours(24);
    assert_eq!(next.remove_leftovers(ages, ages).await.expect("removed"), 1);
    assert_eq!(server.parts(), 0);
    putting.abort();
}

/// Parts are read from the disk when it is their turn: neither a slow server nor a fast client fills the
/// memory.
#[tokio::test]
async fn many_uploads_at_once_arrive_whole() {
    let world = in_s3().await;
    let mut uploads = tokio::task::JoinSet::new();
    for number in 0..6_u8 {
        let mut content = bytes(17 << 20);
        content[0] = number;
        let blobs = world.blobs.clone();
        uploads.spawn(async move {
            let stored = blobs.put(&content[..], &Promise::default(), LIMIT).await.expect("stored");
            (stored.id, content)
        });
    }
    for (id, content) in uploads.join_all().await {
        assert!(world.read(&id).await == content);
    }
    assert_eq!(world.server.as_ref().expect("a server").parts(), 0);
}
