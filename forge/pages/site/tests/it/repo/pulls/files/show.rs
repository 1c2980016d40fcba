use axum::http::StatusCode;

use super::super::{FILES, asked, program, push};

#[tokio::test]
async fn the_files_tab_shows_what_the_pull_request_changes() {
    let site = asked().await;
    for language in ["en", "zh-CN"] {
        let page = site.get(FILES, language).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains("program.py") && page.body.contains("new.txt"), "{}", page.body);
        assert!(page.body.contains("<mark>before</mark>") || page.body.contains("before"), "{}", page.body);
        assert!(
            !page.body.contains("data-sides=") && !page.body.contains("name=\"comment\""),
            "a visitor cannot comment: {}",
            page.body
        );
        assert!(!page.body.contains(" style="), "{}", page.body);
    }
}

#[tokio::test]
async fn a_line_opens_the_form_to_comment_below_it_without_scripts() {
    let site = asked().await;
    let lin = site.signed_in("lin").await;
    let page = lin.get(FILES).await;
    assert!(page.body.contains("<input type=\"number\" name=\"comment\""), "{}", page.body);
    let numbered = lin.get(&format!("{FILES}?file=program.py&comment=10")).await;
    assert!(numbered.body.contains("name=\"side\" value=\"new\""), "{}", numbered.body);
    assert!(numbered.body.contains("name=\"last_line\" min=\"1\" value=\"10\""), "{}", numbered.body);
    let before = lin.get(&format!("{FILES}?file=program.py&comment=10&side=old")).await;
    let below = before.body.split_once("L10\"").expect("the line is there").1;
    assert!(below.contains("name=\"side\" value=\"old\""), "{}", before.body);
    let form = lin.get(&format!("{FILES}?file=program.py&comment=R10&first=9")).await;
    let below = form.body.split_once("R10\"").expect("the line is there").1;
    assert!(below.contains("name=\"first_line\" min=\"1\" value=\"9\""), "{}", form.body);
    assert!(below.contains("name=\"last_line\" min=\"1\" value=\"10\""), "{}", form.body);
    let suggested = lin.get(&format!("{FILES}?file=program.py&comment=R10&suggest=1")).await;
    assert!(suggested.body.contains("```suggestion\nafter\n```"), "{}", suggested.body);
}

#[tokio::test]
async fn a_line_that_can_be_commented_on_costs_no_more_than_one_that_cannot() {
    let site = asked().await;
    let reader = site.get(FILES, "en").await;
    let lin = site.signed_in("lin").await;
    let page = lin.get(FILES).await;
    assert!(page.body.contains("data-sides=\"LR\""), "{}", page.body);
    assert_eq!(rows(&page.body), rows(&reader.body));
    assert!(rows(&page.body).len() > 5, "{}", page.body);
}

/// The lines of the page that are rows of a difference.
fn rows(page: &str) -> Vec<&str> {
    page.lines().filter(|line| line.contains("<td data-n=")).collect()
}

#[tokio::test]
async fn one_file_can_be_seen_with_more_lines_around_its_changes() {
    let site = asked().await;
    let page = site.get(FILES, "en").await;
    let address = page.between("class=\"diff-more\" href=\"", "\"").replace("&#38;", "&");
    assert!(!page.body.contains("data-n=\"4\""), "{}", page.body);
    let more = site.get(address.split('#').next().expect("a path"), "en").await;
    assert!(more.body.contains("data-n=\"4\""), "{}", more.body);
    assert!(!more.body.contains("new.txt"), "{}", more.body);
}

#[tokio::test]
async fn a_returning_reader_sees_what_changed_since_their_last_look() {
    let site = asked().await;
    let lin = site.signed_in("lin").await;
    assert_eq!(lin.get(FILES).await.status, StatusCode::OK);
    push(&site, "feature", "program.py", &program("much better")).await;
    let answer = lin.get(FILES).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let location = answer.headers["location"].to_str().expect("an address");
    assert_eq!(location, format!("{FILES}?since=1"));
    let since = lin.get(location).await;
    assert!(since.body.contains("pair-added") && since.body.contains("pair-same"), "{}", since.body);
    let by_file = lin.get(&format!("{FILES}?since=1&by=files")).await;
    assert!(
        by_file.body.contains("much better") && !by_file.body.contains("data-path=\"new.txt\""),
        "{}",
        by_file.body
    );
    let everything = lin.get(&format!("{FILES}?since=0")).await;
    assert!(everything.body.contains("data-path=\"new.txt\""), "{}", everything.body);
}

#[tokio::test]
async fn the_layout_that_a_reader_chose_stays() {
    let site = asked().await;
    let lin = site.signed_in("lin").await;
    assert!(!lin.get(FILES).await.body.contains("diff-split"));
    assert!(lin.get(&format!("{FILES}?view=split")).await.body.contains("diff-split"));
    assert!(lin.get(FILES).await.body.contains("diff-split"));
    assert!(!lin.get(&format!("{FILES}?view=unified")).await.body.contains("diff-split"));
}

#[tokio::test]
async fn what_an_address_cannot_mean_is_not_found_or_ignored() {
    let site = asked().await;
    for (query, status) in [
        ("version=99", StatusCode::NOT_FOUND),
        ("since=99", StatusCode::NOT_FOUND),
        ("commit=0123456789", StatusCode::NOT_FOUND),
        ("file=missing.txt", StatusCode::NOT_FOUND),
        ("version=x&since=-1&context=many&comment=R0", StatusCode::OK),
        ("file=program.py&context=99999999", StatusCode::OK),
    ] {
        assert_eq!(site.get(&format!("{FILES}?{query}"), "en").await.status, status, "{query}");
    }
}
