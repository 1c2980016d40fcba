use axum::http::StatusCode;

use crate::site::Site;

const PAGE: &str = "/-/admin/large-files";
const ACCOUNT: &str = "/user/settings/account";

#[tokio::test]
async fn an_owner_gets_another_limit_which_is_shown_to_them_and_taken_back() {
    let site = Site::new().await;
    let (boss, mei) = (site.signed_in_admin("boss").await, site.signed_in("mei").await);
    assert!(boss.get(PAGE).await.body.contains("No limits of single owners"));
    let set = boss.post(PAGE, PAGE, &[("owner", "Mei"), ("gib", "2")]).await;
    assert_eq!((set.status, set.header("location")), (StatusCode::SEE_OTHER, PAGE));
    assert!(boss.get(PAGE).await.body.contains("0 B of 2.0 GiB in use."));
    assert!(mei.get(ACCOUNT).await.body.contains("0 B of 2.0 GiB in use."));
    boss.post(PAGE, PAGE, &[("owner", "mei"), ("gib", "0")]).await;
    assert!(mei.get(ACCOUNT).await.body.contains("0 B in use."));
    boss.post(PAGE, PAGE, &[("owner", "mei"), ("gib", "")]).await;
    assert!(mei.get(ACCOUNT).await.body.contains("0 B of 1.0 TiB in use."));
    assert!(boss.get(PAGE).await.body.contains("No limits of single owners"));
    let log = boss.get("/-/admin/audit?kind=quota").await.body;
    assert!(log.contains("large_file_bytes"), "{log}");
}

#[tokio::test]
async fn what_cannot_be_a_limit_is_said_at_its_field_and_others_are_turned_away() {
    let site = Site::new().await;
    let (boss, mei) = (site.signed_in_admin("boss").await, site.signed_in("mei").await);
    for (owner, gib, sentence) in [
        ("mei", "many", "Enter a number, 0 or more."),
        ("mei", "-1", "Enter a number, 0 or more."),
        ("mei", "18446744073709551615", "Enter a number, 0 or more."),
        ("nobody-here", "1", "No account with this name."),
    ] {
        let refused = boss.post(PAGE, PAGE, &[("owner", owner), ("gib", gib)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{owner} {gib}");
        assert!(refused.body.contains(sentence), "{owner} {gib}: {}", refused.body);
    }
    assert_eq!(mei.get(PAGE).await.status, StatusCode::FORBIDDEN);
    let refused = mei.post(ACCOUNT, PAGE, &[("owner", "mei"), ("gib", "0")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(mei.get(ACCOUNT).await.body.contains("0 B of 1.0 TiB in use."));
}
