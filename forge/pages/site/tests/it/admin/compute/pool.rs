use axum::http::StatusCode;

use super::fleet;

const NEW: &str = "/-/admin/compute/pools/new";
const PAGE: &str = "/-/admin/compute/pools/lab";

fn fields<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let base = [("label", "实验室"), ("engine", "east"), ("accelerator", "nvidia"), ("reserved_cards", "1")];
    [&base, more].concat()
}

#[tokio::test]
async fn a_change_is_saved_after_its_maker_saw_what_it_touches() {
    let site = fleet::site().await;
    let boss = site.signed_in_admin("boss").await;
    let made = boss.post(NEW, NEW, &fields(&[("code", "lab")])).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
    let shown = boss.get(PAGE).await;
    assert!(
        shown.body.contains("1 machine with 8 cards free") && shown.body.contains("gpu-2"),
        "{}",
        shown.body
    );
    let seen = boss.post(PAGE, PAGE, &fields(&[("reserved_cards", "2"), ("model", "x")])).await;
    assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY, "a field that is there twice");
    let changed: Vec<_> = fields(&[])
        .into_iter()
        .map(|(name, value)| if name == "reserved_cards" { (name, "2") } else { (name, value) })
        .collect();
    let seen = boss.post(PAGE, PAGE, &changed).await;
    assert_eq!(seen.status, StatusCode::OK);
    assert!(
        seen.body.contains("Tasks affected: 0 waiting, 0 running")
            && seen.body.contains("Nothing has been saved yet.")
    );
    assert!(boss.get(PAGE).await.body.contains("value=\"1\""), "nothing was saved");
    let saved = boss.post(PAGE, &format!("{PAGE}?sure=yes"), &changed).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    assert!(boss.get("/-/admin/compute").await.body.contains("lab updated."));
}

#[tokio::test]
async fn a_pool_is_paused_with_a_message_and_deleted_by_its_name() {
    let site = fleet::site().await;
    let boss = site.signed_in_admin("boss").await;
    boss.post(NEW, NEW, &fields(&[("code", "lab")])).await;
    let silent = boss.post(PAGE, &format!("{PAGE}/pause"), &[("message", "")]).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(silent.body.contains("This field is required."));
    boss.post(PAGE, &format!("{PAGE}/pause"), &[("message", "停机 <b>")]).await;
    assert!(boss.get("/-/admin/compute").await.body.contains("停机 &#60;b&#62;"));
    boss.post(PAGE, &format!("{PAGE}/resume"), &[]).await;
    assert!(!boss.get(PAGE).await.body.contains("停机"));
    let wrong = boss.post(PAGE, &format!("{PAGE}/delete"), &[("name", "other")]).await;
    assert!(wrong.body.contains("The name does not match."));
    boss.post(PAGE, &format!("{PAGE}/delete"), &[("name", "lab")]).await;
    assert_eq!(boss.get(PAGE).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn every_mistake_has_a_sentence_and_nothing_typed_is_lost() {
    let site = fleet::site().await;
    let boss = site.signed_in_admin("boss").await;
    let sent = [("code", "Bad Code"), ("label", "kept"), ("engine", "none"), ("node_selector", "nonsense")];
    let answer = boss.post(NEW, NEW, &sent).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for part in ["Use lower-case letters", "one of the options", "name=value", "kept", "nonsense"] {
        assert!(answer.body.contains(part), "{part} is missing in {}", answer.body);
    }
}
