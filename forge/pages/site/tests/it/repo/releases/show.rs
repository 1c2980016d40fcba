use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};

use super::publish;
use crate::repo::project;

const SHOW: &str = "/mei/llm/releases/tag/v1";
const FILE: &str = "/mei/llm/releases/download/v1/weights.bin";

#[tokio::test]
async fn a_file_is_added_downloaded_in_parts_and_deleted() {
    let site = project().await;
    let mei = publish(&site, "v1").await;
    let page = mei.get(SHOW).await;
    let assets = page.between("enctype=\"multipart/form-data\" action=\"", "\"").to_owned();
    let added = mei.post_files(SHOW, &assets, &[], &[("weights.bin", "0123456789")]).await;
    assert_eq!((added.status, added.header("location")), (StatusCode::SEE_OTHER, SHOW), "{}", added.body);
    let page = site.get(SHOW, "en").await;
    assert!(page.body.contains(FILE) && page.body.contains("SHA-256"), "{}", page.body);
    assert!(!page.body.contains("type=\"file\""), "visitors add nothing");

    let whole = site.get(FILE, "en").await;
    assert_eq!((whole.status, whole.body.as_str()), (StatusCode::OK, "0123456789"));
    assert!(whole.header("content-disposition").starts_with("attachment"));
    let part = Request::get(FILE).header(header::RANGE, "bytes=4-6").body(Body::empty()).expect("a request");
    let part = site.send(part).await;
    assert_eq!((part.status, part.body.as_str()), (StatusCode::PARTIAL_CONTENT, "456"));
    assert!(mei.get(SHOW).await.body.contains("1 download<"), "a part of a file is no download");
    assert_eq!(site.get("/mei/llm/releases/download/v1/no.bin", "en").await.status, StatusCode::NOT_FOUND);

    let delete = mei.get(SHOW).await.between("action=\"/mei/llm/releases/1/assets/", "\"").to_owned();
    let gone = mei.post(SHOW, &format!("/mei/llm/releases/1/assets/{delete}"), &[]).await;
    assert_eq!(gone.status, StatusCode::SEE_OTHER, "{}", gone.body);
    assert_eq!(site.get(FILE, "en").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_script_sends_a_file_in_pieces_with_the_visitors_token() {
    let site = project().await;
    let mei = publish(&site, "v1").await;
    let page = mei.get(SHOW).await;
    let token = page.between("name=\"csrf\" value=\"", "\"").to_owned();
    let uploads = page.between("data-pieces=\"", "\"").to_owned();
    let begun = mei.post_with(&token, &uploads, &[("name", "big.bin"), ("size", "4")]).await;
    assert_eq!(begun.status, StatusCode::OK, "{}", begun.body);
    let address = begun.between("\"address\":\"", "\"").to_owned();
    let piece = |token: &str| Request::post(format!("{address}?offset=0")).header("x-csrf-token", token);
    let foreign = mei.send(piece("wrong"), Body::from("abcd")).await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
    let taken = mei.send(piece(&token), Body::from("abcd")).await;
    assert!(taken.body.contains("\"offset\":4"), "{}", taken.body);
    let done = mei.post_with(&token, &format!("{address}/finish"), &[]).await;
    assert_eq!((done.status, done.header("location")), (StatusCode::SEE_OTHER, SHOW), "{}", done.body);
    assert_eq!(site.get("/mei/llm/releases/download/v1/big.bin", "en").await.body, "abcd");
}

#[tokio::test]
async fn a_release_is_deleted_and_its_tag_stays_unless_it_is_wanted_gone() {
    let site = project().await;
    let mei = publish(&site, "v1").await;
    let gone = mei.post(SHOW, "/mei/llm/releases/1/delete", &[]).await;
    assert_eq!(gone.header("location"), "/mei/llm/releases", "{}", gone.body);
    assert_eq!(site.get(SHOW, "en").await.status, StatusCode::NOT_FOUND);
    assert!(site.get("/mei/llm/tags", "en").await.body.contains("/mei/llm/src/tag/v1"));
}
