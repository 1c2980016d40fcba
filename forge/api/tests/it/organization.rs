use axum::http::Method;
use hearth_app::testing::TestHearth;
use serde_json::json;

use crate::client::Client;

/// Mei, who made the organisation `lab`, bo and an outsider, each with a token for everything.
async fn lab() -> (TestHearth, Client, Client, Client) {
    let hearth = TestHearth::new().await;
    for name in ["mei", "bo", "out"] {
        hearth.user(name).await;
    }
    let mei = Client::with_token(&hearth, "mei", "all").await;
    let bo = Client::with_token(&hearth, "bo", "all").await;
    let out = Client::with_token(&hearth, "out", "all").await;
    let body = r#"{"username": "lab", "full_name": "The Lab", "description": "We train"}"#;
    let made = mei.call(Method::POST, "/api/v1/orgs", body).await.expect(201).json();
    assert_eq!((made["name"].as_str(), made["visibility"].as_str()), (Some("lab"), Some("public")));
    (hearth, mei, bo, out)
}

#[tokio::test]
async fn an_organisation_is_made_changed_renamed_and_deleted() {
    let (_hearth, mei, bo, _) = lab().await;
    mei.call(Method::POST, "/api/v1/orgs", r#"{"username": "bo"}"#).await.expect(422);
    mei.call(Method::POST, "/api/v1/orgs", r#"{"username": "admin"}"#).await.expect(422);
    bo.call(Method::PATCH, "/api/v1/orgs/lab", r#"{"description": "x"}"#).await.expect(403);
    let changed = mei.call(Method::PATCH, "/api/v1/orgs/lab", r#"{"location": "Shenzhen"}"#).await;
    let changed = changed.expect(200).json();
    assert_eq!(
        (changed["location"].as_str(), changed["description"].as_str()),
        (Some("Shenzhen"), Some("We train"))
    );
    let made =
        mei.call(Method::POST, "/api/v1/orgs/lab/repos", r#"{"name": "llm"}"#).await.expect(201).json();
    assert_eq!((made["full_name"].as_str(), made["owner"]["login"].as_str()), (Some("lab/llm"), Some("lab")));
    assert_eq!(mei.get("/api/v1/orgs/lab/repos").await.expect(200).header("x-total-count"), "1");
    bo.call(Method::POST, "/api/v1/org/lab/repos", r#"{"name": "old"}"#).await.expect(403);
    let older = mei.call(Method::POST, "/api/v1/org/lab/repos", r#"{"name": "old"}"#).await;
    assert_eq!(older.expect(201).json()["full_name"], "lab/old");
    mei.call(Method::DELETE, "/api/v1/repos/lab/old", "").await.expect(204);
    mei.call(Method::POST, "/api/v1/orgs/lab/rename", r#"{"new_name": "lab2"}"#).await.expect(204);
    assert_eq!(mei.get("/api/v1/repos/lab/llm").await.expect(200).json()["full_name"], "lab2/llm");
    mei.call(Method::DELETE, "/api/v1/orgs/lab2", "").await.expect(409);
    mei.call(Method::DELETE, "/api/v1/repos/lab2/llm", "").await.expect(204);
    mei.call(Method::DELETE, "/api/v1/orgs/lab2", "").await.expect(204);
    mei.get("/api/v1/orgs/lab2").await.expect(404);
}

#[tokio::test]
async fn a_private_organisation_is_absent_for_others() {
    let (_hearth, mei, _, out) = lab().await;
    mei.call(Method::PATCH, "/api/v1/orgs/lab", r#"{"visibility": "private"}"#).await.expect(200);
    let absent = out.get("/api/v1/orgs/none").await.expect(404);
    for path in ["/api/v1/orgs/lab", "/api/v1/orgs/lab/members", "/api/v1/orgs/lab/repos"] {
        assert_eq!(out.get(path).await.expect(404).body, absent.body);
    }
    assert_eq!(out.get("/api/v1/orgs").await.expect(200).json(), json!([]));
    assert_eq!(mei.get("/api/v1/user/orgs").await.expect(200).json()[0]["name"], "lab");
}

#[tokio::test]
async fn a_team_says_by_unit_what_its_people_may_do_in_its_repositories() {
    let (_hearth, mei, bo, out) = lab().await;
    let body = r#"{"name": "llm", "private": true}"#;
    mei.call(Method::POST, "/api/v1/orgs/lab/repos", body).await.expect(201);
    bo.get("/api/v1/repos/lab/llm").await.expect(404);
    let body = r#"{"name": "writers", "units_map": {"repo.code": "write", "repo.issues": "read"}}"#;
    let team = mei.call(Method::POST, "/api/v1/orgs/lab/teams", body).await.expect(201).json();
    assert_eq!(
        (team["permission"].as_str(), &team["units_map"]["repo.code"]),
        (Some("none"), &json!("write"))
    );
    let team = format!("/api/v1/teams/{}", team["id"]);
    mei.call(Method::PUT, &format!("{team}/members/bo"), "").await.expect(204);
    mei.call(Method::PUT, &format!("{team}/repos/lab/llm"), "").await.expect(204);
    let seen = bo.get("/api/v1/repos/lab/llm").await.expect(200).json();
    assert_eq!(seen["permissions"], json!({"admin": false, "push": true, "pull": true}));
    bo.call(Method::PATCH, "/api/v1/repos/lab/llm", r#"{"description": "x"}"#).await.expect(403);
    let mine = bo.get("/api/v1/user/teams").await.expect(200).json();
    assert_eq!((&mine[0]["name"], &mine[0]["organization"]["name"]), (&json!("writers"), &json!("lab")));
    assert_eq!(mei.get(&format!("{team}/members")).await.expect(200).json()[0]["login"], "bo");
    assert_eq!(mei.get(&format!("{team}/members/bo")).await.expect(200).json()["login"], "bo");
    out.get(&team).await.expect(404);
    let changed = mei.call(Method::PATCH, &team, r#"{"permission": "read"}"#).await.expect(200).json();
    assert_eq!(changed["permission"], "read");
    mei.call(Method::PATCH, &team, r#"{"name": "Owners"}"#).await.expect(422);
    let may = bo.get("/api/v1/repos/lab/llm").await.expect(200).json();
    assert_eq!(may["permissions"]["push"], false);
    mei.call(Method::DELETE, &format!("{team}/repos/lab/llm"), "").await.expect(204);
    bo.get("/api/v1/repos/lab/llm").await.expect(404);
    mei.call(Method::PUT, "/api/v1/repos/lab/llm/teams/writers", "").await.expect(204);
    let teams = mei.get("/api/v1/repos/lab/llm/teams").await.expect(200).json();
    assert_eq!(
        (teams[0]["permission"].as_str(), teams[1]["name"].as_str()),
        (Some("owner"), Some("writers"))
    );
    mei.call(Method::DELETE, &team, "").await.expect(204);
    bo.get("/api/v1/repos/lab/llm").await.expect(404);
    assert_eq!(bo.get("/api/v1/user/orgs").await.expect(200).json(), json!([]));
}

#[tokio::test]
async fn members_say_themselves_whether_everybody_may_know_of_them() {
    let (_hearth, mei, bo, out) = lab().await;
    let teams = mei.get("/api/v1/orgs/lab/teams").await.expect(200).json();
    let owners = format!("/api/v1/teams/{}", teams[0]["id"]);
    mei.call(Method::PUT, &format!("{owners}/members/bo"), "").await.expect(204);
    assert_eq!(out.get("/api/v1/orgs/lab/public_members").await.expect(200).json(), json!([]));
    out.get("/api/v1/orgs/lab/members/bo").await.expect(404);
    mei.call(Method::PUT, "/api/v1/orgs/lab/public_members/bo", "").await.expect(404);
    bo.call(Method::PUT, "/api/v1/orgs/lab/public_members/bo", "").await.expect(204);
    assert_eq!(out.get("/api/v1/orgs/lab/members").await.expect(200).json()[0]["login"], "bo");
    out.call(Method::DELETE, "/api/v1/orgs/lab/members/bo", "").await.expect(403);
    mei.call(Method::DELETE, "/api/v1/orgs/lab/members/bo", "").await.expect(204);
    mei.call(Method::DELETE, "/api/v1/orgs/lab/members/mei", "").await.expect(409);
}

#[tokio::test]
async fn people_are_given_parts_of_a_repository_and_a_repository_is_given_to_others() {
    let (_hearth, mei, bo, out) = lab().await;
    mei.call(Method::POST, "/api/v1/user/repos", r#"{"name": "llm", "private": true}"#).await.expect(201);
    let of_bo = "/api/v1/repos/mei/llm/collaborators/bo";
    mei.get(of_bo).await.expect(404);
    mei.call(Method::PUT, of_bo, r#"{"permission": "read"}"#).await.expect(204);
    mei.get(of_bo).await.expect(204);
    let may = bo.get(&format!("{of_bo}/permission")).await.expect(200).json();
    assert_eq!((may["permission"].as_str(), may["user"]["login"].as_str()), (Some("read"), Some("bo")));
    bo.call(Method::POST, "/api/v1/repos/mei/llm/transfer", r#"{"new_owner": "bo"}"#).await.expect(403);
    let asked = mei.call(Method::POST, "/api/v1/repos/mei/llm/transfer", r#"{"new_owner": "bo"}"#).await;
    assert_eq!(asked.expect(201).json()["full_name"], "mei/llm");
    out.call(Method::POST, "/api/v1/repos/mei/llm/transfer/accept", "").await.expect(404);
    let taken = bo.call(Method::POST, "/api/v1/repos/mei/llm/transfer/accept", "").await.expect(202).json();
    assert_eq!(taken["full_name"], "bo/llm");
    assert_eq!(bo.get("/api/v1/repos/mei/llm").await.expect(200).json()["full_name"], "bo/llm");
    mei.get("/api/v1/repos/bo/llm").await.expect(404);
    mei.call(Method::POST, "/api/v1/user/repos", r#"{"name": "shared"}"#).await.expect(201);
    let moved = mei.call(Method::POST, "/api/v1/repos/mei/shared/transfer", r#"{"new_owner": "lab"}"#).await;
    assert_eq!(moved.expect(202).json()["full_name"], "lab/shared");
}

#[tokio::test]
async fn new_repositories_begin_with_the_labels_of_their_organisation() {
    let (_hearth, mei, bo, _) = lab().await;
    let all = "/api/v1/orgs/lab/labels";
    let bug = r##"{"name": "Bug", "color": "#FF0000", "description": "Broken"}"##;
    bo.call(Method::POST, all, bug).await.expect(403);
    let made = mei.call(Method::POST, all, bug).await.expect(201).json();
    let one = format!("{all}/{}", made["id"]);
    assert!(made["url"].as_str().is_some_and(|url| url.ends_with(&one)), "{made}");
    let high = r#"{"name": "priority/high", "color": "00ff00", "exclusive": true}"#;
    mei.call(Method::POST, all, high).await.expect(201);
    for bad in [r#"{"name": "x", "color": "red"}"#, r#"{"name": " ", "color": "00ff00"}"#] {
        mei.call(Method::POST, all, bad).await.expect(422);
    }
    mei.call(Method::POST, all, r#"{"name": "bug", "color": "00ff00"}"#).await.expect(409);
    let listed = bo.get(&format!("{all}?limit=1")).await.expect(200);
    assert_eq!((listed.header("x-total-count"), &listed.json()[0]), ("2", &made));
    assert_eq!(bo.get(&one).await.expect(200).json(), made);

    // Beside the usual ones, of which there is a bug already.
    let new = r#"{"name": "llm", "issue_labels": "Default"}"#;
    mei.call(Method::POST, "/api/v1/orgs/lab/repos", new).await.expect(201);
    let of_repository = mei.get("/api/v1/repos/lab/llm/labels").await.expect(200).json();
    let names: Vec<&str> =
        of_repository.as_array().into_iter().flatten().filter_map(|label| label["name"].as_str()).collect();
    let expected =
        ["Bug", "duplicate", "enhancement", "help wanted", "invalid", "priority/high", "question", "wontfix"];
    assert_eq!(names, expected);
    assert_eq!(
        (&of_repository[0]["color"], &of_repository[5]["exclusive"]),
        (&json!("ff0000"), &json!(true))
    );

    let changed = r##"{"color": "#0e0175", "description": "Does not work"}"##;
    bo.call(Method::PATCH, &one, changed).await.expect(403);
    let changed = mei.call(Method::PATCH, &one, changed).await.expect(200).json();
    assert_eq!((&changed["name"], &changed["color"]), (&json!("Bug"), &json!("0e0175")));
    bo.call(Method::DELETE, &one, "").await.expect(403);
    mei.call(Method::DELETE, &one, "").await.expect(204);
    for missing in [one.as_str(), "/api/v1/orgs/lab/labels/x", "/api/v1/orgs/none/labels"] {
        mei.get(missing).await.expect(404);
    }
    let kept = mei.get("/api/v1/repos/lab/llm/labels").await.expect(200).json();
    assert_eq!(kept[0]["color"], "ff0000", "its own from the beginning");
}
