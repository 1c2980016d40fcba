use axum::http::StatusCode;
use hearth_app::testing::Choices;

use crate::site::{Site, mailer};

const PAGE: &str = "/-/admin/mail";

#[tokio::test]
async fn without_a_mail_server_the_page_says_which_section_names_one() {
    let site = Site::new().await;
    let boss = site.signed_in_admin("boss").await;
    let page = boss.get(PAGE).await;
    assert!(page.body.contains("This site cannot send email") && page.body.contains("[mail]"));
    assert_eq!(boss.post("/-/admin/invites", PAGE, &[]).await.status, StatusCode::FORBIDDEN);
    assert!(boss.get("/-/admin/invites").await.body.contains("Share the invitation link yourself"));
}

#[tokio::test]
async fn a_mail_server_that_is_away_is_said_to_whoever_tries_it() {
    let site = Site::with(Choices { mailer: Some(mailer()), ..Choices::default() }).await;
    let boss = site.signed_in_admin("boss").await;
    assert!(boss.get(PAGE).await.body.contains("127.0.0.1:1"));
    let tried = boss.post(PAGE, PAGE, &[]).await;
    assert!(tried.body.contains("The test email could not be sent"), "{}", tried.body);
    assert!(tried.body.contains("does not take letters now"), "{}", tried.body);
    let mei = site.signed_in("mei").await;
    assert_eq!(mei.get(PAGE).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn an_invitation_goes_to_an_address() {
    let site = Site::with(Choices { mailer: Some(mailer()), ..Choices::default() }).await;
    let boss = site.signed_in_admin("boss").await;
    let page = "/-/admin/invites";
    let asked = boss.post(page, page, &[("note", ""), ("email", "lin@example.org")]).await;
    assert_eq!((asked.status, asked.header("location")), (StatusCode::SEE_OTHER, page));
    assert!(boss.get(page).await.body.contains("Sending the invitation to lin@example.org."));
    let wrong = boss.post(page, page, &[("note", ""), ("email", "lin\r\nBcc: eve@example.org")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
}
