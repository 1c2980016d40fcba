use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use hearth_app::{
    Access, Unit,
    blobs::Promise,
    release::{
        self, NewRelease, asset,
        upload::{self, Declared},
    },
};
use hearth_core::{BrokenRequest, Conflict, Error, Kind, ReleaseId, Write};
use tokio::io::{AsyncRead, AsyncReadExt as _, ReadBuf};

use crate::{pull_request::World, support::code_of};

/// What a client sends before it hangs up.
pub(super) struct HangsUp(pub(super) &'static [u8]);

impl AsyncRead for HangsUp {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.0.is_empty() {
            return Poll::Ready(Err(io::Error::other(BrokenRequest::Cut)));
        }
        let sent = std::mem::take(&mut self.0);
        buffer.put_slice(sent);
        Poll::Ready(Ok(()))
    }
}

async fn published(world: &World) -> (Access<Write>, ReleaseId) {
    let writing = world.access("mei", "mei/llm", Unit::Releases).await.write().expect("she may write");
    let new = NewRelease { tag: "v1".into(), ..NewRelease::default() };
    let card = release::create(&world.hearth.app, &writing, new).await.expect("published");
    (writing, card.release.id)
}

fn declared(size_bytes: u64, sha256: Option<&str>) -> Declared {
    Declared { name: "weights.bin".into(), size_bytes, sha256: sha256.map(str::to_owned) }
}

/// Nothing is said of the file.
const ANYTHING: Promise = Promise { id: None, size_bytes: None };

/// The SHA-256 of `hello world`.
const HELLO: &str = "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9";

#[tokio::test]
async fn a_broken_upload_keeps_what_has_arrived_and_goes_on() {
    let world = World::new().await;
    let (app, (writing, id)) = (&world.hearth.app, published(&world).await);
    let begun = upload::begin(app, &writing, id, declared(11, Some(HELLO))).await.expect("begun");
    let at = (id, begun.uuid.as_str());
    let broken = upload::append(app, &writing, at, 0, HangsUp(b"hello ")).await;
    assert!(matches!(broken, Err(Error::Request(BrokenRequest::Cut))), "{broken:?}");
    let found = upload::find(app, &writing, id, &begun.uuid).await.expect("it is there");
    assert_eq!(found.received_bytes, 6);
    let again = upload::begin(app, &writing, id, declared(11, Some(HELLO))).await.expect("the same");
    assert_eq!(again.uuid, begun.uuid, "whoever begins anew goes on");

    let elsewhere = upload::append(app, &writing, at, 3, &b"lo world"[..]).await;
    assert!(matches!(elsewhere, Err(Error::Conflict(Conflict::Offset))), "{elsewhere:?}");
    let early = upload::finish(app, &writing, id, &begun.uuid).await;
    assert!(matches!(early, Err(Error::Conflict(Conflict::Offset))), "{early:?}");
    let more = upload::append(app, &writing, at, 6, &b"world and more"[..]).await;
    assert_eq!(code_of(more), Some(("size", "more-than-declared")));
    upload::append(app, &writing, at, 6, &b"world"[..]).await.expect("it continues");
    let made = upload::finish(app, &writing, id, &begun.uuid).await.expect("a file");
    assert_eq!((made.size_bytes, made.sha256.as_str()), (11, HELLO));
    let access = world.access("bo", "mei/llm", Unit::Releases).await;
    let (_, object) = asset::open(app, &access, "v1", "weights.bin").await.expect("it is there");
    let mut text = String::new();
    object.open().await.expect("readable").read_to_string(&mut text).await.expect("text");
    assert_eq!(text, "hello world");
    let over = upload::find(app, &writing, id, &begun.uuid).await;
    assert!(matches!(over, Err(Error::NotFound(Kind::Upload))), "{over:?}");
}

#[tokio::test]
async fn bytes_that_are_not_those_declared_become_no_file() {
    let world = World::new().await;
    let (app, (writing, id)) = (&world.hearth.app, published(&world).await);
    let begun = upload::begin(app, &writing, id, declared(5, Some(HELLO))).await.expect("begun");
    upload::append(app, &writing, (id, &begun.uuid), 0, &b"other"[..]).await.expect("taken");
    let refused = upload::finish(app, &writing, id, &begun.uuid).await;
    assert!(matches!(refused, Err(Error::Conflict(Conflict::HashMismatch))), "{refused:?}");
    let card = release::find(app, &world.access("mei", "mei/llm", Unit::Releases).await, id).await;
    assert!(card.expect("it is there").assets.is_empty());
    let wrong = upload::begin(app, &writing, id, declared(5, Some("no hash"))).await;
    assert_eq!(code_of(wrong), Some(("sha256", "malformed")));
}

#[tokio::test]
async fn a_name_is_taken_once_and_nobody_finishes_for_others() {
    let world = World::new().await;
    let (app, (writing, id)) = (&world.hearth.app, published(&world).await);
    let add = |name: &'static str| asset::add(app, &writing, id, name, &ANYTHING, &b"a"[..]);
    let first = add("a.bin").await.expect("added");
    let taken = add("a.bin").await;
    assert!(matches!(taken, Err(Error::Conflict(Conflict::AssetTaken))), "{taken:?}");
    add("../b.bin").await.expect("added");
    let renamed = asset::rename(app, &writing, id, first.id, "b.bin").await;
    assert!(matches!(renamed, Err(Error::Conflict(Conflict::AssetTaken))), "{renamed:?}");
    let begun = upload::begin(app, &writing, id, declared(1, None)).await.expect("begun");
    let bo = world.access("bo", "mei/llm", Unit::Releases).await.write().expect("he may write");
    let others = upload::find(app, &bo, id, &begun.uuid).await;
    assert!(matches!(others, Err(Error::NotFound(Kind::Upload))), "{others:?}");
    asset::remove(app, &writing, id, first.id).await.expect("removed");
}
