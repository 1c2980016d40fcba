use axum::http::StatusCode;

use crate::site::Site;

const MAKE_ADMIN: &str = "/-/admin/users/mei/make-admin";

#[tokio::test]
async fn what_a_click_should_not_do_is_asked_first_with_its_object_and_consequence() {
    let site = Site::new().await;
    let boss = site.signed_in_admin("boss").await;
    site.signed_in("mei").await;
    let list = boss.get("/-/admin/users").await.body;
    assert!(
        list.contains(&format!("href=\"{MAKE_ADMIN}\""))
            && !list.contains(&format!("action=\"{MAKE_ADMIN}\""))
    );
    for (act, question) in [
        ("make-admin", "Make mei an administrator?"),
        ("unmake-admin", "Remove mei as administrator?"),
        ("block", "Block mei?"),
        ("unblock", "Unblock mei?"),
    ] {
        let path = format!("/-/admin/users/mei/{act}");
        let asked = boss.get(&path).await;
        assert_eq!(asked.status, StatusCode::OK);
        assert!(
            asked.body.contains(question) && asked.body.contains(&format!("action=\"{path}\"")),
            "{}",
            asked.body
        );
        assert!(asked.body.contains("recorded in the audit log"));
    }
    assert!(boss.get_in(MAKE_ADMIN, "zh-CN").await.body.contains("将 mei 设为管理员？"));
    assert_eq!(boss.get("/-/admin/users/mei/promote").await.status, StatusCode::NOT_FOUND);
    assert_eq!(boss.get("/-/admin/users/nobody/block").await.status, StatusCode::NOT_FOUND);
    assert_eq!(boss.get("/-/admin/users/boss/block").await.status, StatusCode::CONFLICT);
    let mode = boss.get("/-/administering?return_to=/explore/repos").await;
    assert!(
        mode.body.contains("Enter administrator mode?") && mode.body.contains("For 60 minutes"),
        "{}",
        mode.body
    );
    assert!(mode.body.contains("name=\"return_to\" value=\"/explore/repos\""));
    let elsewhere = boss.get("/-/administering?return_to=https://evil.example").await;
    assert!(!elsewhere.body.contains("name=\"return_to\" value=\"https"));
}

#[tokio::test]
async fn administrator_rights_are_given_only_with_the_name_typed() {
    let site = Site::new().await;
    let boss = site.signed_in_admin("boss").await;
    let mei = site.signed_in("mei").await;
    for typed in [&[][..], &[("confirm", "lin")][..]] {
        let again = boss.post(MAKE_ADMIN, MAKE_ADMIN, typed).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.body.contains("The name does not match.") && again.body.contains("data-must=\"mei\""));
    }
    assert_eq!(mei.get("/-/admin").await.status, StatusCode::FORBIDDEN);
    let made = boss.post(MAKE_ADMIN, MAKE_ADMIN, &[("confirm", " mei ")]).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER);
    assert_eq!(site.signed_in("mei").await.get("/-/admin").await.status, StatusCode::OK);
}

#[tokio::test]
async fn nobody_else_is_even_asked() {
    let site = Site::new().await;
    let mei = site.signed_in("mei").await;
    site.signed_in("lin").await;
    for path in ["/-/admin/users/lin/block", "/-/administering"] {
        assert_eq!(mei.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
}
