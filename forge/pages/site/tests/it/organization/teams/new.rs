use axum::http::StatusCode;

use crate::organization::lab;

const NEW: &str = "/lab/-/teams/new";

#[tokio::test]
async fn a_team_is_made_with_permissions_by_unit() {
    let site = lab().await;
    let mei = site.signed_in("mei").await;
    let fields = [
        ("name", "Trainers 训练"),
        ("reach", "all"),
        ("may_create", "true"),
        ("role-all", "read"),
        ("role-tasks", "write"),
        ("role-code", ""),
    ];
    let made = mei.post(NEW, NEW, &fields).await;
    let address = "/lab/-/teams/Trainers%20%E8%AE%AD%E7%BB%83";
    assert_eq!((made.status, made.header("location")), (StatusCode::SEE_OTHER, address), "{}", made.body);
    let shown = mei.get(address).await.body;
    for word in ["Tasks: Write", "Access to all repositories", "Can create repositories"] {
        assert!(shown.contains(word), "{word}");
    }
    assert!(mei.get(&format!("{address}/edit")).await.body.contains("name=\"role-tasks\" value=\"write\""));
}

#[tokio::test]
async fn a_team_without_permissions_or_with_a_reserved_name_comes_back() {
    let site = lab().await;
    let mei = site.signed_in("mei").await;
    for (name, role, sentence) in [("empty", "", "field is required"), ("new", "read", "name is reserved")] {
        let fields = [("name", name), ("description", "kept"), ("role-all", role)];
        let refused = mei.post(NEW, NEW, &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(refused.body.contains(sentence) && refused.body.contains("kept"), "{}", refused.body);
    }
    let bo = site.signed_in("bo").await;
    assert_eq!(bo.get(NEW).await.status, StatusCode::FORBIDDEN);
}
