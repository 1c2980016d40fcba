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
async fn a_visitor_is_asked_to_sign_in() {
    let site = Site::new().await;
    let asked = site.get("/repo/create", "en").await;
    assert_eq!(asked.headers["location"], "/user/login?redirect_to=%2Frepo%2Fcreate");
}

#[tokio::test]
async fn a_repository_is_made_for_an_organisation_that_lets_one() {
    let site = Site::new().await;
    site.hearth.organization("lab", "mei").await;
    let mei = site.signed_in("mei").await;
    let form = mei.get("/repo/create?owner=lab").await;
    assert!(form.body.contains("<option value=\"lab\" selected>"), "{}", form.body);
    let fields = [("owner", "lab"), ("name", "llm"), ("visibility", "public")];
    let made = mei.post("/repo/create", "/repo/create", &fields).await;
    assert_eq!((made.status, made.header("location")), (StatusCode::SEE_OTHER, "/lab/llm"));
    assert_eq!(mei.get("/lab/llm").await.status, StatusCode::OK);

    let bo = site.signed_in("bo").await;
    assert!(!bo.get("/repo/create?owner=lab").await.body.contains("<option value=\"lab\""));
    let refused = bo.post("/repo/create", "/repo/create", &[("owner", "lab"), ("name", "mine")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
}
