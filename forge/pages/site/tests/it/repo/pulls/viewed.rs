use axum::http::StatusCode;

use super::{FILES, asked, program, push};

#[tokio::test]
async fn a_viewed_file_folds_until_its_changes_are_others() {
    let site = asked().await;
    let lin = site.signed_in("lin").await;
    let page = lin.get(FILES).await;
    assert!(page.body.contains("0 of 2 viewed"), "{}", page.body);
    let values = page.body.split("name=\"tick\" value=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let tick = values.clone().find(|value| value.ends_with(":program.py")).expect("a button").to_owned();
    let answer = lin.post(FILES, "/mei/llm/pulls/1/viewed", &[("tick", &tick)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let viewed = lin.get(FILES).await;
    assert!(viewed.body.contains("1 of 2 viewed"), "{}", viewed.body);
    assert!(viewed.body.contains("<details class=\"diff-fold\">"), "{}", viewed.body);
    push(&site, "feature", "program.py", &program("again")).await;
    let changed = lin.get(&format!("{FILES}?since=0")).await;
    assert!(changed.body.contains("0 of 2 viewed"), "{}", changed.body);
}

#[tokio::test]
async fn a_tick_is_taken_back_and_a_bad_one_refused() {
    let site = asked().await;
    let lin = site.signed_in("lin").await;
    let address = "/mei/llm/pulls/1/viewed";
    lin.post(FILES, address, &[("tick", "abc123:program.py")]).await;
    let back = lin.post(FILES, address, &[("untick", "abc123:program.py")]).await;
    assert_eq!(back.status, StatusCode::SEE_OTHER);
    for bad in ["program.py", "zz:program.py", ""] {
        let answer = lin.post(FILES, address, &[("tick", bad)]).await;
        assert!(answer.status.is_client_error(), "{bad}: {}", answer.status);
    }
}
