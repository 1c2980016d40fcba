use axum::http::StatusCode;
use hearth_app::{
    access,
    organization::{self, invitation},
    repository::transfer,
};
use hearth_core::{RepositoryKind, Unit};

use crate::{
    organization::{lab, team_id},
    site::Site,
};

const LIST: &str = "/-/invitations";

async fn invite(site: &Site, name: &str) {
    let app = &site.hearth.app;
    let lab = organization::open(app, &site.hearth.actor("mei").await, "lab").await.expect("theirs");
    let team = team_id(site, "readers").await.parse().expect("a number");
    let lab = lab.administer().expect("an owner");
    invitation::invite(app, &lab, team, name).await.expect("asked");
}

#[tokio::test]
async fn an_invitation_is_accepted_or_declined() {
    let site = lab().await;
    let zoe = site.signed_in("zoe").await;
    for (answer, is_in) in [("decline", false), ("accept", true)] {
        invite(&site, "zoe").await;
        assert!(zoe.get("/").await.body.contains("href=\"/-/invitations\""), "the dashboard says so");
        let page = zoe.get_in(LIST, "zh-CN").await;
        assert!(page.body.contains("邀请你加入"), "{}", page.body);
        let id = page.between("/-/invitations/", "/accept").to_owned();
        let stranger = site.signed_in("bo").await;
        let strange = stranger.post("/", &format!("{LIST}/{id}/accept"), &[]).await;
        assert_eq!(strange.status, StatusCode::NOT_FOUND, "it is not theirs");
        let answered = zoe.post(LIST, &format!("{LIST}/{id}/{answer}"), &[]).await;
        assert_eq!(answered.status, StatusCode::SEE_OTHER, "{}", answered.body);
        assert_eq!(zoe.get("/lab").await.body.contains("/lab/-/teams"), is_in);
    }
    assert!(zoe.get(LIST).await.body.contains("No pending invitations"));
}

#[tokio::test]
async fn a_private_repository_is_taken_unseen() {
    let site = lab().await;
    site.hearth.private_repository("mei/gift").await;
    let zoe = site.signed_in("zoe").await;
    let app = &site.hearth.app;
    let actor = site.hearth.actor("mei").await;
    let gift = access::open(app, &actor, Unit::Code, RepositoryKind::Code, "mei", "gift").await;
    let gift = gift.expect("theirs").administer().expect("an owner");
    for (answer, address) in [("decline", LIST), ("accept", "/zoe/gift")] {
        transfer::start(app, &gift, "zoe").await.expect("asked");
        assert_eq!(zoe.get("/mei/gift").await.status, StatusCode::NOT_FOUND);
        let page = zoe.get(LIST).await;
        let id = page.between("/-/transfers/", "/accept").to_owned();
        let answered = zoe.post(LIST, &format!("/-/transfers/{id}/{answer}"), &[]).await;
        assert_eq!(answered.header("location"), address, "{}", answered.body);
    }
    assert_eq!(zoe.get("/zoe/gift").await.status, StatusCode::OK);
}

#[tokio::test]
async fn strangers_are_asked_to_sign_in() {
    let site = Site::new().await;
    let asked = site.get(LIST, "en").await;
    assert_eq!(asked.header("location"), "/user/login?redirect_to=%2F-%2Finvitations");
}
