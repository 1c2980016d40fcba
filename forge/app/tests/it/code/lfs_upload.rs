use hearth_app::{
    Access, Limits, Unit, audit,
    blobs::BlobId,
    jobs::{self, RemoveIdleUploads},
    lfs,
    lfs_parts::{self, InParts, Sent},
    lfs_quota,
    lfs_upload::{self, Declared},
    testing::{Choices, TestHearth},
};
use hearth_core::{Action, Conflict, Error, Kind, PageRequest, Push};

use super::upload::HangsUp;
use crate::{pull_request::World, support::code_of};

/// The SHA-256 of `hello world`.
const HELLO: &str = "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9";

fn declared(oid: &str, size_bytes: u64) -> Declared {
    Declared { oid: BlobId::parse(oid).expect("an id"), size_bytes }
}

async fn pushing(world: &World) -> Access<Push> {
    world.access("mei", "mei/llm", Unit::Code).await.push().expect("she may push")
}

#[tokio::test]
async fn an_object_goes_on_where_it_was_cut() {
    let world = World::new().await;
    let (app, access, hello) = (&world.hearth.app, pushing(&world).await, declared(HELLO, 11));
    assert_eq!(lfs_upload::offset(app, &access, &hello).await.expect("an offset"), 0);
    let cut = lfs_upload::append(app, &access, &hello, 0, HangsUp(b"hello")).await;
    assert!(matches!(cut, Err(Error::Request(_))), "{cut:?}");
    assert_eq!(lfs_upload::offset(app, &access, &hello).await.expect("an offset"), 5);
    let again = lfs_upload::append(app, &access, &hello, 0, &b"hello"[..]).await;
    assert!(matches!(again, Err(Error::Conflict(Conflict::Offset))), "{again:?}");
    let end = lfs_upload::append(app, &access, &hello, 5, &b" world"[..]).await.expect("appended");
    assert_eq!((end, lfs_upload::offset(app, &access, &hello).await.expect("an offset")), (11, 11));
    let reading = world.access("mei", "mei/llm", Unit::Code).await;
    lfs::verify(app, &reading, &hello.oid, 11).await.expect("it is there");
}

#[tokio::test]
async fn bytes_with_another_hash_are_not_kept_and_more_than_declared_are_not_taken() {
    let world = World::new().await;
    let (app, access, hello) = (&world.hearth.app, pushing(&world).await, declared(HELLO, 11));
    let more = lfs_upload::append(app, &access, &hello, 0, &b"hello world!"[..]).await;
    assert_eq!(code_of(more), Some(("size", "more-than-declared")));
    let wrong = lfs_upload::append(app, &access, &hello, 0, &b"hello wordl"[..]).await;
    assert!(matches!(wrong, Err(Error::Conflict(Conflict::HashMismatch))), "{wrong:?}");
    assert_eq!(lfs_upload::offset(app, &access, &hello).await.expect("an offset"), 0);
}

#[tokio::test]
async fn an_owner_has_room_for_so_much_and_each_object_counts_once() {
    let limits = Limits { owner_lfs_bytes: 16, ..Limits::default() };
    let world = World::of(TestHearth::with(Choices { limits, ..Choices::default() }).await).await;
    let (app, access) = (&world.hearth.app, pushing(&world).await);
    // What was begun has its room.
    let hello = declared(HELLO, 11);
    let cut = lfs_upload::append(app, &access, &hello, 0, HangsUp(b"hello")).await;
    assert!(matches!(cut, Err(Error::Request(_))), "{cut:?}");
    let id = BlobId::parse(&"ab".repeat(32)).expect("an id");
    let other = Declared { oid: id, size_bytes: 6 };
    let refused = lfs_upload::append(app, &access, &other, 0, &b"abcdef"[..]).await;
    assert!(matches!(&refused, Err(Error::QuotaSpent(quota)) if quota.most == 16), "{refused:?}");
    lfs_upload::append(app, &access, &hello, 5, &b" world"[..]).await.expect("appended");

    world.hearth.repository("mei/other").await;
    let second = world.access("mei", "mei/other", Unit::Code).await.push().expect("she may push");
    lfs::store(app, &second, &hello.oid, Some(11), &b"hello world"[..]).await.expect("it counts once");
}

fn in_parts(declared: &Declared, part_bytes: u64) -> InParts {
    InParts { declared: declared.clone(), part_bytes }
}

#[tokio::test]
async fn parts_of_another_hash_are_given_up_together() {
    let world = World::new().await;
    let (app, access, hello) = (&world.hearth.app, pushing(&world).await, declared(HELLO, 11));
    let object = in_parts(&hello, 6);
    lfs_parts::receive(app, &access, &object, 1, &b"hello "[..]).await.expect("received");
    let second = lfs_parts::receive(app, &access, &object, 2, &b"wordl"[..]).await.expect("received");
    let sent = [Sent { number: 2, hash: second.as_str().to_owned() }];
    let wrong = lfs_parts::complete(app, &access, &object, &sent).await;
    assert!(matches!(wrong, Err(Error::Conflict(Conflict::HashMismatch))), "{wrong:?}");
    assert_eq!(lfs_parts::find(app, &access, &object, 1).await.expect("an answer"), None);
    let again = lfs_parts::complete(app, &access, &object, &sent).await;
    assert!(matches!(again, Err(Error::NotFound(Kind::Upload))), "{again:?}");
}

#[tokio::test]
async fn a_part_that_is_cut_is_sent_again_and_the_others_are_kept() {
    let world = World::new().await;
    let (app, access, hello) = (&world.hearth.app, pushing(&world).await, declared(HELLO, 11));
    let object = in_parts(&hello, 6);
    let second = lfs_parts::receive(app, &access, &object, 2, &b"world"[..]).await.expect("received");
    let cut = lfs_parts::receive(app, &access, &object, 1, HangsUp(b"hel")).await;
    assert!(matches!(cut, Err(Error::Request(_))), "{cut:?}");
    assert_eq!(lfs_parts::find(app, &access, &object, 1).await.expect("an answer"), None);
    let found = lfs_parts::find(app, &access, &object, 2).await.expect("an answer");
    assert_eq!(found.as_deref(), Some(second.as_str()));
    assert_eq!(code_of(lfs_parts::complete(app, &access, &object, &[]).await), Some(("parts", "missing")));
    // Bytes that were sent wrongly are replaced.
    lfs_parts::receive(app, &access, &object, 1, &b"hallo "[..]).await.expect("received");
    lfs_parts::receive(app, &access, &object, 1, &b"hello "[..]).await.expect("received");
    lfs_parts::complete(app, &access, &object, &[]).await.expect("joined");
    let reading = world.access("mei", "mei/llm", Unit::Code).await;
    lfs::verify(app, &reading, &hello.oid, 11).await.expect("it is there");
    world.hearth.run_jobs().await;
    lfs::verify(app, &reading, &hello.oid, 11).await.expect("it stays");
}

#[tokio::test]
async fn an_upload_begins_anew_in_parts_of_another_size() {
    let world = World::new().await;
    let (app, access, hello) = (&world.hearth.app, pushing(&world).await, declared(HELLO, 11));
    let cut = lfs_upload::append(app, &access, &hello, 0, HangsUp(b"hello")).await;
    assert!(matches!(cut, Err(Error::Request(_))), "{cut:?}");
    let object = in_parts(&hello, 6);
    lfs_parts::receive(app, &access, &object, 2, &b"world"[..]).await.expect("received");
    assert_eq!(lfs_upload::offset(app, &access, &hello).await.expect("an offset"), 0);
    lfs_upload::append(app, &access, &hello, 0, &b"hello world"[..]).await.expect("appended");
    // What is there is not asked for again.
    lfs_parts::complete(app, &access, &object, &[]).await.expect("there");
}

#[tokio::test]
async fn parts_take_room_as_soon_as_the_first_one_comes_and_give_it_back_when_they_are_abandoned() {
    let limits = Limits { owner_lfs_bytes: 16, ..Limits::default() };
    let world = World::of(TestHearth::with(Choices { limits, ..Choices::default() }).await).await;
    let (app, access) = (&world.hearth.app, pushing(&world).await);
    let object = in_parts(&declared(HELLO, 11), 6);
    lfs_parts::receive(app, &access, &object, 1, &b"hello "[..]).await.expect("received");
    let id = BlobId::parse(&"ab".repeat(32)).expect("an id");
    let other = in_parts(&Declared { oid: id, size_bytes: 6 }, 6);
    let refused = lfs_parts::receive(app, &access, &other, 1, &b"abcdef"[..]).await;
    assert!(matches!(&refused, Err(Error::QuotaSpent(quota)) if quota.most == 16), "{refused:?}");
    world.hearth.clock.advance(std::time::Duration::from_hours(8 * 24));
    jobs::enqueue(app, &RemoveIdleUploads {}).await.expect("enqueued");
    world.hearth.run_jobs().await;
    lfs_parts::receive(app, &access, &other, 1, &b"abcdef"[..]).await.expect("there is room again");
}

#[tokio::test]
async fn an_administrator_gives_an_owner_another_limit_and_the_audit_log_says_so() {
    let limits = Limits { owner_lfs_bytes: 10, ..Limits::default() };
    let world = World::of(TestHearth::with(Choices { limits, ..Choices::default() }).await).await;
    let (app, access) = (&world.hearth.app, pushing(&world).await);
    world.hearth.admin("boss").await;
    let (boss, mei) = (world.hearth.actor("boss").await, world.hearth.actor("mei").await);
    let hello = declared(HELLO, 11);
    let refused = lfs_upload::append(app, &access, &hello, 0, &b"hello world"[..]).await;
    assert!(matches!(&refused, Err(Error::QuotaSpent(quota)) if quota.most == 10), "{refused:?}");
    let own = lfs_quota::set(app, &mei, "mei", Some(0)).await;
    assert!(matches!(own, Err(Error::Forbidden(Action::AdministerSite))), "{own:?}");
    assert_eq!(code_of(lfs_quota::set(app, &boss, "no", None).await), Some(("owner", "unknown-account")));

    let room = lfs_quota::set(app, &boss, "MEI", Some(11)).await.expect("set");
    assert_eq!((room.owner.as_str(), room.usage.most_bytes, room.is_own), ("mei", 11, true));
    lfs_upload::append(app, &access, &hello, 0, &b"hello world"[..]).await.expect("there is room");
    assert_eq!(lfs_quota::list(app, &boss).await.expect("a list").len(), 1);
    for _ in 0..2 {
        let room = lfs_quota::set(app, &boss, "mei", None).await.expect("set");
        assert_eq!((room.usage.used_bytes, room.usage.most_bytes, room.is_own), (11, 10, false));
    }
    assert!(lfs_quota::list(app, &boss).await.expect("a list").is_empty());

    let filter = audit::Filter { kind: Some("quota".into()), ..audit::Filter::default() };
    let log = audit::list(app, &boss, &filter, PageRequest::default()).await.expect("a list");
    let said: Vec<_> = log
        .items
        .iter()
        .map(|entry| (entry.subject.as_str(), entry.after.as_ref().map(|after| after.0.clone())))
        .collect();
    let limit = |bytes: Option<u64>| Some(serde_json::json!({ "large_file_bytes": bytes }));
    assert_eq!(said, [("mei", limit(None)), ("mei", limit(Some(11)))], "what changes nothing is not said");
}
