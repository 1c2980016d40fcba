//! Redirects.

use hearth_outbound::{
    OutboundError,
    header::{CONTENT_TYPE, HeaderValue},
};

use crate::support::{Names, OUTSIDE, Server, good, outbound, redirect, url};

#[tokio::test]
async fn every_step_is_held_against_the_same_rules() {
    let names = Names::default();
    let inside = Server::saying("127.0.0.1", good("secret")).await;
    names.tell("inside.test", &[&["127.0.0.1"]]);
    let port = inside.port();
    for target in [
        format!("http://127.0.0.1:{port}/"),
        format!("//127.0.0.1:{port}/"),
        format!("http://[::ffff:127.0.0.1]:{port}/"),
        format!("http://2130706433:{port}/"),
        format!("http://inside.test:{port}/"),
        format!("http://localhost:{port}/"),
        "http://169.254.169.254/latest/meta-data".into(),
        "file:///etc/passwd".into(),
        format!("http://mei:secret@{OUTSIDE}:{port}/"),
        "not an address at all: http://".into(),
    ] {
        names.tell("localhost", &[&["127.0.0.1"]]);
        let server = Server::saying(OUTSIDE, redirect(302, &target)).await;
        let asked = url(&format!("http://{OUTSIDE}:{}/", server.port()));
        let refused = outbound(&names).get(asked).redirects(3).send().await;
        assert!(refused.is_err() || refused.is_ok_and(|answer| answer.status() != 200), "{target}");
    }
    assert_eq!(inside.connections(), 0);
}

#[tokio::test]
async fn redirects_end() {
    let names = Names::default();
    let server = Server::saying(OUTSIDE, redirect(302, "/again")).await;
    let outbound = outbound(&names);
    let at = url(&format!("http://{OUTSIDE}:{}/", server.port()));
    let refused = outbound.get(at.clone()).redirects(3).send().await.err();
    assert_eq!((refused, server.connections()), (Some(OutboundError::Redirects(3)), 4));
    let answer = outbound.get(at).send().await.expect("an answer");
    assert_eq!(answer.status(), 302, "whoever follows none sees it");
}

#[tokio::test]
async fn another_host_hears_no_token() {
    let names = Names::default();
    let last = Server::saying(OUTSIDE, good("hello")).await;
    let first = Server::saying(OUTSIDE, redirect(307, &format!("http://{}/", last.address))).await;
    let outbound = outbound(&names);
    let asked = outbound
        .post(url(&format!("http://{}/", first.address)), b"body".to_vec())
        .header(CONTENT_TYPE, HeaderValue::from_static("text/plain"))
        .bearer("token-of-mei")
        .redirects(3);
    assert_eq!(asked.send().await.expect("an answer").bytes(10).await.expect("a body"), b"hello");
    assert!(first.heads()[0].contains("authorization: bearer token-of-mei"));
    let head = &last.heads()[0];
    assert!(!head.contains("token-of-mei") && head.starts_with("post"), "{head}");
}

#[tokio::test]
async fn a_form_that_was_sent_is_not_sent_again_unless_it_is_said_so() {
    let names = Names::default();
    let last = Server::saying(OUTSIDE, good("hello")).await;
    let first = Server::saying(OUTSIDE, redirect(303, &format!("http://{}/", last.address))).await;
    let outbound = outbound(&names);
    outbound
        .post(url(&format!("http://{}/", first.address)), b"body".to_vec())
        .redirects(1)
        .send()
        .await
        .expect("an answer");
    assert!(last.heads()[0].starts_with("get"), "{:?}", last.heads());
}
