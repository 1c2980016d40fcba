use axum::http::StatusCode;
use hearth_app::model::{self, Publication};
use hearth_app::task;

use crate::laboratory::Laboratory;

#[tokio::test]
async fn code_lists_the_models_made_from_it_and_a_model_its_versions() {
    let laboratory = Laboratory::new().await;
    let id = laboratory.succeeded("baseline").await;
    let app = &laboratory.site.hearth.app;
    let mei = laboratory.site.hearth.actor("mei").await;
    let run = task::find(app, &mei, id).await.expect("hers");
    for note in ["first", "second"] {
        let publication = Publication { model: "digits".into(), note: note.into(), ..Publication::default() };
        model::publish(app, &run, publication).await.expect("published");
    }
    let made = laboratory.site.get("/mei/llm/models", "en").await;
    assert!(made.body.contains("mei/digits") && made.body.contains("baseline"), "{}", made.body);
    let versions = laboratory.site.get("/models/mei/digits/models", "zh-CN").await;
    assert!(versions.body.contains("v2") && versions.body.contains("second"), "{}", versions.body);
    let home = laboratory.site.get("/models/mei/digits", "en").await;
    assert_eq!(home.status, StatusCode::OK);
    assert!(home.body.contains("git lfs install") && home.body.contains("curl -LO"), "{}", home.body);
}

#[tokio::test]
async fn code_without_models_says_how_one_is_made() {
    let laboratory = Laboratory::new().await;
    let shown = laboratory.site.get("/mei/llm/models", "en").await;
    assert!(shown.body.contains("No models were made from this code yet"));
}
