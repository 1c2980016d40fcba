use axum::http::StatusCode;

use crate::site::Site;

const PAGE: &str = "/-/admin/audit";

#[tokio::test]
async fn every_change_is_there_with_before_and_after() {
    let site = Site::new().await;
    let boss = site.signed_in_admin("boss").await;
    assert!(boss.get(&format!("{PAGE}?kind=quota")).await.body.contains("No entries"));
    let new = "/-/admin/compute/quotas/new";
    boss.post(new, new, &[("code", "everybody"), ("nominal_cards", "2")]).await;
    let page = "/-/admin/compute/quotas/everybody";
    boss.post(page, &format!("{page}?sure=yes"), &[("nominal_cards", "5")]).await;
    let shown = boss.get(&format!("{PAGE}?kind=quota")).await;
    for part in [
        "everybody",
        "nominal_cards",
        "data-label=\"Before\">2</td><td data-label=\"After\">5</td>",
        "changed",
        "boss",
        "2 entries",
    ] {
        assert!(shown.body.contains(part), "{part} is missing in {}", shown.body);
    }
    site.signed_in("mei").await;
    boss.post("/-/admin/users", "/-/admin/users/mei/block", &[]).await;
    let of_users = boss.get(&format!("{PAGE}?kind=user&subject=mei")).await;
    assert!(of_users.body.contains("is_blocked") && of_users.body.contains("2 entries"), "{}", of_users.body);
    assert!(boss.get_in(PAGE, "zh-CN").await.body.contains("审计日志"));
    let mei = site.signed_in("lin").await;
    assert_eq!(mei.get(PAGE).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn entries_are_found_by_who_acted_and_when_and_can_be_taken_away() {
    let site = Site::new().await;
    let boss = site.signed_in_admin("boss").await;
    let mei = site.signed_in("mei").await;
    let fields = [("name", "=danger"), ("days", "30"), ("scopes", "write:repository")];
    mei.post("/user/settings/applications", "/user/settings/applications", &fields).await;
    let of = async |query: &str| boss.get(&format!("{PAGE}?{query}")).await.body;
    assert!(of("actor=mei&kind=token").await.contains("1 entry"));
    assert!(of("actor=boss&kind=token").await.contains("0 entries"));
    assert!(of("kind=token&from=2026-09-21&to=2026-09-21").await.contains("1 entry"));
    assert!(of("kind=token&from=2026-09-22").await.contains("0 entries"));
    assert!(of("kind=token&to=2026-09-20").await.contains("0 entries"));
    assert!(of("kind=token&from=yesterday").await.contains("1 entry"), "what is no day narrows nothing");

    let csv = boss.get(&format!("{PAGE}/audit.csv?kind=token")).await;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    assert!(csv.header("content-disposition").contains("audit.csv"));
    let lines: Vec<_> = csv.body.lines().collect();
    assert_eq!(lines.len(), 2, "{}", csv.body);
    assert!(lines[0].starts_with("\"time\",\"actor\"") && lines[1].contains("\"'=danger\""), "{}", csv.body);
    let json = boss.get(&format!("{PAGE}/audit.jsonl?actor=mei&kind=token")).await.body;
    let read: serde_json::Value = serde_json::from_str(json.trim()).expect("one line of JSON");
    assert_eq!((&read["actor"], &read["subject"]), (&"mei".into(), &"=danger".into()));
    assert!(boss.get(&format!("{PAGE}/audit.jsonl?actor=nobody")).await.body.is_empty());
    assert_eq!(boss.get(&format!("{PAGE}/audit.xml")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(mei.get(&format!("{PAGE}/audit.csv")).await.status, StatusCode::FORBIDDEN);
}
