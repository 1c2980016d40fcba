use axum::http::StatusCode;
use hearth_app::task::{NewTask, Parameter, Program};

use crate::laboratory::Laboratory;

fn with_rate(rate: &str) -> NewTask {
    let given = vec![Parameter { name: "lr".into(), value: rate.into() }];
    NewTask {
        name: format!("rate {rate}"),
        program: Program::script("train.py", given),
        ..NewTask::default()
    }
}

#[tokio::test]
async fn tasks_stand_beside_each_other_with_their_differences_marked_and_curves_overlaid() {
    let laboratory = Laboratory::new().await;
    let first = laboratory.finished_as(with_rate("0.1")).await;
    let second = laboratory.finished_as(with_rate("0.2")).await;
    let mei = laboratory.site.signed_in("mei").await;
    let address = format!("/tasks/compare?task={first}&task={second}&task={first}");
    let shown = mei.get(&address).await.body;
    for part in ["rate 0.1", "rate 0.2", "cpu-1", &format!("#{first} rate 0.1"), "class=\"is-different\""] {
        assert!(shown.contains(part), "{part} is missing in {shown}");
    }
    assert_eq!(shown.matches("<figure class=\"chart").count(), 1, "one chart for both: {shown}");
    let short = mei.get(&format!("{address}&only=differences")).await.body;
    assert!(short.contains("<th scope=\"row\">lr") && !short.contains("cpu-1"), "{short}");
    let bo = laboratory.site.signed_in("bo").await;
    assert_eq!(bo.get(&address).await.status, StatusCode::OK);
    assert_eq!(mei.get("/tasks/compare?task=1&task=404").await.status, StatusCode::NOT_FOUND);
    assert!(mei.get("/tasks/compare").await.body.contains("Select at least two tasks"));
    let many = (1..=11).map(|id| format!("task={id}&")).collect::<Vec<_>>().concat();
    let refused = mei.get(&format!("/tasks/compare?{many}")).await;
    assert!(refused.body.contains("limits.compared_tasks"), "{}", refused.body);
}

#[tokio::test]
async fn a_list_shows_values_as_columns_that_are_chosen_sorted_and_filtered_in_the_address() {
    let laboratory = Laboratory::new().await;
    for rate in ["0.1", "0.2"] {
        laboratory.finished_as(with_rate(rate)).await;
    }
    let mei = laboratory.site.signed_in("mei").await;
    for base in ["/mei/llm/tasks", "/tasks"] {
        let usual = mei.get(base).await.body;
        assert!(usual.contains(&format!("href=\"{base}?sort=param.lr\"")), "{usual}");
        assert!(usual.contains(&format!("href=\"{base}?sort=metric.loss\"")), "{usual}");
        let chosen = mei.get(&format!("{base}?column=param.lr&sort=-param.lr")).await.body;
        assert!(
            chosen.contains("aria-sort=\"descending\"") && !chosen.contains("sort=metric.loss"),
            "{chosen}"
        );
        assert!(chosen.find("rate 0.2") < chosen.find("rate 0.1"), "{chosen}");
        let few = mei.get(&format!("{base}?where_name=param.lr&where_is=gt&where_value=0.15")).await.body;
        assert!(few.contains("rate 0.2") && !few.contains("rate 0.1"), "{few}");
    }
}
