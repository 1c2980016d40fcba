use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use data_encoding::HEXLOWER;
use hearth_app::{
    Unit, access,
    blobs::BlobId,
    lfs::{self, Pointer},
};
use hearth_core::RepositoryKind;
use hearth_git::StorageId;
use sha2::{Digest as _, Sha256};

use super::{commit, project};
use crate::site::{Answer, Site};

#[tokio::test]
async fn raw_bytes_cannot_run_anything() {
    let site = project().await;
    let raw = site.get("/mei/llm/raw/branch/main/logo.svg", "en").await;
    assert_eq!(raw.status, StatusCode::OK);
    assert_eq!(raw.headers["content-type"], "text/plain; charset=utf-8");
    assert_eq!(raw.headers["content-security-policy"], "default-src 'none'; sandbox");
    assert_eq!(raw.headers["x-content-type-options"], "nosniff");
    assert!(raw.body.starts_with("<svg"));
}

#[tokio::test]
async fn unknown_bytes_are_downloaded_under_their_name() {
    let site = project().await;
    let raw = site.get("/mei/llm/raw/branch/main/data.bin", "en").await;
    assert_eq!(
        raw.headers["content-disposition"],
        "attachment; filename=\"data.bin\"; filename*=UTF-8''data.bin"
    );
    assert_eq!(raw.body.as_bytes(), [0, 0, 0]);
}

#[tokio::test]
async fn an_archive_holds_the_files_of_a_revision() {
    let site = project().await;
    let archive = site.get("/mei/llm/archive/main.zip", "en").await;
    assert_eq!(archive.status, StatusCode::OK);
    assert!(archive.body.starts_with("PK"));
    assert_eq!(site.get("/mei/llm/archive/absent.zip", "en").await.status, StatusCode::NOT_FOUND);
}

async fn asked(site: &Site, path: &str, headers: &[(header::HeaderName, &str)]) -> Answer {
    let request =
        headers.iter().fold(Request::get(path), |request, (name, value)| request.header(name, *value));
    site.send(request.body(Body::empty()).expect("a request")).await
}

#[tokio::test]
async fn a_part_of_a_file_can_be_asked_for() {
    let site = project().await;
    let path = "/mei/llm/raw/branch/main/src/train.py";
    let whole = site.get(path, "en").await;
    assert_eq!(whole.header("accept-ranges"), "bytes");
    let part = asked(&site, path, &[(header::RANGE, "bytes=4-8")]).await;
    assert_eq!((part.status, part.body.as_str()), (StatusCode::PARTIAL_CONTENT, "train"));
    assert_eq!(part.header("content-range"), format!("bytes 4-8/{}", whole.body.len()));
    assert_eq!(part.header("content-security-policy"), "default-src 'none'; sandbox");
    let outside = asked(&site, path, &[(header::RANGE, "bytes=900-")]).await;
    assert_eq!(outside.status, StatusCode::RANGE_NOT_SATISFIABLE);
    let tag = whole.header("etag").to_owned();
    let same = asked(&site, path, &[(header::RANGE, "bytes=4-8"), (header::IF_RANGE, tag.as_str())]).await;
    assert_eq!(same.status, StatusCode::PARTIAL_CONTENT);
    let other = asked(&site, path, &[(header::RANGE, "bytes=4-8"), (header::IF_RANGE, "\"old\"")]).await;
    assert_eq!((other.status, other.body.len()), (StatusCode::OK, whole.body.len()));
}

#[tokio::test]
async fn a_part_of_a_large_file_comes_from_the_blob_store() {
    let site = project().await;
    let bytes = b"weights of a model";
    let oid = BlobId::parse(&HEXLOWER.encode(&Sha256::digest(bytes))).expect("a hash");
    let mei = site.hearth.actor("mei").await;
    let access = access::open(&site.hearth.app, &mei, Unit::Code, RepositoryKind::Code, "mei", "llm").await;
    let writing = access.expect("there").write().expect("the owner");
    lfs::store(&site.hearth.app, &writing, &oid, None, &bytes[..]).await.expect("stored");
    let pointer = Pointer { oid, size_bytes: bytes.len() as u64 }.to_text();
    let row = site.hearth.find_repository("mei/llm").await;
    let git = site.hearth.app.git().open(&StorageId::from(row.id.0)).await.expect("files");
    commit(&git, "Add it", &[("model.bin", &pointer)]).await;
    let path = "/mei/llm/media/branch/main/model.bin";
    let part = asked(&site, path, &[(header::RANGE, "bytes=-5")]).await;
    assert_eq!((part.status, part.body.as_str()), (StatusCode::PARTIAL_CONTENT, "model"));
    assert_eq!(part.header("content-range"), "bytes 13-17/18");
}

#[tokio::test]
async fn a_picture_that_could_run_scripts_is_one_only_inside_a_page() {
    let site = project().await;
    let path = "/mei/llm/raw/branch/main/logo.svg";
    let picture = asked(&site, path, &[(header::ACCEPT, "image/avif,image/webp,*/*;q=0.8")]).await;
    assert_eq!(picture.header("content-type"), "image/svg+xml");
    assert!(picture.header("content-security-policy").contains("default-src 'none'"));
    assert!(picture.header("content-security-policy").ends_with("sandbox"));
    let page = asked(&site, path, &[(header::ACCEPT, "text/html,image/avif,*/*;q=0.8")]).await;
    assert_eq!(page.header("content-type"), "text/plain; charset=utf-8");
    let shown = site.get("/mei/llm/src/branch/main/logo.svg", "en").await.body;
    assert!(
        shown.contains("<img src=\"/mei/llm/raw/branch/main/logo.svg\"") && shown.contains("display=source")
    );
}
