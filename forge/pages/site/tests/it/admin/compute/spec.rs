use axum::http::StatusCode;

use super::fleet;

const LIST: &str = "/-/admin/compute/specs";
const NEW: &str = "/-/admin/compute/specs/new";
const PAGE: &str = "/-/admin/compute/specs/any-24";
const FIELDS: &[(&str, &str)] = &[
    ("code", "any-24"),
    ("accelerator", "*"),
    ("cards", "2"),
    ("card_memory", "24 GiB"),
    ("cpus", "8"),
    ("memory", "64 GiB"),
    ("is_on_shelf", "true"),
];

/// The fields, with one value replaced.
fn with<'a>(name: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    let others = FIELDS.iter().copied().filter(|(other, _)| *other != name);
    others.chain([(name, value)]).collect()
}

#[tokio::test]
async fn it_is_made_previewed_and_changed() {
    let site = fleet::site().await;
    let boss = site.signed_in_admin("boss").await;
    let bad = boss.post(NEW, NEW, &with("card_memory", "")).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", bad.body);
    assert!(bad.body.contains("needs a minimum memory per card"), "{}", bad.body);
    let made = boss.post(NEW, NEW, FIELDS).await;
    assert_eq!((made.status, made.header("location")), (StatusCode::SEE_OTHER, LIST), "{}", made.body);
    let twice = boss.post(NEW, NEW, FIELDS).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    let changed = with("memory", "96 GiB");
    let seen = boss.post(PAGE, PAGE, &changed).await;
    assert!(seen.body.contains("Tasks affected: 0 waiting, 0 running"), "{}", seen.body);
    assert!(!boss.get(PAGE).await.body.contains("96 GiB"), "nothing was saved");
    let saved = boss.post(PAGE, &format!("{PAGE}?sure=yes"), &changed).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    assert!(boss.get(PAGE).await.body.contains("96 GiB"));
    assert!(boss.get(LIST).await.body.contains("Any 2 cards with 24"));
}
