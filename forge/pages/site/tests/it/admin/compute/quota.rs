use axum::http::StatusCode;

use super::fleet;

const LIST: &str = "/-/admin/compute/quotas";
const NEW: &str = "/-/admin/compute/quotas/new";
const PAGE: &str = "/-/admin/compute/quotas/everybody";
const FIELDS: &[(&str, &str)] = &[("code", "everybody"), ("nominal_cards", "2")];

/// The fields, with one value replaced.
fn with<'a>(name: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    let others = FIELDS.iter().copied().filter(|(other, _)| *other != name);
    others.chain([(name, value)]).collect()
}

#[tokio::test]
async fn it_is_made_previewed_and_changed() {
    let site = fleet::site().await;
    let boss = site.signed_in_admin("boss").await;
    let bad = boss.post(NEW, NEW, &with("lend_cards", "3")).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", bad.body);
    assert!(bad.body.contains("Cannot lend more than the guaranteed share"), "{}", bad.body);
    let made = boss.post(NEW, NEW, FIELDS).await;
    assert_eq!((made.status, made.header("location")), (StatusCode::SEE_OTHER, LIST), "{}", made.body);
    let twice = boss.post(NEW, NEW, FIELDS).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    let changed = with("weekly_hours", "120");
    let seen = boss.post(PAGE, PAGE, &changed).await;
    assert!(seen.body.contains("Tasks affected: 0 waiting, 0 running"), "{}", seen.body);
    assert!(!boss.get(PAGE).await.body.contains("value=\"120\""), "nothing was saved");
    let saved = boss.post(PAGE, &format!("{PAGE}?sure=yes"), &changed).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    assert!(boss.get(PAGE).await.body.contains("value=\"120\""));
    assert!(boss.get(LIST).await.body.contains("120"));
    boss.post(PAGE, &format!("{PAGE}/delete"), &[]).await;
    assert_eq!(boss.get(PAGE).await.status, StatusCode::NOT_FOUND);
}
