use axum::http::StatusCode;

use super::lab;

const LABELS: &str = "/lab/-/settings/labels";
const BUG: [(&str, &str); 3] = [("name", "bug"), ("color", "#ff0000"), ("description", "Broken")];

#[tokio::test]
async fn only_owners_find_and_change_the_labels() {
    let site = lab().await;
    let bo = site.signed_in("bo").await;
    assert_eq!(bo.get(LABELS).await.status, StatusCode::FORBIDDEN);
    assert_eq!(bo.post("/", LABELS, &BUG).await.status, StatusCode::FORBIDDEN);
    assert_eq!(bo.post("/", &format!("{LABELS}/add"), &[]).await.status, StatusCode::FORBIDDEN);
    let mei = site.signed_in("mei").await;
    assert!(mei.get("/lab/-/settings").await.body.contains("href=\"/lab/-/settings/labels\""));
    assert!(mei.get(LABELS).await.body.contains("No labels yet"));
    assert!(mei.get_in(LABELS, "zh-CN").await.body.contains("还没有标签"));
}

#[tokio::test]
async fn labels_are_made_changed_and_deleted() {
    let site = lab().await;
    let mei = site.signed_in("mei").await;
    let made = mei.post(LABELS, LABELS, &BUG).await;
    assert_eq!((made.status, made.header("location")), (StatusCode::SEE_OTHER, LABELS), "{}", made.body);
    let page = mei.get(LABELS).await;
    assert!(page.body.contains("fill=\"#ff0000\"") && page.body.contains("Broken"), "{}", page.body);
    let id = page
        .between("class=\"fields-row\" method=\"post\" action=\"/lab/-/settings/labels/", "\"")
        .to_owned();
    let at = format!("{LABELS}/{id}");
    let changed = [("name", "priority/缺陷"), ("color", "#00ff00"), ("exclusive", "true")];
    assert_eq!(mei.post(LABELS, &at, &changed).await.status, StatusCode::SEE_OTHER);
    let page = mei.get(LABELS).await.body;
    assert!(page.contains("priority/缺陷") && page.contains("Exclusive</span>"), "{page}");
    assert_eq!(mei.post(LABELS, &format!("{at}/delete"), &[]).await.status, StatusCode::SEE_OTHER);
    assert!(mei.get(LABELS).await.body.contains("No labels yet"));
    assert_eq!(mei.post(LABELS, &format!("{at}/delete"), &[]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_taken_name_and_a_bad_colour_come_back() {
    let site = lab().await;
    let mei = site.signed_in("mei").await;
    mei.post(LABELS, LABELS, &BUG).await;
    let taken = mei.post(LABELS, LABELS, &[("name", "BUG"), ("color", "#ff0000")]).await;
    assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(taken.body.contains("A label with this name already exists."));
    let bad = mei.post(LABELS, LABELS, &[("name", "x"), ("color", "red\"><script>")]).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bad.body.contains("six hex digits") && !bad.body.contains("<script>\""));
}

#[tokio::test]
async fn existing_repositories_get_the_labels_that_they_lack() {
    let site = lab().await;
    let mei = site.signed_in("mei").await;
    mei.post("/lab/open/labels", "/lab/open/labels", &[("name", "Bug"), ("color", "#0000ff")]).await;
    mei.post(LABELS, LABELS, &BUG).await;
    mei.post(LABELS, LABELS, &[("name", "docs"), ("color", "#00ff00")]).await;
    let added = mei.post(LABELS, &format!("{LABELS}/add"), &[]).await;
    assert_eq!((added.status, added.header("location")), (StatusCode::SEE_OTHER, LABELS), "{}", added.body);
    site.hearth.run_jobs().await;
    let open = mei.get("/lab/open/labels").await.body;
    assert!(open.contains("fill=\"#0000ff\"") && open.contains("fill=\"#00ff00\""), "{open}");
    assert!(!open.contains("fill=\"#ff0000\""), "its own stays as it is");
    assert!(mei.get("/lab/secret/labels").await.body.contains("fill=\"#ff0000\""));
}
