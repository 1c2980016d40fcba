use axum::http::StatusCode;

use super::fleet;

const LIST: &str = "/-/admin/compute/accelerators";
const NEW: &str = "/-/admin/compute/accelerators/new";
const PAGE: &str = "/-/admin/compute/accelerators/vastai";
const FIELDS: &[(&str, &str)] = &[
    ("code", "vastai"),
    ("vendor", "Vastai"),
    ("label", "Vastai VA"),
    ("resource_name", "vastaitech.com/va"),
    ("family", "cuda"),
    ("is_enabled", "true"),
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
    let bad = boss.post(NEW, NEW, &with("mounts", "/root")).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", bad.body);
    assert!(bad.body.contains("one absolute path per line"), "{}", bad.body);
    let made = boss.post(NEW, NEW, FIELDS).await;
    assert_eq!((made.status, made.header("location")), (StatusCode::SEE_OTHER, LIST), "{}", made.body);
    let twice = boss.post(NEW, NEW, FIELDS).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    let changed = with("mounts", "/usr/local/vastai:ro");
    let seen = boss.post(PAGE, PAGE, &changed).await;
    assert!(seen.body.contains("Tasks affected: 0 waiting, 0 running"), "{}", seen.body);
    assert!(!boss.get(PAGE).await.body.contains("/usr/local/vastai:ro"), "nothing was saved");
    let saved = boss.post(PAGE, &format!("{PAGE}?sure=yes"), &changed).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    assert!(boss.get(PAGE).await.body.contains("/usr/local/vastai:ro"));
    assert!(boss.get(LIST).await.body.contains("vastaitech.com/va"));
}
