use crate::laboratory::Laboratory;

#[tokio::test]
async fn it_is_said_how_much_of_the_reserved_was_used() {
    let laboratory = Laboratory::new().await;
    let task = laboratory.succeeded("one").await;
    let shown = laboratory.site.get(&format!("/tasks/{task}/resources"), "en").await;
    assert!(shown.body.contains("18% of the reserved CPU was used on average."), "{}", shown.body);
    assert!(shown.body.contains("1.0 GiB"));
    let waiting = laboratory.launch("two").await;
    let shown = laboratory.site.get(&format!("/tasks/{waiting}/resources"), "zh-CN").await;
    assert!(shown.body.contains("还没有采样"));
}

#[tokio::test]
async fn the_charts_can_be_taken_away() {
    let laboratory = Laboratory::new().await;
    let task = laboratory.succeeded("one").await;
    let shown = laboratory.site.get(&format!("/tasks/{task}/resources"), "en").await;
    assert!(
        shown.body.contains("data-values=\"{") && shown.body.contains("resources/svg?name=cpu"),
        "{}",
        shown.body
    );
    let svg = laboratory.site.get(&format!("/tasks/{task}/resources/svg?name=memory"), "en").await;
    assert!(svg.body.starts_with("<svg xmlns="), "{}", svg.body);
    let csv = laboratory.site.get(&format!("/tasks/{task}/resources/csv"), "en").await;
    assert!(
        csv.body.starts_with("time,cpu_percent,memory_bytes,processes\r\n")
            && csv.body.contains(",18,1073741824,2")
    );
    let none = laboratory.site.get(&format!("/tasks/{task}/resources/svg?name=other"), "en").await;
    assert_eq!(none.status.as_u16(), 404);
}
