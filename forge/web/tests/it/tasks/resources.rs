use crate::laboratory::Laboratory;

#[tokio::test]
async fn it_is_said_how_much_of_the_reserved_was_used() {
    let laboratory = Laboratory::new().await;
    let task = laboratory.succeeded("one").await;
    let shown = laboratory.site.get(&format!("/tasks/{task}/resources"), "en").await;
    assert!(shown.body.contains("18 % of the reserved CPU was used on average."), "{}", shown.body);
    assert!(shown.body.contains("1.0 GiB"));
    let waiting = laboratory.launch("two").await;
    let shown = laboratory.site.get(&format!("/tasks/{waiting}/resources"), "zh-CN").await;
    assert!(shown.body.contains("还没有采样"));
}
