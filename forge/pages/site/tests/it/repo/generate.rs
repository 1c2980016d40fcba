use axum::http::StatusCode;

use super::project;

const GENERATE: &str = "/mei/llm/generate";

#[tokio::test]
async fn a_template_offers_its_files_to_others() {
    let site = project().await;
    let bo = site.signed_in("bo").await;
    assert_eq!(bo.get(GENERATE).await.status, StatusCode::FORBIDDEN);
    let mei = site.signed_in("mei").await;
    let settings = "/mei/llm/settings";
    mei.post(settings, &format!("{settings}/template"), &[("is_template", "on")]).await;
    assert!(bo.get("/mei/llm").await.body.contains("Use this template"));
    let fields = [("owner", "bo"), ("name", "mine"), ("visibility", "public")];
    let made = bo.post(GENERATE, GENERATE, &fields).await;
    assert_eq!((made.status, made.header("location")), (StatusCode::SEE_OTHER, "/bo/mine"), "{}", made.body);
    site.hearth.run_jobs().await;
    assert!(bo.get("/bo/mine").await.body.contains("Reads digits"));
    let again = bo.post(GENERATE, GENERATE, &fields).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", again.body);
}
