use axum::http::StatusCode;

use super::{FILES, asked};

#[tokio::test]
async fn a_suggestion_becomes_a_commit() {
    let site = asked().await;
    let lin = site.signed_in("lin").await;
    let comment = [
        ("path", "program.py"),
        ("side", "new"),
        ("last_line", "10"),
        ("version", "1"),
        ("body", "```suggestion\nbetter still\n```"),
        ("when", "now"),
    ];
    let answer = lin.post(FILES, "/mei/llm/pulls/1/line-comments", &comment).await;
    let location = answer.headers["location"].to_str().expect("an address").to_owned();
    let id = location.rsplit('-').next().expect("an id");
    let mei = site.signed_in("mei").await;
    assert!(mei.get(FILES).await.body.contains("Apply suggestion"));
    assert!(!lin.get(FILES).await.body.contains("Apply suggestion"), "lin may not write");
    let seen = format!("{id}.1");
    assert!(mei.get(FILES).await.body.contains(&format!("value=\"{seen}\"")));
    for other in [id, "1.x", &format!("{id}.2")] {
        let refused = mei.post(FILES, "/mei/llm/pulls/1/suggestions", &[("comments", other)]).await;
        assert!(refused.status.is_client_error(), "{other}: {}", refused.status);
    }
    let applied = mei.post(FILES, "/mei/llm/pulls/1/suggestions", &[("comments", &seen)]).await;
    assert_eq!(applied.status, StatusCode::SEE_OTHER, "{}", applied.body);
    // Until the new version is prepared, the one before is shown.
    for address in [FILES.to_owned(), format!("{FILES}?since=1"), format!("{FILES}?version=2&since=1")] {
        let page = mei.get(&address).await;
        assert_eq!(page.status, StatusCode::OK, "{address}: {}", page.body);
    }
    site.hearth.run_jobs().await;
    assert!(mei.get(&format!("{FILES}?since=0")).await.body.contains("better still"));
}

#[tokio::test]
async fn nothing_chosen_is_a_mistake() {
    let site = asked().await;
    let mei = site.signed_in("mei").await;
    let answer = mei.post(FILES, "/mei/llm/pulls/1/suggestions", &[]).await;
    assert!(answer.status.is_client_error(), "{}", answer.status);
}
