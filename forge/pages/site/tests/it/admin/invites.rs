use axum::http::StatusCode;
use hearth_app::{Registration, Settings, testing::Choices};

use crate::site::{PASSWORD, Site};

const PAGE: &str = "/-/admin/invites";

#[tokio::test]
async fn an_invitation_is_shown_once_and_brings_one_person_in() {
    let settings = Settings { registration: Some(Registration::Invite), ..Settings::default() };
    let site = Site::with(Choices { settings, ..Choices::default() }).await;
    let boss = site.signed_in_admin("boss").await;
    let made = boss.post(PAGE, PAGE, &[("note", "林 <b>")]).await;
    assert_eq!((made.status, made.header("cache-control")), (StatusCode::OK, "no-store"));
    let address = made.between("<code>http://hearth.test", "</code>").to_owned();
    assert!(!boss.get(PAGE).await.body.contains(&address));

    let code = address.split_once("code=").expect("a code").1;
    let fields = [("name", "lin"), ("email", "lin@example.org"), ("password", PASSWORD), ("code", code)];
    assert_eq!(site.post(&address, "/user/sign_up", &fields).await.status, StatusCode::SEE_OTHER);
    let list = boss.get(PAGE).await;
    assert!(list.body.contains("林 &#60;b&#62;") && list.body.contains("Used <relative-time>"));
    assert!(!list.body.contains("Withdraw"));
}

#[tokio::test]
async fn an_open_invitation_is_taken_back() {
    let site = Site::new().await;
    let boss = site.signed_in_admin("boss").await;
    boss.post(PAGE, PAGE, &[("note", "")]).await;
    let list = boss.get(PAGE).await;
    assert!(list.body.contains("Withdraw this invitation") && list.body.contains("Its link stops working."));
    let delete = format!("{PAGE}/{}/delete", list.between("invites/", "/delete"));
    assert_eq!(boss.post(PAGE, &delete, &[]).await.header("location"), PAGE);
    assert!(boss.get(PAGE).await.body.contains("No invitations"));
    assert_eq!(boss.post(PAGE, &delete, &[]).await.status, StatusCode::NOT_FOUND);
}
