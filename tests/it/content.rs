//! What a README shows besides words: formulas, diagrams, badges. The pictures come from a real server on loopback.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::TcpListener,
    thread,
};

use hearth_tests::{Answer, Git, TestServer};

const BADGE: &str =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"90\" height=\"20\"><script>alert(1)</script></svg>";

/// A host of badges.
fn badges() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let head = BufReader::new(&stream).lines().map_while(Result::ok);
            let _lines = head.take_while(|line| !line.is_empty()).count();
            let head =
                "HTTP/1.1 200 OK\r\nContent-Type: image/svg+xml; charset=utf-8\r\nConnection: close\r\n";
            let _ = write!(stream, "{head}Content-Length: {}\r\n\r\n{BADGE}", BADGE.len());
        }
    });
    port
}

fn readme(port: u16) -> String {
    format!(
        "# Digits :rocket:\n\n![build](http://127.0.0.1:{port}/build.svg)\n\nThe loss is $-\\sum_i y_i \\log p_i$.\n\n\
         ```mermaid\nflowchart LR\n  A[Push] --> B[Train]\n```\n\n```dot\ndigraph {{ data -> model }}\n```\n\n\
         ```mermaid\nnonsense\n```\n\n- [x] push\n  - [ ] train\n"
    )
}

/// The address of the first picture whose path begins so.
fn picture(page: &str, beginning: &str) -> String {
    let rest = page
        .split(&format!("src=\"{beginning}"))
        .nth(1)
        .unwrap_or_else(|| panic!("no {beginning} in {page}"));
    format!("{beginning}{}", rest.split('"').next().unwrap_or_default())
}

#[track_caller]
fn assert_inert(answer: &Answer) {
    assert_eq!(answer.header("content-type"), "image/svg+xml");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert!(answer.header("content-security-policy").starts_with("default-src 'none'"));
    assert!(answer.header("content-security-policy").ends_with("sandbox"));
    assert!(answer.header("cache-control").starts_with("private, max-age="));
}

#[test]
fn a_readme_shows_formulas_diagrams_and_badges() {
    let server = TestServer::builder().setting("outbound.allow", "[\"127.0.0.1\"]").start();
    let mei = server.admin("mei");
    mei.create_repository("digits");
    let host = badges();
    let mut git = Git::of(&mei);
    git.begin("digits", &mei.clone_address("digits"), &[("README.md", &readme(host))]);
    let page = server.anonymous().get("/mei/digits").expect(200).body;
    assert!(page.contains("🚀") && page.contains("<math") && page.contains("aria-label=\"train\""), "{page}");
    assert!(!page.contains(&format!("127.0.0.1:{host}")), "no reader contacts the host of the badge: {page}");

    let badge = server.anonymous().get(&picture(&page, "/-/picture/")).expect(200);
    assert_inert(&badge);
    assert_eq!(badge.body, BADGE);

    let flow = server.anonymous().get(&picture(&page, "/-/diagram/mermaid/")).expect(200);
    assert_inert(&flow);
    assert!(flow.body.starts_with("<svg") && flow.body.contains("Train"), "{}", flow.body);
    let graph = server.anonymous().get(&picture(&page, "/-/diagram/graphviz/")).expect(200);
    assert!(graph.body.contains("model"), "{}", graph.body);
    let nonsense = page.rsplit("/-/diagram/mermaid/").next().and_then(|rest| rest.split('"').next()).unwrap();
    let refused = server.anonymous().get(&format!("/-/diagram/mermaid/{nonsense}")).expect(422);
    assert!(refused.body.contains("This diagram cannot be drawn"), "{}", refused.body);
}
