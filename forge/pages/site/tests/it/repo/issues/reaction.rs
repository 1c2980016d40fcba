use axum::http::StatusCode;
use hearth_app::comment;
use hearth_core::ThreadNumber;

use super::{enter, opened, project};

const ISSUE: &str = "/mei/llm/issues/1";

#[tokio::test]
async fn a_sign_is_put_and_taken_back_by_the_same_button() {
    let site = project().await;
    opened(&site, "mei", "a", "").await;
    let access = enter(&site, "mei").await;
    let said = comment::add(&site.hearth.app, &access, ThreadNumber(1), "x").await.expect("said");
    let bo = site.signed_in("bo").await;
    let of_comment = format!("/mei/llm/issues/comments/{}/reactions", said.id);
    for (action, place) in [("/mei/llm/issues/1/reactions", ISSUE), (of_comment.as_str(), "?comment=")] {
        let put = bo.post(ISSUE, action, &[("reaction", "+1")]).await;
        assert_eq!(put.status, StatusCode::SEE_OTHER);
        assert!(put.header("location").contains(place));
        let page = bo.get(ISSUE).await;
        assert!(page.body.contains("aria-pressed=\"true\" title=\"bo\""), "{}", page.body);
        assert!(page.body.contains("aria-label=\"Thumbs up: 1\""));
        let page = site.get(ISSUE, "zh-CN").await;
        assert!(page.body.contains("aria-label=\"赞同：1\"") && !page.body.contains("name=\"reaction\""));
        bo.post(ISSUE, action, &[("reaction", "+1")]).await;
        assert!(!site.get(ISSUE, "en").await.body.contains("Thumbs up: 1"));
    }
    let odd = bo.post(ISSUE, "/mei/llm/issues/1/reactions", &[("reaction", "boring")]).await;
    assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
}
