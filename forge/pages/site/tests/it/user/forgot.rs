use axum::http::StatusCode;
use hearth_app::testing::Choices;

use crate::site::{Answer, Site, mailer};

const PAGE: &str = "/user/forgot";

#[tokio::test]
async fn without_a_mail_server_the_page_says_what_to_do_instead() {
    let site = Site::new().await;
    let page = site.get(PAGE, "en").await;
    assert!(page.body.contains("This site cannot send email") && page.body.contains("Ask an administrator"));
    assert!(!page.body.contains("name=\"name\""));
    assert!(site.get(PAGE, "zh-CN").await.body.contains("本站无法发送邮件"));
    assert_eq!(site.post("/user/login", PAGE, &[("name", "mei")]).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn every_request_gets_the_same_answer() {
    let site = Site::with(Choices { mailer: Some(mailer()), ..Choices::default() }).await;
    site.hearth.user("mei").await;
    assert!(site.get("/user/login", "en").await.body.contains("href=\"/user/forgot\""));
    let known = site.post(PAGE, PAGE, &[("name", "mei")]).await;
    let unknown = site.post(PAGE, PAGE, &[("name", "nobody")]).await;
    assert!(known.body.contains("Check your email"), "{}", known.body);
    let main = |answer: &Answer| answer.between("<main", "</main>").to_owned();
    assert_eq!((known.status, main(&known)), (unknown.status, main(&unknown)));
    let empty = site.post(PAGE, PAGE, &[("name", " ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
}
