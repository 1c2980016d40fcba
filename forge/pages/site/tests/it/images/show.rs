use axum::http::StatusCode;
use hearth_core::{Outcome, Reason, TaskState};

use crate::laboratory::Laboratory;

#[tokio::test]
async fn an_image_says_which_packages_it_holds_and_as_what_they_are_imported() {
    let laboratory = Laboratory::new().await;
    let bo = laboratory.site.signed_in("bo").await;
    let unknown = bo.get("/images/python-3.11").await;
    assert!(unknown.body.contains("Its packages are not known"), "{}", unknown.body);
    laboratory.fill_image(&[("torch", "2.8.0", &["torch"]), ("PyYAML", "6.0", &["yaml"])]).await;
    let shown = bo.get("/images/python-3.11").await;
    for part in ["Python 3.11", "3.11.2", "This machine", "torch", "2.8.0", "PyYAML", "yaml"] {
        assert!(shown.body.contains(part), "{part} is missing in {}", shown.body);
    }
    let found = bo.get("/images/python-3.11?q=yaml").await;
    assert!(found.body.contains("PyYAML") && !found.body.contains("2.8.0"));
    assert!(bo.get("/images/python-3.11?q=nothing").await.body.contains("No package found"));
    assert_eq!(bo.get("/images/no-such").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_failed_import_names_the_module_and_the_images_that_have_it() {
    let laboratory = Laboratory::new().await;
    laboratory.add_image("torch", &[("torch", "2.8.0", &["torch"])]).await;
    let mei = laboratory.site.signed_in("mei").await;
    for (module, offer) in [("torch", "Run again in torch"), ("apex", "No image is known to have apex")] {
        let task = laboratory.launch(module).await;
        let mut agent = laboratory.agent(task).await;
        agent
            .log(&format!(
                "Traceback (most recent call last):\nModuleNotFoundError: No module named '{module}'\n"
            ))
            .await;
        agent.finish(Outcome { state: TaskState::Failed, reason: Reason::RunExitNonzero }, 1).await;
        let shown = mei.get(&format!("/tasks/{task}")).await.body;
        assert!(shown.contains("run.module_missing") && shown.contains(offer), "{shown}");
        let link = format!("/mei/llm/tasks/new?from={task}&#38;image=torch");
        assert_eq!(shown.contains(&link), module == "torch", "{shown}");
    }
}
