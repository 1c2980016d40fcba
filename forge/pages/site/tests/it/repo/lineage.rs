use axum::http::StatusCode;
use hearth_app::{
    model::{self, Publication},
    task,
};
use hearth_core::{RepositoryKind, Visibility};

use crate::{laboratory::Laboratory, site::Site};

#[tokio::test]
async fn a_model_says_which_run_made_each_version() {
    let laboratory = Laboratory::new().await;
    let id = laboratory.succeeded("baseline").await;
    let (app, site) = (&laboratory.site.hearth.app, &laboratory.site);
    let mei = site.hearth.actor("mei").await;
    let run = task::find(app, &mei, id).await.expect("hers");
    let publication = Publication { model: "digits".into(), ..Publication::default() };
    model::publish(app, &run, publication).await.expect("published");
    let shown = site.get("/models/mei/digits/lineage", "en").await;
    assert!(shown.body.contains("baseline") && shown.body.contains("mei/llm @"), "{}", shown.body);
    let home = site.get("/models/mei/digits", "en").await;
    assert!(home.body.contains("href=\"/models/mei/digits/lineage\""));
    let (card, files) = (home.body.find("id=\"readme\""), home.body.find("class=\"files\""));
    assert!(card.expect("a card") < files.expect("files"), "the card comes first");
    let files = site.get("/models/mei/digits/src", "en").await;
    assert_eq!(files.header("location"), "/models/mei/digits/src/branch/main");
}

#[tokio::test]
async fn a_model_without_versions_says_how_to_make_one_and_code_has_no_lineage() {
    let site = Site::new().await;
    site.hearth.repository("mei/llm").await;
    site.hearth.insert_repository("mei/digits", RepositoryKind::Model, Visibility::Public).await;
    let shown = site.get("/models/mei/digits/lineage", "zh-CN").await;
    assert!(shown.body.contains("暂无版本"), "{}", shown.body);
    assert_eq!(site.get("/mei/llm/lineage", "en").await.status, StatusCode::NOT_FOUND);
}
