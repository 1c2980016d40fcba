use axum::http::StatusCode;
use hearth_app::{Unit, content};

use super::pulls::{asked, enter, push};

#[tokio::test]
async fn a_comparison_shows_commits_and_files_and_opens_a_pull_request() {
    let site = asked().await;
    let access = enter(&site, "mei", Unit::Code).await.write().expect("mei owns it");
    content::create_branch(&site.hearth.app, &access, "fix/typo", "main").await.expect("a new branch");
    push(&site, "fix/typo", "docs/a.txt", "text\n").await;
    let mei = site.signed_in("mei").await;
    let address = "/mei/llm/compare/main...fix/typo";
    let page = mei.get(address).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    for said in ["1 commit", "docs/a.txt", "value=\"Change docs/a.txt\"", "1 changed file"] {
        assert!(page.body.contains(said), "{said}: {}", page.body);
    }
    let refused = mei.post(address, address, &[("title", " "), ("body", "kept")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("kept"));
    let opened = mei.post(address, address, &[("title", "Fix"), ("body", ""), ("draft", "true")]).await;
    assert_eq!(opened.header("location"), "/mei/llm/pulls/2", "{}", opened.body);
    let again = mei.get(address).await;
    assert!(again.body.contains("There is already a pull request for these branches"));
    assert!(again.body.contains("href=\"/mei/llm/pulls/2\"") && !again.body.contains("name=\"title\""));
}

#[tokio::test]
async fn nothing_to_compare_is_said_with_the_reason() {
    let site = asked().await;
    for (address, reason) in [
        ("/mei/llm/compare/main...main", "Choose two different branches to compare."),
        ("/mei/llm/compare/feature...main", "The base branch already has all of these commits."),
    ] {
        let page = site.get(address, "en").await;
        assert!(page.body.contains(reason), "{address}: {}", page.body);
        assert!(!page.body.contains("name=\"title\""));
    }
    let missing = site.get("/mei/llm/compare/main...nowhere", "en").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    assert!(missing.body.contains("There is no such branch") && missing.body.contains("value=\"nowhere\""));
}

#[tokio::test]
async fn the_choice_leads_to_the_address_that_names_it() {
    let site = asked().await;
    let blank = site.get("/mei/llm/compare", "zh-CN").await;
    assert!(blank.body.contains("选择要比较的内容"), "{}", blank.body);
    let chosen = site.get("/mei/llm/compare?base=main&repository=mei%2Fllm&head=feature", "en").await;
    assert_eq!(chosen.header("location"), "/mei/llm/compare/main...feature");
}

#[tokio::test]
async fn a_template_of_the_repository_is_the_text_proposed() {
    let site = asked().await;
    push(&site, "main", ".github/PULL_REQUEST_TEMPLATE.md", "What and why?\n").await;
    push(&site, "feature", "another.txt", "x\n").await;
    let mei = site.signed_in("mei").await;
    let access = enter(&site, "mei", Unit::Code).await.write().expect("mei owns it");
    content::create_branch(&site.hearth.app, &access, "second", "feature").await.expect("a new branch");
    let page = mei.get("/mei/llm/compare/main...second").await;
    assert!(page.body.contains("What and why?") && page.body.contains("value=\"Second\""), "{}", page.body);
}

#[tokio::test]
async fn the_home_page_offers_what_was_just_pushed() {
    let site = asked().await;
    let access = enter(&site, "mei", Unit::Code).await.write().expect("mei owns it");
    content::create_branch(&site.hearth.app, &access, "idea", "main").await.expect("a new branch");
    push(&site, "idea", "idea.txt", "x\n").await;
    let mei = site.signed_in("mei").await;
    let page = mei.get("/mei/llm").await;
    assert!(page.body.contains("href=\"/mei/llm/compare/main...idea\""), "{}", page.body);
    assert!(!page.body.contains("main...feature\""), "it has a pull request already");
    assert!(!site.get("/mei/llm", "en").await.body.contains("main...idea\""), "others are not asked");
}

#[tokio::test]
async fn from_a_fork_people_are_asked_what_to_merge_into_its_origin_first() {
    let site = asked().await;
    let bo = site.signed_in("bo").await;
    bo.post("/mei/llm/fork", "/mei/llm/fork", &[("owner", "bo"), ("name", "llm")]).await;
    site.hearth.run_jobs().await;
    let led = bo.get("/bo/llm/compare").await;
    let address = "/mei/llm/compare?repository=bo/llm";
    assert_eq!((led.status, led.header("location")), (StatusCode::SEE_OTHER, address), "{}", led.body);
    let choice = bo.get(address).await;
    assert!(choice.body.contains("<option value=\"bo/llm\" selected>"), "{}", choice.body);
    assert!(choice.body.contains("value=\"main\""), "the origin's default branch is the base");
    let within = "/bo/llm/compare?repository=bo/llm";
    assert!(choice.body.contains(&format!("href=\"{within}\"")), "{}", choice.body);
    assert_eq!(bo.get(within).await.status, StatusCode::OK, "the fork itself, by choice");
}
