use axum::http::StatusCode;

use super::project;
use crate::site::Site;

#[tokio::test]
async fn the_front_shows_files_with_their_last_commit_and_the_readme() {
    let site = project().await;
    for (language, files) in [("en", "Files"), ("zh-CN", "文件")] {
        let page = site.get("/mei/llm", language).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains(files), "{language}");
        assert!(page.body.contains("href=\"/mei/llm/src/branch/main/src\""));
        assert!(
            page.body.contains("Draw &#60;b&#62;it&#60;/b&#62;")
                || page.body.contains("Draw &lt;b&gt;it&lt;/b&gt;")
        );
        assert!(
            page.body.contains("href=\"/mei/llm/src/branch/main/src/train.py\""),
            "the README's link is drawn"
        );
        assert!(page.body.contains("http://hearth.test/mei/llm.git"));
        assert!(page.body.contains("Python"));
    }
}

#[tokio::test]
async fn nothing_of_a_readme_runs() {
    let site = project().await;
    assert!(!site.get("/mei/llm", "en").await.body.contains("alert(1)</script>"));
}

#[tokio::test]
async fn a_private_repository_looks_like_none() {
    let site = Site::new().await;
    site.hearth.private_repository("mei/secret").await;
    let hidden = site.get("/mei/secret", "en").await;
    let absent = site.get("/mei/absent", "en").await;
    assert_eq!((hidden.status, absent.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
    let told = (hidden.body.matches("secret").count(), absent.body.matches("absent").count());
    assert_eq!(told.0, told.1, "no more is said than what was asked for");
}

#[tokio::test]
async fn an_old_name_leads_to_the_new_one() {
    let site = project().await;
    let mei = site.signed_in("mei").await;
    mei.post("/mei/llm/settings", "/mei/llm/settings/rename", &[("name", "reader")]).await;
    let moved = site.get("/mei/llm/src/branch/main/src?x=1", "en").await;
    assert_eq!(moved.status, StatusCode::PERMANENT_REDIRECT);
    assert_eq!(moved.headers["location"], "/mei/reader/src/branch/main/src?x=1");
}
