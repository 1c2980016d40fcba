use axum::http::StatusCode;
use hearth_app::testing::Choices;

use super::{lab, team_id};
use crate::site::{self, Site};

const PEOPLE: &str = "/lab/-/people";

#[tokio::test]
async fn membership_is_hidden_until_one_shows_it() {
    let site = lab().await;
    assert!(!site.get(PEOPLE, "en").await.body.contains("href=\"/bo\""));
    let bo = site.signed_in("bo").await;
    assert!(bo.get(PEOPLE).await.body.contains("Membership hidden"));
    let shown = bo.post(PEOPLE, "/lab/-/people/visibility", &[("value", "public")]).await;
    assert_eq!(shown.status, StatusCode::SEE_OTHER, "{}", shown.body);
    assert!(site.get(PEOPLE, "en").await.body.contains("href=\"/bo\""));
    assert!(site.get("/bo", "en").await.body.contains("href=\"/lab\""), "it stands on their profile");
}

#[tokio::test]
async fn somebody_is_invited_and_the_invitation_withdrawn() {
    let site = lab().await;
    site.hearth.user("zoe").await;
    let mei = site.signed_in("mei").await;
    let page = mei.get(PEOPLE).await.body;
    assert!(page.contains("This site cannot send email"), "{page}");
    let readers = team_id(&site, "readers").await;
    let invite = "/lab/-/people/invite";
    for (name, sentence) in [("nobody", "User not found"), ("a@b.example", "This site cannot send email.")] {
        let refused = mei.post(PEOPLE, invite, &[("name", name), ("team", &readers)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(refused.body.contains(sentence) && refused.body.contains(name), "{}", refused.body);
    }
    let asked = mei.post(PEOPLE, invite, &[("name", "@zoe"), ("team", &readers)]).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.body);
    let page = mei.get(PEOPLE).await;
    let withdraw = page.between("/lab/-/people/invitations/", "\"").to_owned();
    let zoe = site.signed_in("zoe").await;
    assert!(zoe.get("/-/invitations").await.body.contains("readers"));
    let strange = zoe.post("/", &format!("/lab/-/people/invitations/{withdraw}"), &[]).await;
    assert_eq!(strange.status, StatusCode::FORBIDDEN);
    let gone = mei.post(PEOPLE, &format!("/lab/-/people/invitations/{withdraw}"), &[]).await;
    assert_eq!(gone.status, StatusCode::SEE_OTHER);
    assert!(!zoe.get("/-/invitations").await.body.contains("readers"));
}

#[tokio::test]
async fn where_letters_are_sent_an_address_is_invited() {
    let site = Site::with(Choices { mailer: Some(site::mailer()), ..Choices::default() }).await;
    site.hearth.organization("lab", "mei").await;
    let mei = site.signed_in("mei").await;
    let owners = team_id(&site, "Owners").await;
    let fields = [("name", "bo@elsewhere.example"), ("team", owners.as_str())];
    let asked = mei.post(PEOPLE, "/lab/-/people/invite", &fields).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.body);
    assert!(mei.get(PEOPLE).await.body.contains("bo@elsewhere.example"));
}

#[tokio::test]
async fn an_owner_removes_others_and_the_last_owner_stays() {
    let site = lab().await;
    let bo = site.signed_in("bo").await;
    let refused = bo.post(PEOPLE, "/lab/-/people/remove", &[("name", "mei")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let mei = site.signed_in("mei").await;
    let removed = mei.post(PEOPLE, "/lab/-/people/remove", &[("name", "bo")]).await;
    assert_eq!(removed.status, StatusCode::SEE_OTHER);
    assert!(!bo.get("/lab").await.body.contains("/lab/-/teams"));
    let stays = mei.post(PEOPLE, "/lab/-/people/leave", &[]).await;
    assert_eq!(stays.status, StatusCode::CONFLICT);
    assert!(stays.body.contains("needs at least one owner"));
}
