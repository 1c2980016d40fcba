use axum::http::StatusCode;

use crate::site::Site;

#[tokio::test]
async fn a_new_repository_can_begin_with_files() {
    let site = Site::new().await;
    let mei = site.signed_in("mei").await;
    let fields = [
        ("name", "llm"),
        ("description", "Reads digits"),
        ("visibility", "public"),
        ("readme", "true"),
        ("gitignore", "Python"),
        ("licence", "MIT"),
    ];
    let made = mei.post("/repo/create", "/repo/create", &fields).await;
    assert_eq!(
        (made.status, made.headers["location"].to_str().expect("text")),
        (StatusCode::SEE_OTHER, "/mei/llm")
    );
    let page = mei.get("/mei/llm").await;
    for file in [".gitignore", "LICENSE", "README.md"] {
        assert!(page.body.contains(file), "{file}");
    }
}

#[tokio::test]
async fn a_bad_name_comes_back_with_what_was_typed() {
    let site = Site::new().await;
    let mei = site.signed_in("mei").await;
    let fields = [("name", "no spaces"), ("description", "kept")];
    let refused = mei.post("/repo/create", "/repo/create", &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("value=\"no spaces\"") && refused.body.contains("value=\"kept\""));
    assert!(refused.body.contains("Use letters, digits"));
}

#[tokio::test]
async fn a_visitor_is_asked_who_he_is() {
    let site = Site::new().await;
    let asked = site.get("/repo/create", "en").await;
    assert_eq!(asked.headers["location"], "/user/login?redirect_to=%2Frepo%2Fcreate");
}
