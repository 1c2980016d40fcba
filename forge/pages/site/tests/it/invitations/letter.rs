use axum::http::StatusCode;
use data_encoding::HEXLOWER;
use hearth_app::{
    organization::{self, invitation},
    testing::Choices,
};
use hearth_core::Language;
use hearth_store::invitation as rows;
use sha2::{Digest as _, Sha256};

use crate::{
    organization::team_id,
    site::{self, Site},
};

/// The code of a link. The email itself is tested in `hearth-app`, with a real mail server.
const CODE: &str = "0123456789abcdef0123456789abcdef01234567";

#[tokio::test]
async fn the_link_of_a_letter_asks_first_and_works_once() {
    let site = Site::with(Choices { mailer: Some(site::mailer()), ..Choices::default() }).await;
    site.hearth.organization("lab", "mei").await;
    let app = &site.hearth.app;
    let lab = organization::open(app, &site.hearth.actor("mei").await, "lab").await.expect("theirs");
    let lab = lab.administer().expect("an owner");
    let team = team_id(&site, "Owners").await.parse().expect("a number");
    let sent = invitation::invite_by_letter(app, &lab, team, "bo@elsewhere.example", Language::En).await;
    let id = sent.expect("asked").id;
    let mut operation = app.begin().await.expect("a transaction");
    let hash = HEXLOWER.encode(&Sha256::digest(CODE.as_bytes()));
    assert!(rows::set_code(&mut operation, id, Some(&hash)).await.expect("kept"));
    operation.commit().await.expect("kept");

    let link = format!("/-/invitations/{CODE}");
    let stranger = site.get(&link, "en").await;
    assert!(stranger.header("location").starts_with("/user/login?redirect_to="));
    let bo = site.signed_in("bo").await;
    let page = bo.get_in(&link, "zh-CN").await;
    assert!(page.body.contains("以 bo 的身份加入"), "{}", page.body);
    let joined = bo.post(&link, &link, &[]).await;
    assert_eq!(joined.header("location"), "/lab", "{}", joined.body);
    assert!(bo.get("/lab").await.body.contains("/lab/-/settings"));
    let zoe = site.signed_in("zoe").await;
    assert_eq!(zoe.get(&link).await.status, StatusCode::NOT_FOUND);
    assert_eq!(zoe.post("/", &link, &[]).await.status, StatusCode::NOT_FOUND);
}
