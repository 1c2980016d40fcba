use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use hearth_git::{Capacity, Error, Gunzip, Holder, Protocol, PushGate, PushId, Service, on_behalf_of};
use tokio::io::AsyncReadExt;

use crate::{
    server::{Rules, Server, silent_after, succeed},
    support::{Fixture, WorkingCopy},
};

#[test]
fn only_two_services_and_three_versions_exist() {
    assert_eq!(Service::from_name("git-upload-pack"), Some(Service::UploadPack));
    assert_eq!(Service::from_name("git-upload-archive"), None);
    assert_eq!(Service::from_name("upload-pack"), None);
    for (header, version) in [
        (Some("version=2"), Protocol::V2),
        (Some("version=1:version=2"), Protocol::V2),
        (Some("version=3; rm -rf /"), Protocol::V0),
        (None, Protocol::V0),
    ] {
        assert_eq!(Protocol::from_header(header), version);
    }
}

#[tokio::test]
async fn references_are_advertised_in_the_form_that_http_needs() {
    let fixture = Fixture::new().await;
    let copy = fixture.working_copy();
    copy.write("a", "1");
    let commit = copy.commit("first");
    copy.push();
    let old = advertised(&fixture, Service::UploadPack, Protocol::V0).await;
    assert!(old.starts_with("001e# service=git-upload-pack\n0000"), "{old}");
    assert!(old.contains(&format!("{commit} refs/heads/main")), "{old}");
    for _ in 0..2 {
        let new = advertised(&fixture, Service::UploadPack, Protocol::V2).await;
        assert!(new.starts_with("000eversion 2\n"), "{new}");
    }
    let push = advertised(&fixture, Service::ReceivePack, Protocol::V0).await;
    assert!(push.contains("push-options"), "{push}");
}

async fn advertised(fixture: &Fixture, service: Service, protocol: Protocol) -> String {
    let mut text = String::new();
    let mut references = fixture.repository.advertise(service, protocol).await.unwrap();
    references.read_to_string(&mut text).await.unwrap();
    text
}

#[tokio::test]
async fn requests_that_are_no_packet_lines_are_refused() {
    let fixture = Fixture::new().await;
    for request in ["", "00", "zzzz", "0003", "+012", "fffffff", "ffff"] {
        let answer = fixture.repository.upload_pack(Protocol::V2, request.as_bytes()).await;
        assert!(matches!(answer, Err(Error::Malformed(_))), "{request}");
    }
    // A request that git itself does not understand, or that breaks off, is the client's mistake as well.
    let want = "0032want 0000000000000000000000000000000000000001\n";
    let requests =
        ["0009done\n", "0014command=nonsense", "0032want zzzz\n0000", "0014command=ls-refs\n00", want];
    for request in requests {
        for protocol in [Protocol::V0, Protocol::V2] {
            match fixture.repository.upload_pack(protocol, request.as_bytes()).await {
                Ok(mut answer) => drop(answer.read_to_end(&mut Vec::new()).await),
                Err(error) => assert!(matches!(error, Error::Malformed(_)), "{request}: {error:?}"),
            }
        }
    }
}

#[tokio::test]
async fn a_connection_that_stays_open_is_served_request_by_request() {
    let fixture = Fixture::new().await;
    let copy = fixture.working_copy();
    copy.write("a", "1");
    let commit = copy.commit("first");
    copy.push();
    let list = "0014command=ls-refs\n0000";
    for end in ["0000", ""] {
        let asked = session(&fixture, Protocol::V2, format!("{list}{list}{end}"), 1000).await.unwrap();
        assert!(asked.starts_with("000eversion 2\n"), "{asked}");
        assert_eq!(asked.matches(&format!("{commit} refs/heads/main")).count(), 2, "{asked}");
    }
    let long = session(&fixture, Protocol::V2, list.to_owned(), 10).await;
    assert!(matches!(long, Err(Error::TooLarge { limit: 10 })), "{long:?}");
    let cut = session(&fixture, Protocol::V2, list[..20].to_owned(), 1000).await;
    assert!(matches!(cut, Err(Error::Malformed(_))), "{cut:?}");
    let old = session(&fixture, Protocol::V0, "0000".to_owned(), 1000).await.unwrap();
    assert!(old.contains(&format!("{commit} refs/heads/main")) && !old.contains("# service"), "{old}");
}

/// What a client is told that sends all of `input` at once.
async fn session(
    fixture: &Fixture,
    protocol: Protocol,
    input: String,
    most_bytes: u64,
) -> hearth_git::Result<String> {
    let (input, mut output) = (std::io::Cursor::new(input.into_bytes()), Vec::new());
    fixture.repository.upload_session(protocol, input, &mut output, most_bytes).await?;
    Ok(String::from_utf8_lossy(&output).into_owned())
}

#[tokio::test]
async fn a_push_of_nothing_needs_no_ticket() {
    let fixture = Fixture::new().await;
    for input in ["", "0000"] {
        let mut output = Vec::new();
        let none = || -> hearth_git::PushTicket { panic!("nothing is pushed") };
        let input = input.as_bytes();
        fixture.repository.receive_session(Protocol::V0, input, &mut output, none).await.unwrap();
        assert!(String::from_utf8_lossy(&output).contains("push-options"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_that_are_slow_to_ask_hold_no_place() {
    let fixture =
        Fixture::with(Capacity { transfers: 1, transfers_per_client: 1, ..Capacity::default() }).await;
    let copy = fixture.working_copy();
    copy.write("a", "1");
    copy.commit("first");
    copy.push();
    let server = Server::start(fixture.repository.clone(), fixture.folder.path(), Rules::default()).await;
    let mut slow = Vec::new();
    for n in 0..40_u8 {
        let start: &[u8] = if n % 2 == 0 { b"0032" } else { b"0014command=ls-refs\n0000" };
        let (input, client) = silent_after(start).await;
        let repository = fixture.repository.clone();
        let asking = tokio::spawn(async move { repository.upload_pack(Protocol::V2, input).await.map(drop) });
        slow.push((asking, client));
    }
    let gate = PushGate::listen(&fixture.folder.path().join("slow.sock"), Rules::default()).unwrap();
    for n in 0..8_u8 {
        let (input, client) = silent_after(b"0094").await;
        let ticket = gate.admit(&fixture.repository, PushId::from_random([n; 16]), "mei".to_owned());
        let repository = fixture.repository.clone();
        let asking =
            tokio::spawn(async move { repository.receive_pack(Protocol::V0, input, ticket).await.map(drop) });
        slow.push((asking, client));
    }
    succeed(fixture.folder.path(), &["clone", "-q", &server.url, "clone"]).await;
    for (asking, client) in slow {
        drop(client);
        drop(asking.await.unwrap());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_client_has_its_share_of_the_places_and_others_have_the_rest() {
    let fixture =
        Fixture::with(Capacity { transfers: 3, transfers_per_client: 2, ..Capacity::default() }).await;
    let copy = much(&fixture);
    let greedy = || vec![Holder::address([192, 0, 2, 1].into())];
    let request = clone_request(&copy);
    let mut held = Vec::new();
    for _ in 0..2 {
        let answer = fixture.repository.upload_pack(Protocol::V0, request.as_bytes());
        held.push(on_behalf_of(greedy(), answer).await.unwrap());
    }
    let (repository, again) = (fixture.repository.clone(), request.clone());
    let third = tokio::spawn(async move {
        on_behalf_of(greedy(), repository.upload_pack(Protocol::V0, again.as_bytes())).await.map(drop)
    });
    let other = vec![Holder::address([192, 0, 2, 2].into())];
    drop(
        on_behalf_of(other, fixture.repository.upload_pack(Protocol::V0, request.as_bytes())).await.unwrap(),
    );
    assert!(!third.is_finished());
    drop(held);
    third.await.unwrap().unwrap();
}

/// A pushed commit with more data than pipes hold.
fn much(fixture: &Fixture) -> WorkingCopy {
    let copy = fixture.working_copy();
    copy.write("noise", noise(1, 3_000_000));
    copy.commit("much");
    copy.push();
    copy
}

/// Bytes that do not compress, the same each time.
fn noise(seed: u64, count: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_be_bytes()
    })
    .flatten()
    .take(count)
    .collect()
}

/// The request a fresh clone sends.
fn clone_request(copy: &WorkingCopy) -> String {
    format!("0032want {}\n00000009done\n", copy.head())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_does_not_read_or_hangs_up_disturbs_no_equal_clone() {
    let fixture = Fixture::new().await;
    let copy = much(&fixture);
    let request = clone_request(&copy);
    let server = Server::start(fixture.repository.clone(), fixture.folder.path(), Rules::default()).await;
    // The first of identical clones computes the pack for all; this one takes the first bytes and no more.
    let stalled = fixture.repository.upload_pack(Protocol::V0, request.as_bytes()).await.unwrap();
    let folder = fixture.folder.path();
    for (number, version) in ["protocol.version=0", "protocol.version=2"].into_iter().enumerate() {
        let target = format!("clone{number}");
        succeed(folder, &["-c", version, "clone", "-q", "--bare", &server.url, &target]).await;
        succeed(&folder.join(&target), &["fsck", "--full"]).await;
    }
    drop(stalled);
    // Clients that leave midway leave their packing to those that wait.
    for round in 0..6_u64 {
        std::fs::remove_dir_all(folder.join("repositories/.hearth/packs/1")).unwrap();
        let repository = fixture.repository.clone();
        let again = request.clone();
        let gone =
            tokio::spawn(
                async move { repository.upload_pack(Protocol::V0, again.as_bytes()).await.map(drop) },
            );
        let waiting = fixture.repository.clone();
        let again = request.clone();
        let waits = tokio::spawn(async move {
            let mut pack = Vec::new();
            let mut answer = waiting.upload_pack(Protocol::V0, again.as_bytes()).await.unwrap();
            answer.read_to_end(&mut pack).await.unwrap();
            pack.len()
        });
        tokio::time::sleep(Duration::from_millis(7 * round)).await;
        gone.abort();
        assert!(waits.await.unwrap() > 3_000_000);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn kept_packs_never_have_more_bytes_than_they_may() {
    const MOST: u64 = 3_000_000;
    let fixture = Fixture::with(Capacity { pack_cache_bytes: MOST, ..Capacity::default() }).await;
    let copy = fixture.working_copy();
    for number in 0..6_u32 {
        copy.write(&format!("noise{number}"), noise(u64::from(number) + 1, 700_000));
        copy.commit("more");
    }
    copy.push();
    let server = Server::start(fixture.repository.clone(), fixture.folder.path(), Rules::default()).await;
    let packs = fixture.folder.path().join("repositories/.hearth/packs");
    let watched = packs.clone();
    let is_over = Arc::new(AtomicBool::new(false));
    let highest = {
        let is_over = Arc::clone(&is_over);
        tokio::task::spawn_blocking(move || {
            let mut highest = 0;
            while !is_over.load(Ordering::Relaxed) {
                highest = highest.max(kept_bytes(&watched));
                std::thread::sleep(Duration::from_millis(1));
            }
            highest
        })
    };
    // Clones of different depths are different packs, some of them larger than the cache.
    let clones = (0..12_usize).map(|number| {
        let (folder, url) = (fixture.folder.path().to_owned(), server.url.clone());
        tokio::spawn(async move {
            let (depth, target) = (format!("--depth={}", number % 6 + 1), format!("clone{number}"));
            succeed(&folder, &["clone", "-q", "--bare", &depth, &url, &target]).await;
            succeed(&folder.join(&target), &["fsck", "--full"]).await;
        })
    });
    for clone in clones.collect::<Vec<_>>() {
        clone.await.unwrap();
    }
    is_over.store(true, Ordering::Relaxed);
    let highest = highest.await.unwrap();
    assert!(0 < highest && highest <= MOST, "{highest}");
    let left: Vec<_> =
        std::fs::read_dir(packs.join("1")).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(
        left.iter().all(|path| path.extension().is_some_and(|end| end == "pack" || end == "none")),
        "{left:?}"
    );
}

/// The bytes of all files of the cache.
fn kept_bytes(packs: &std::path::Path) -> u64 {
    let folder = std::fs::read_dir(packs.join("1")).into_iter().flatten().flatten();
    folder.filter_map(|entry| Some(entry.metadata().ok()?.len())).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn clones_are_whole_shallow_or_partial_in_every_version_of_the_protocol() {
    let fixture = Fixture::new().await;
    let copy = fixture.working_copy();
    for number in 0..5 {
        copy.write("a", format!("{number}"));
        copy.write(&format!("folder/{number}"), "x".repeat(1000 * (number + 1)));
        copy.commit(&format!("commit {number}"));
    }
    copy.push();
    let server = Server::start(fixture.repository.clone(), fixture.folder.path(), Rules::default()).await;
    let folder = fixture.folder.path();
    for version in ["0", "1", "2"] {
        let setting = format!("protocol.version={version}");
        let target = format!("whole{version}");
        succeed(folder, &["-c", &setting, "clone", "-q", &server.url, &target]).await;
        assert_eq!(succeed(&folder.join(&target), &["rev-list", "--count", "HEAD"]).await.trim(), "5");
        succeed(&folder.join(&target), &["fsck", "--full", "--strict"]).await;
        let target = format!("shallow{version}");
        succeed(folder, &["-c", &setting, "clone", "-q", "--depth=2", &server.url, &target]).await;
        assert_eq!(succeed(&folder.join(&target), &["rev-list", "--count", "HEAD"]).await.trim(), "2");
        succeed(&folder.join(&target), &["fetch", "-q", "--unshallow"]).await;
        let target = format!("partial{version}");
        succeed(
            folder,
            &["-c", &setting, "clone", "-q", "--filter=blob:none", "--no-checkout", &server.url, &target],
        )
        .await;
        let objects =
            succeed(&folder.join(&target), &["rev-list", "--objects", "--missing=print", "--all"]).await;
        assert_eq!(objects.lines().filter(|line| line.starts_with('?')).count(), 10);
        succeed(&folder.join(&target), &["checkout", "-q", "main"]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn equal_clones_are_packed_once_and_all_are_whole() {
    let fixture = Fixture::new().await;
    let copy = much(&fixture);
    let commit = copy.head();
    let server = Server::start(fixture.repository.clone(), fixture.folder.path(), Rules::default()).await;
    let clone = async |rounds: std::ops::Range<usize>| {
        let tasks: Vec<_> = rounds
            .map(|number| {
                let (folder, url) = (fixture.folder.path().to_owned(), server.url.clone());
                tokio::spawn(async move {
                    let target = format!("clone{number}");
                    succeed(&folder, &["clone", "-q", "--bare", &url, &target]).await;
                    succeed(&folder.join(&target), &["fsck", "--full"]).await;
                    succeed(&folder.join(&target), &["rev-parse", "HEAD"]).await
                })
            })
            .collect();
        for task in tasks {
            assert_eq!(task.await.unwrap().trim(), commit.to_string());
        }
    };
    clone(0..6).await;
    clone(6..7).await;
    let cache = fixture.folder.path().join("repositories/.hearth/packs/1");
    let kept: Vec<_> = std::fs::read_dir(cache).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert_eq!(kept[0].extension().unwrap(), "pack");
    // A corrupt file in the cache is not sent.
    std::fs::write(&kept[0], b"nonsense that is no key").unwrap();
    clone(7..8).await;
}

#[tokio::test]
async fn compressed_request_is_inflated_up_to_its_limit() {
    let fixture = Fixture::new().await;
    let copy = fixture.working_copy();
    copy.write("a", "1");
    copy.commit("first");
    copy.push();
    let gzip = |data: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        std::io::Write::write_all(&mut encoder, data).unwrap();
        std::io::Cursor::new(encoder.finish().unwrap())
    };
    let request = b"0014command=ls-refs\n00010009peel\n0000";
    let input = Gunzip::new(gzip(request), 1000);
    let mut answer = String::new();
    let mut output = fixture.repository.upload_pack(Protocol::V2, input).await.unwrap();
    output.read_to_string(&mut answer).await.unwrap();
    assert!(answer.contains("refs/heads/main"), "{answer}");

    let mut whole = Vec::new();
    let large = vec![7; 10_000_000];
    Gunzip::new(gzip(&large), 10_000_000).read_to_end(&mut whole).await.unwrap();
    assert!(whole == large);
    let bomb = Gunzip::new(gzip(&large), 9_999_999).read_to_end(&mut Vec::new()).await.unwrap_err();
    assert!(matches!(bomb.downcast(), Ok(Error::TooLarge { limit: 9_999_999 })));
    for junk in [&b"not gzip at all"[..], &gzip(&large).into_inner()[..100], b""] {
        let answer = fixture
            .repository
            .upload_pack(Protocol::V2, Gunzip::new(std::io::Cursor::new(junk.to_vec()), 1000))
            .await;
        assert!(answer.is_err());
    }
}
