use crate::laboratory::Laboratory;

#[tokio::test]
async fn a_run_stands_between_its_code_and_its_models() {
    let laboratory = Laboratory::new().await;
    let task = laboratory.succeeded("one").await;
    let shown = laboratory.site.get(&format!("/tasks/{task}/lineage"), "en").await;
    assert!(shown.body.contains("mei/llm") && shown.body.contains("/mei/llm/commit/"), "{}", shown.body);
    assert!(shown.body.contains("Nothing published from this run yet"));
}
