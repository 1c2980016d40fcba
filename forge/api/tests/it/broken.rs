//! Requests whose clients stop sending or hang up in the middle of the body.

use std::io::Write as _;

use axum::{
    body::{Body, Bytes},
    http::Request,
};
use flate2::{Compression, write::GzEncoder};
use futures_util::stream;
use hearth_app::testing::TestHearth;
use hearth_core::BrokenRequest;

use crate::client::{Answer, Client};

const OID: &str = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

/// Every kind of body that a program sends, and how it begins.
fn beginnings() -> Vec<(&'static str, String, Vec<u8>)> {
    let commands = format!("{0} {1} refs/heads/x\0 report-status", "0".repeat(40), "a".repeat(40));
    let commands = format!("{:04x}{commands}0000", commands.len() + 4);
    vec![
        ("POST", "/api/v1/repos/mei/llm/issues".into(), b"{\"title\"".to_vec()),
        ("POST", "/api/v1/repos/mei/llm/contents/a.txt".into(), b"{\"content\": \"".to_vec()),
        ("POST", "/mei/llm.git/info/lfs/objects/batch".into(), b"{\"operation\"".to_vec()),
        ("POST", "/mei/llm.git/info/lfs/verify".into(), b"{\"oid\"".to_vec()),
        ("POST", "/mei/llm.git/info/lfs/locks".into(), b"{\"path\"".to_vec()),
        ("PUT", format!("/mei/llm.git/info/lfs/objects/{OID}"), b"hel".to_vec()),
        ("POST", "/mei/llm.git/git-upload-pack".into(), b"0014comm".to_vec()),
        ("POST", "/mei/llm.git/git-upload-pack".into(), b"0014command=ls-refs\n0000".to_vec()),
        ("POST", "/mei/llm.git/git-receive-pack".into(), b"00a0".to_vec()),
        ("POST", "/mei/llm.git/git-receive-pack".into(), commands.into_bytes()),
    ]
}

async fn send(
    client: &Client,
    method: &str,
    path: &str,
    start: Vec<u8>,
    end: Option<BrokenRequest>,
) -> Answer {
    let pieces = [Some(Ok(Bytes::from(start))), end.map(Err)];
    let body = Body::from_stream(stream::iter(pieces.into_iter().flatten()));
    let request = Request::builder().method(method).uri(path).header("content-type", "application/json");
    client.call_with(request, body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_breaks_off_is_no_fault_of_ours_whatever_it_was() {
    let hearth = TestHearth::new().await;
    hearth.repository("mei/llm").await;
    let mei = Client::with_token(&hearth, "mei", "all").await;
    for (broken, status) in [(BrokenRequest::Stalled, 408), (BrokenRequest::Cut, 400)] {
        for (method, path, start) in beginnings() {
            let answer = send(&mei, method, &path, start, Some(broken)).await;
            assert_eq!(answer.status.as_u16(), status, "{method} {path}: {answer:?}");
        }
    }
    let answer =
        send(&mei, "POST", "/api/v1/repos/mei/llm/issues", b"{".to_vec(), Some(BrokenRequest::Stalled)).await;
    assert_eq!(answer.json()["code"], "request-stalled");
    let id = hearth_app::blobs::BlobId::parse(OID).expect("an id");
    assert!(!hearth.app.blobs().exists(&id).await.expect("an answer"), "nothing was stored");
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_of_git_that_are_cut_or_badly_compressed_are_refused() {
    let hearth = TestHearth::new().await;
    hearth.repository("mei/llm").await;
    let mei = Client::with_token(&hearth, "mei", "all").await;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(&b"0014command=ls-refs\n".repeat(20)).expect("memory takes everything");
    let gzip = encoder.finish().expect("memory takes everything");
    let mut twice = gzip.clone();
    twice.extend_from_slice(b"and more");
    for service in ["git-upload-pack", "git-receive-pack"] {
        for body in [&gzip[..gzip.len() / 2], b"not gzip at all", b"", &twice] {
            let request = Request::builder().method("POST").uri(format!("/mei/llm.git/{service}"));
            let request = request.header("content-encoding", "gzip");
            let answer = mei.call_with(request, Body::from(body.to_vec())).await;
            assert_eq!(answer.status.as_u16(), 400, "{service}: {answer:?}");
        }
        for body in ["", "00", "0014comm", "0014command=ls-refs\n00", "zzzz", "0003"] {
            let answer = send(&mei, "POST", &format!("/mei/llm.git/{service}"), body.into(), None).await;
            assert_eq!(answer.status.as_u16(), 400, "{service} {body}: {answer:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_of_git_has_a_limit_that_it_names() {
    let limits = hearth_app::Limits { fetch_bytes: 1000, push_bytes: 1000, ..hearth_app::Limits::default() };
    let choices = hearth_app::testing::Choices { limits, ..Default::default() };
    let hearth = TestHearth::with(choices).await;
    hearth.repository("mei/llm").await;
    let mei = Client::with_token(&hearth, "mei", "all").await;
    for (service, key) in
        [("git-upload-pack", "limits.fetch_bytes"), ("git-receive-pack", "limits.push_bytes")]
    {
        let long = b"0014command=ls-refs\n".repeat(100);
        let answer = send(&mei, "POST", &format!("/mei/llm.git/{service}"), long, None).await;
        assert_eq!(answer.status.as_u16(), 413, "{answer:?}");
        assert!(String::from_utf8_lossy(&answer.body).contains(key), "{answer:?}");
    }
}
