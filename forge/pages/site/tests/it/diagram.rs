use axum::http::StatusCode;
use hearth_app::{DrawingProgram, markdown, markdown::Links, testing::Choices};

use crate::site::Site;

/// Where the drawing of a text's only diagram is.
async fn address(site: &Site, text: &str) -> String {
    let html = markdown::draw(&site.hearth.app, text.into(), Links::default()).await;
    html.split("src=\"").nth(1).expect("a picture").split('"').next().expect("its end").to_owned()
}

#[tokio::test]
async fn a_diagram_that_cannot_be_drawn_says_so_in_the_readers_language() {
    // A program that ends without a drawing.
    let drawing = Some(DrawingProgram::new("/bin/false", "draw"));
    let site = Site::with(Choices { drawing, ..Choices::default() }).await;
    let path = address(&site, "```mermaid\nnonsense\n```").await;
    let answer = site.get(&path, "en").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.header("content-type"), "image/svg+xml");
    assert_eq!(
        answer.header("content-security-policy"),
        "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    );
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert!(answer.body.contains("This diagram cannot be drawn"), "{}", answer.body);
    assert!(site.get(&path, "zh-CN").await.body.contains("无法绘制此图"));
}

#[tokio::test]
async fn an_address_that_this_site_has_not_made_draws_nothing() {
    let drawing = Some(DrawingProgram::new("/bin/false", "draw"));
    let site = Site::with(Choices { drawing, ..Choices::default() }).await;
    let path = address(&site, "```mermaid\npie\n```").await;
    let other = address(&site, "```dot\ngraph {}\n```").await;
    let source = path.rsplit('/').next().expect("a source");
    let moved = path.replace("/mermaid/", "/graphviz/");
    let forged = format!("{}/{source}", other.rsplit_once('/').expect("a source").0);
    for path in [moved.as_str(), &forged, "/-/diagram/mermaid/x/x", "/-/diagram/other/x/x"] {
        assert_eq!(site.get(path, "en").await.status, StatusCode::NOT_FOUND, "{path}");
    }
}
