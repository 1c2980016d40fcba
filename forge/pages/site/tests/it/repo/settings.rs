use axum::http::StatusCode;

use super::project;

/// The form as it is sent: the input, and the values first shown.
fn fields<'a>(description: &'a str, website: &'a str, seen: [&'a str; 2]) -> [(&'static str, &'a str); 6] {
    [
        ("description", description),
        ("website", website),
        ("default_branch", "main"),
        ("seen_description", seen[0]),
        ("seen_website", seen[1]),
        ("seen_default_branch", "main"),
    ]
}

#[tokio::test]
async fn an_owner_hides_and_describes_a_repository() {
    let site = project().await;
    let mei = site.signed_in("mei").await;
    let saved = mei
        .post("/mei/llm/settings", "/mei/llm/settings", &fields("New words", "", ["A small model", ""]))
        .await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    let hidden =
        mei.post("/mei/llm/settings", "/mei/llm/settings/visibility", &[("visibility", "private")]).await;
    assert_eq!(hidden.status, StatusCode::SEE_OTHER, "{}", hidden.body);
    assert!(mei.get("/mei/llm").await.body.contains("New words"));
    assert_eq!(site.get("/mei/llm", "en").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_form_that_was_opened_before_undoes_nothing_that_was_saved_since() {
    let site = project().await;
    let mei = site.signed_in("mei").await;
    let settings = "/mei/llm/settings";
    let shown = mei.get(settings).await;
    let seen = shown.between("name=\"seen_description\" value=\"", "\"").to_owned();
    mei.post(settings, &format!("{settings}/visibility"), &[("visibility", "private")]).await;
    mei.post(settings, settings, &fields("Saved since", "", [&seen, ""])).await;
    // Only the website was changed in the older form.
    let older = mei.post(settings, settings, &fields(&seen, "https://example.org", [&seen, ""])).await;
    assert_eq!(older.status, StatusCode::SEE_OTHER, "{}", older.body);
    let home = mei.get("/mei/llm").await.body;
    assert!(home.contains("Saved since") && home.contains("https://example.org"), "{home}");
    assert_eq!(site.get("/mei/llm", "en").await.status, StatusCode::NOT_FOUND, "it is private still");
}

#[tokio::test]
async fn only_the_full_name_deletes() {
    let site = project().await;
    let mei = site.signed_in("mei").await;
    let refused = mei.post("/mei/llm/settings", "/mei/llm/settings/delete", &[("confirm", "llm")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(mei.get("/mei/llm").await.status, StatusCode::OK);
    assert!(refused.body.contains("data-must=\"mei/llm\""), "scripts keep the button off: {}", refused.body);
    let gone = mei.post("/mei/llm/settings", "/mei/llm/settings/delete", &[("confirm", "mei/llm")]).await;
    assert_eq!(gone.status, StatusCode::SEE_OTHER);
    assert_eq!(mei.get("/mei/llm").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_visitor_finds_no_settings_of_others() {
    let site = project().await;
    let lin = site.signed_in("lin").await;
    assert_eq!(lin.get("/mei/llm/settings").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn an_archived_repository_says_so_and_takes_nothing_until_it_is_unarchived() {
    let site = project().await;
    let mei = site.signed_in("mei").await;
    let settings = "/mei/llm/settings";
    let archived = mei.post(settings, &format!("{settings}/archive"), &[]).await;
    assert_eq!(archived.status, StatusCode::SEE_OTHER, "{}", archived.body);
    let page = site.get("/mei/llm", "en").await;
    assert!(page.body.contains("Archived") && page.body.contains("It can be read, and nothing else."));
    assert!(!mei.get("/mei/llm/branches").await.body.contains("branches/new"), "no button that is refused");
    let refused = mei.post("/mei/llm", "/mei/llm/branches/new", &[("new_branch_name", "a")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.body.contains("This repository is archived."), "{}", refused.body);
    mei.post(settings, &format!("{settings}/unarchive"), &[]).await;
    assert!(!site.get("/mei/llm", "en").await.body.contains("It can be read, and nothing else."));
}
