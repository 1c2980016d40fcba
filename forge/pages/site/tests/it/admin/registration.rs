use axum::http::StatusCode;

use crate::site::Site;

const PAGE: &str = "/-/admin/registration";
const SIGN_UP: &str = "/user/sign_up";

#[tokio::test]
async fn what_an_administrator_chooses_counts_at_once_and_visitors_are_offered_only_what_works() {
    for site in Site::all().await {
        let boss = site.signed_in_admin("boss").await;
        let door = |html: &str| html.contains("href=\"/user/sign_up\"");
        assert!(door(&site.get("/", "en").await.body) && door(&site.get("/user/login", "en").await.body));
        let chosen = boss.post(PAGE, PAGE, &[("registration", "closed")]).await;
        assert_eq!((chosen.status, chosen.header("location")), (StatusCode::SEE_OTHER, PAGE));
        for path in ["/", "/user/login", "/explore/repos"] {
            assert!(!door(&site.get(path, "en").await.body), "{path}");
        }
        let closed = site.get(SIGN_UP, "en").await.body;
        assert!(
            closed.contains("Registration is closed") && closed.contains("Ask an administrator"),
            "{closed}"
        );
        assert!(boss.get("/-/admin").await.body.contains("registration\">Closed</a>"));

        boss.post(PAGE, PAGE, &[("registration", "invite")]).await;
        let shown = boss.get(PAGE).await.body;
        assert!(
            shown.contains("value=\"invite\" checked") && shown.contains("starts this site with: Open"),
            "{shown}"
        );
        assert!(site.get(SIGN_UP, "en").await.body.contains("name=\"code\""));
        let log = boss.get("/-/admin/audit?kind=setting").await.body;
        assert!(
            log.contains("data-label=\"Before\">closed</td><td data-label=\"After\">invite</td>"),
            "{log}"
        );
    }
}

#[tokio::test]
async fn only_administrators_choose_and_only_among_the_three() {
    let site = Site::new().await;
    let boss = site.signed_in_admin("boss").await;
    let mei = site.signed_in("mei").await;
    assert_eq!(mei.get(PAGE).await.status, StatusCode::FORBIDDEN);
    let refused = mei.post("/-/about", PAGE, &[("registration", "closed")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let unknown = boss.post(PAGE, PAGE, &[("registration", "maybe")]).await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(boss.get_in(PAGE, "zh-CN").await.body.contains("谁可以注册"));
}
