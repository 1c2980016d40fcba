//! Pictures of other hosts, fetched from a real one on loopback.

use std::{
    io::Read as _,
    sync::{Arc, Mutex},
    time::Duration,
};

use hearth_app::{
    App, Limits, Settings, markdown,
    markdown::Links,
    outbound::{Allowed, Outbound, OutboundSettings},
    picture,
    picture::{NoPicture, Picture},
    testing::{Choices, TestHearth},
};
use tokio::{io::AsyncWriteExt as _, net::TcpListener};

use crate::support::head_of;

const PNG: &str =
    "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 3\r\nConnection: close\r\n\r\npng";
const GONE: &str = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/// A host, with the requests that it received.
struct Host {
    port: u16,
    received: Arc<Mutex<Vec<String>>>,
}

impl Host {
    /// Gives these answers in turn; the last one again and again.
    async fn answering(answers: &[&str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let received: Arc<Mutex<Vec<String>>> = Arc::default();
        let seen = Arc::clone(&received);
        let answers: Vec<String> = answers.iter().map(|answer| (*answer).to_owned()).collect();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let request = head_of(&mut stream).await;
                let number = {
                    let mut seen = seen.lock().expect("not poisoned");
                    seen.push(request.to_ascii_lowercase());
                    seen.len() - 1
                };
                let answer = &answers[number.min(answers.len() - 1)];
                stream.write_all(answer.as_bytes()).await.ok();
            }
        });
        Self { port, received }
    }

    fn picture(&self) -> String {
        format!("![badge](http://127.0.0.1:{}/a.png?style=flat)", self.port)
    }

    fn requests(&self) -> Vec<String> {
        self.received.lock().expect("not poisoned").clone()
    }
}

fn bytes(mut picture: Picture) -> String {
    let mut bytes = String::new();
    picture.file.read_to_string(&mut bytes).expect("readable");
    bytes
}

/// A site that may reach loopback.
async fn site(limits: Limits) -> TestHearth {
    rustls::crypto::ring::default_provider().install_default().ok();
    let allowed = Allowed::parse(&["127.0.0.1".to_owned()]).expect("an address");
    let outbound = Outbound::new(OutboundSettings { allowed, proxy: None }).expect("a client");
    TestHearth::with(Choices { outbound: Some(outbound), limits, ..Choices::default() }).await
}

/// The signature and the encoded address of the only picture in a text.
async fn parts(app: &App, text: &str) -> (String, String) {
    let html = markdown::draw(app, text.into(), Links::default()).await;
    let path = html.split("/-/picture/").nth(1).expect("a picture").split('"').next().expect("its end");
    let (signature, address) = path.split_once('/').expect("two parts");
    (signature.to_owned(), address.to_owned())
}

#[tokio::test]
async fn a_picture_is_fetched_once_for_all_readers_and_says_nothing_about_them() {
    let hearth = site(Limits::default()).await;
    let host = Host::answering(&[PNG]).await;
    let (signature, address) = parts(&hearth.app, &host.picture()).await;
    let get = || picture::get(&hearth.app, &signature, &address);
    let (first, second) = tokio::join!(get(), get());
    for picture in [first, second, get().await] {
        let picture = picture.expect("a picture");
        assert!(!picture.fresh_for.is_zero());
        assert_eq!((picture.kind, picture.size_bytes, bytes(picture)), ("image/png", 3, "png".to_owned()));
    }
    let requests = host.requests();
    assert_eq!(requests.len(), 1, "{requests:?}");
    assert!(requests[0].starts_with("get /a.png?style=flat "), "{requests:?}");
    assert!(!requests[0].contains("cookie") && !requests[0].contains("referer"), "{requests:?}");
}

#[tokio::test]
async fn an_old_picture_is_fetched_again_and_kept_when_its_host_is_gone() {
    let hearth = site(Limits::default()).await;
    let newer = PNG.replace("\r\n\r\npng", "\r\n\r\nnew");
    let host = Host::answering(&[PNG, &newer, GONE]).await;
    let (signature, address) = parts(&hearth.app, &host.picture()).await;
    for expected in ["png", "new", "new"] {
        let picture = picture::get(&hearth.app, &signature, &address).await.expect("a picture");
        assert_eq!(bytes(picture), expected);
        hearth.clock.advance(Duration::from_secs(25 * 60 * 60));
    }
    assert_eq!(host.requests().len(), 3);
}

#[tokio::test]
async fn only_what_this_site_has_signed_is_fetched() {
    let hearth = site(Limits::default()).await;
    let host = Host::answering(&[PNG]).await;
    let (signature, address) = parts(&hearth.app, &host.picture()).await;
    let (other, _) = parts(&hearth.app, "![x](https://example.org/a.png)").await;
    for (signature, address) in
        [("", address.as_str()), (&other, &address), (&signature, "aHR0cDovL2E"), (&signature, "%")]
    {
        let refused = picture::get(&hearth.app, signature, address).await.expect_err("not signed");
        assert_eq!(refused, NoPicture::Unsigned);
    }
    assert!(host.requests().is_empty());
}

#[tokio::test]
async fn a_site_that_passes_on_no_pictures_fetches_none() {
    let settings = Settings { external_pictures: false, ..Settings::default() };
    let hearth = TestHearth::with(Choices { settings, ..Choices::default() }).await;
    let (signature, address) =
        parts(&site(Limits::default()).await.app, "![x](https://example.org/a.png)").await;
    let refused = picture::get(&hearth.app, &signature, &address).await.expect_err("turned off");
    assert_eq!(refused, NoPicture::Unsigned);
    let html = markdown::draw(&hearth.app, "![x](https://example.org/a.png)".into(), Links::default()).await;
    assert!(html.contains("<a href=\"https://example.org/a.png\"") && !html.contains("<img"), "{html}");
}

#[tokio::test]
async fn internal_addresses_are_not_asked() {
    rustls::crypto::ring::default_provider().install_default().ok();
    let hearth = TestHearth::new().await;
    let host = Host::answering(&[PNG]).await;
    let (signature, address) = parts(&hearth.app, &host.picture()).await;
    let refused = picture::get(&hearth.app, &signature, &address).await.expect_err("internal");
    assert!(matches!(refused, NoPicture::Failed { .. }), "{refused:?}");
    assert!(host.requests().is_empty());
}

#[tokio::test]
async fn what_is_no_picture_is_not_passed_on_and_its_host_left_alone_for_a_while() {
    let limits = Limits { picture_bytes: 64, ..Limits::default() };
    let hearth = site(limits).await;
    let large =
        format!("HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nConnection: close\r\n\r\n{}", "x".repeat(65));
    let page =
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 3\r\nConnection: close\r\n\r\n<p>";
    for answer in [GONE, page, &large, "nonsense\r\n\r\n", ""] {
        let host = Host::answering(&[answer]).await;
        let (signature, address) = parts(&hearth.app, &host.picture()).await;
        for _ in 0..2 {
            let refused = picture::get(&hearth.app, &signature, &address).await.expect_err("no picture");
            assert!(matches!(refused, NoPicture::Failed { .. }), "{answer}: {refused:?}");
        }
        assert_eq!(host.requests().len(), 1, "{answer}");
    }
}
