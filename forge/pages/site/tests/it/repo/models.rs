use axum::http::StatusCode;
use hearth_app::model::{self, Publication};
use hearth_app::task;
use hearth_core::{RepositoryKind, Visibility};
use hearth_store::model_version::{self, NewModelVersion};

use crate::{laboratory::Laboratory, site::Site};

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
    assert!(shown.body.contains("No models from this code yet"));
}

#[tokio::test]
async fn a_model_with_many_versions_shows_them_part_by_part() {
    let site = Site::new().await;
    let mei = site.hearth.user("mei").await;
    let app = &site.hearth.app;
    let visibility = Visibility::Public;
    let model = site.hearth.insert_repository("mei/digits", RepositoryKind::Model, visibility).await.id;
    let mut writer = app.store().write().await.expect("a transaction");
    for number in 1..=120 {
        let version = NewModelVersion {
            repository_id: model,
            version: format!("v{number}"),
            commit_id: format!("{number:040x}"),
            note: format!("note-{number}."),
            creator_id: mei.id,
            created_at: app.now(),
        };
        model_version::insert(&mut writer, &version).await.expect("kept");
    }
    writer.commit().await.expect("kept");
    let first = site.get("/models/mei/digits/models", "en").await;
    assert!(first.body.contains("note-120.") && first.body.contains("?page=2"), "{}", first.body);
    assert!(!first.body.contains("note-70."), "{}", first.body);
    let last = site.get("/models/mei/digits/models?page=3", "zh-CN").await;
    assert!(last.body.contains("note-1.") && !last.body.contains("note-21."), "{}", last.body);
}
