use std::process::Stdio;

use hearth_git::{ArchiveFormat, Error, Gunzip, Protocol, Service};
use tokio::io::AsyncReadExt;

use crate::{
    server::{Rules, Server, succeed},
    support::{Fixture, path},
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
    let old = fixture.repository.advertise(Service::UploadPack, Protocol::V0).await.unwrap();
    let old = String::from_utf8(old).unwrap();
    assert!(old.starts_with("001e# service=git-upload-pack\n0000"), "{old}");
    assert!(old.contains(&format!("{commit} refs/heads/main")), "{old}");
    for _ in 0..2 {
        let new = fixture.repository.advertise(Service::UploadPack, Protocol::V2).await.unwrap();
        assert!(String::from_utf8(new).unwrap().starts_with("000eversion 2\n"));
    }
    let push = fixture.repository.advertise(Service::ReceivePack, Protocol::V0).await.unwrap();
    assert!(String::from_utf8(push).unwrap().contains("push-options"));
}

#[tokio::test]
async fn requests_that_are_no_packet_lines_are_refused() {
    let fixture = Fixture::new().await;
    for request in ["", "00", "zzzz", "0003", "+012", "fffffff", "ffff"] {
        let answer = fixture.repository.upload_pack(Protocol::V2, request.as_bytes()).await;
        assert!(matches!(answer, Err(Error::Malformed(_))), "{request}");
    }
    for request in ["0009done\n", "0014command=nonsense", "0032want zzzz\n0000"] {
        let mut text = Vec::new();
        if let Ok(mut answer) = fixture.repository.upload_pack(Protocol::V2, request.as_bytes()).await {
            let _ = answer.read_to_end(&mut text).await;
        }
    }
}

#[tokio::test]
async fn archive_has_the_files_under_the_prefix() {
    let fixture = Fixture::new().await;
    let copy = fixture.working_copy();
    copy.write("src/main.rs", "fn main() {}\n");
    let commit = copy.commit("first");
    copy.push();
    assert_eq!(ArchiveFormat::split("v1.0.tar.gz"), Some(("v1.0", ArchiveFormat::TarGz)));
    assert_eq!(ArchiveFormat::split(".zip"), None);
    let mut bytes = Vec::new();
    let mut archive = fixture.repository.archive(commit, ArchiveFormat::TarGz, &path("demo")).await.unwrap();
    archive.read_to_end(&mut bytes).await.unwrap();
    let mut tar = tokio::process::Command::new("tar")
        .args(["-tzf", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    tokio::io::AsyncWriteExt::write_all(&mut tar.stdin.take().unwrap(), &bytes).await.unwrap();
    let listing = tar.wait_with_output().await.unwrap().stdout;
    assert!(String::from_utf8(listing).unwrap().contains("demo/src/main.rs"));
    let mut zip = Vec::new();
    let mut archive = fixture.repository.archive(commit, ArchiveFormat::Zip, &path("demo")).await.unwrap();
    archive.read_to_end(&mut zip).await.unwrap();
    assert!(zip.starts_with(b"PK"));
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
    let copy = fixture.working_copy();
    let noise: Vec<u8> =
        (0..3_000_000_u32).map(|number| (number.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    copy.write("noise", noise);
    let commit = copy.commit("much");
    copy.push();
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
    // A broken file in the cache is not sent.
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
