use axum::http::StatusCode;

use super::project;

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
