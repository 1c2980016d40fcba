use axum::http::StatusCode;

use super::TO_BRANCH;
use crate::repo::project;

const DELETE: &str = "/mei/llm/delete/branch/main/src/train.py";

#[tokio::test]
async fn a_file_is_deleted_and_one_that_changed_meanwhile_is_not() {
    let site = project().await;
    let mei = site.signed_in("mei").await;
    let page = mei.get(DELETE).await;
    assert!(page.body.contains("Delete src/train.py"), "{}", page.body);
    let other = "0123456789012345678901234567890123456789";
    let stale = mei.post(DELETE, DELETE, &[("base", other), TO_BRANCH]).await;
    assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY);
    let base = page.between("name=\"base\" value=\"", "\"").to_owned();
    let gone = mei.post(DELETE, DELETE, &[("base", &base), TO_BRANCH]).await;
    assert_eq!(gone.header("location"), "/mei/llm/src/branch/main/src", "{}", gone.body);
    assert_eq!(mei.get("/mei/llm/src/branch/main/src/train.py").await.status, StatusCode::NOT_FOUND);
    assert_eq!(mei.get(DELETE).await.status, StatusCode::NOT_FOUND);
}
