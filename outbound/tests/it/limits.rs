//! Responses that do not end, or not soon.

use std::{
    io::Write as _,
    time::{Duration, Instant},
};

use flate2::{Compression, write::GzEncoder};
use hearth_outbound::OutboundError;
use tokio::io::AsyncWriteExt as _;

use crate::support::{Names, OUTSIDE, Server, outbound, url};

const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
const PATIENCE: Duration = Duration::from_millis(1_500);
const SOON: Duration = Duration::from_secs(4);

async fn body_of(server: &Server, most_bytes: usize) -> Result<Vec<u8>, OutboundError> {
    let outbound = outbound(&Names::default());
    let asked = outbound.get(url(&format!("http://{OUTSIDE}:{}/", server.port()))).within(PATIENCE);
    asked.send().await?.bytes(most_bytes).await
}

#[tokio::test]
async fn an_endless_body_ends_at_its_bound() {
    let server = Server::doing(OUTSIDE, |mut stream| async move {
        stream.write_all(HEAD).await.ok();
        let chunk = [b"10000\r\n".as_slice(), &vec![b'x'; 65_536], b"\r\n"].concat();
        while stream.write_all(&chunk).await.is_ok() {}
    })
    .await;
    let refused = body_of(&server, 1 << 20).await;
    assert_eq!(refused, Err(OutboundError::TooLarge { most_bytes: 1 << 20 }));
}

#[tokio::test]
async fn an_announced_body_that_is_too_large_is_not_read() {
    let server = Server::saying(OUTSIDE, "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\nx").await;
    assert_eq!(body_of(&server, 1_000).await, Err(OutboundError::TooLarge { most_bytes: 1_000 }));
}

#[tokio::test]
async fn bytes_that_come_one_by_one_for_ever_end_in_time() {
    let server = Server::doing(OUTSIDE, |mut stream| async move {
        stream.write_all(HEAD).await.ok();
        while stream.write_all(b"1\r\nx\r\n").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await;
    let begun = Instant::now();
    assert_eq!(body_of(&server, 1 << 20).await, Err(OutboundError::TooSlow(1)));
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_head_that_never_comes_or_never_ends_ends_in_time() {
    let silent = Server::doing(OUTSIDE, |stream| async move {
        tokio::time::sleep(Duration::from_secs(60)).await;
        drop(stream);
    })
    .await;
    let endless = Server::doing(OUTSIDE, |mut stream| async move {
        stream.write_all(b"HTTP/1.1 200 OK\r\n").await.ok();
        while stream.write_all(b"X-More: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n").await.is_ok() {}
    })
    .await;
    let begun = Instant::now();
    assert_eq!(body_of(&silent, 1_000).await, Err(OutboundError::TooSlow(1)));
    assert!(body_of(&endless, 1_000).await.is_err());
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
}

/// A megabyte of zeros compresses to a kilobyte: responses are not decompressed, so they cannot grow.
#[tokio::test]
async fn a_bomb_is_not_unpacked() {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(&vec![0; 50 << 20]).expect("memory takes everything");
    let packed = packed.finish().expect("memory takes everything");
    for encoding in ["gzip", "deflate", "br", "zstd"] {
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\nContent-Length: {}\r\n\r\n",
            packed.len()
        );
        let server = Server::saying(OUTSIDE, [head.as_bytes(), &packed].concat()).await;
        assert_eq!(body_of(&server, 1 << 20).await, Err(OutboundError::Compressed));
    }
}

#[tokio::test]
async fn what_is_no_http_is_no_answer() {
    for nonsense in ["SSH-2.0-OpenSSH\r\n", "", "HTTP/1.1 abc\r\n\r\n"] {
        let server = Server::saying(OUTSIDE, nonsense).await;
        let refused = body_of(&server, 1_000).await;
        assert!(matches!(refused, Err(OutboundError::Unreachable(_))), "{refused:?}");
    }
}
