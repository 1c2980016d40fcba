use axum::http::StatusCode;

use super::{asked, program, push};

const RESOLVE: &str = "/mei/llm/pulls/1/resolve";

#[tokio::test]
async fn simple_conflicts_are_resolved_by_editing_the_file() {
    let site = asked().await;
    push(&site, "main", "program.py", &program("elsewhere")).await;
    let mei = site.signed_in("mei").await;
    let page = mei.get(RESOLVE).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert!(
        page.body.contains("&lt;&lt;&lt;&lt;&lt;&lt;&lt;") || page.body.contains("&#60;&#60;"),
        "{}",
        page.body
    );
    assert!(page.body.contains("lines 10 to "), "{}", page.body);
    let head = page.between("name=\"expected_head\" value=\"", "\"").to_owned();
    let base = page.between("name=\"expected_base\" value=\"", "\"").to_owned();
    let with = |content: &str| {
        vec![
            ("path".to_owned(), "program.py".to_owned()),
            ("content".to_owned(), content.to_owned()),
            ("expected_head".to_owned(), head.clone()),
            ("expected_base".to_owned(), base.clone()),
        ]
    };
    let post = async |fields: Vec<(String, String)>| {
        let fields: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        mei.post(RESOLVE, RESOLVE, &fields).await
    };
    let refused = post(with("<<<<<<< main\nmine\n=======\nyours\n>>>>>>> feature\n")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("yours") && refused.body.contains("Not finished"), "{}", refused.body);
    let resolved = post(with(&program("both"))).await;
    assert_eq!(resolved.header("location"), "/mei/llm/pulls/1", "{}", resolved.body);
    site.hearth.run_jobs().await;
    assert!(mei.get("/mei/llm/pulls/1").await.body.contains("Nothing stands in the way of merging."));
}

#[tokio::test]
async fn those_who_may_not_push_are_refused() {
    let site = asked().await;
    push(&site, "main", "program.py", &program("elsewhere")).await;
    let bo = site.signed_in("bo").await;
    assert_eq!(bo.get(RESOLVE).await.status, StatusCode::FORBIDDEN);
}
