use axum::http::StatusCode;

use crate::site::Site;

const PAGE: &str = "/mei/llm/settings/collaborators";

#[tokio::test]
async fn an_owner_gives_roles_changes_and_takes_them() {
    let site = Site::new().await;
    site.hearth.private_repository("mei/llm").await;
    let (mei, bo) = (site.signed_in("mei").await, site.signed_in("bo").await);
    assert!(mei.get("/mei/llm/settings").await.body.contains(&format!("href=\"{PAGE}\"")));
    let fields = [("name", "@bo"), ("role-all", ""), ("role-issues", "write")];
    let given = mei.post(PAGE, PAGE, &fields).await;
    assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.body);
    let people = mei.get(PAGE).await.body;
    assert!(people.contains("Issues: Write"));
    assert!(people.contains("Remove bo") && people.contains("They lose what they were given here."));
    assert_eq!(bo.get("/mei/llm/issues").await.status, StatusCode::OK);
    assert_eq!(bo.get("/mei/llm").await.status, StatusCode::NOT_FOUND);

    let form = mei.get(&format!("{PAGE}?name=bo")).await.body;
    assert!(
        form.contains("name=\"role-issues\" value=\"write\" aria-label=\"Issues: Write\" checked"),
        "{form}"
    );
    mei.post(PAGE, PAGE, &[("name", "bo"), ("role-all", "read")]).await;
    assert_eq!(bo.get("/mei/llm").await.status, StatusCode::OK);
    mei.post(PAGE, &format!("{PAGE}/remove"), &[("name", "bo")]).await;
    assert_eq!(bo.get("/mei/llm").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn nobody_nothing_and_strangers_are_refused() {
    let site = Site::new().await;
    site.hearth.repository("mei/llm").await;
    let (mei, bo) = (site.signed_in("mei").await, site.signed_in("bo").await);
    for fields in [[("name", "nobody"), ("role-all", "read")], [("name", "bo"), ("role-all", "")]] {
        let refused = mei.post(PAGE, PAGE, &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains(&format!("value=\"{}\"", fields[0].1)));
    }
    assert_eq!(bo.get(PAGE).await.status, StatusCode::FORBIDDEN);
    let taken = bo.post("/", PAGE, &[("name", "bo"), ("role-all", "administer")]).await;
    assert_eq!(taken.status, StatusCode::FORBIDDEN);
}
