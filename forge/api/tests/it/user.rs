use data_encoding::BASE64;
use hearth_app::{
    Password,
    testing::TestHearth,
    user::{self, NewAccount, Profile},
};
use http::Method;
use serde_json::json;

use crate::client::Client;

const PASSWORD: &str = "correct horse battery";

async fn account(hearth: &TestHearth, name: &str) -> Client {
    let (email, password) = (format!("{name}@example.org"), Password::new(PASSWORD));
    let is_admin = name == "boss";
    let new = NewAccount { name: name.into(), email, password, is_admin, ..NewAccount::default() };
    user::create_as_operator(&hearth.app, new).await.expect("the account is new");
    with_password(hearth, name, PASSWORD)
}

fn with_password(hearth: &TestHearth, name: &str, password: &str) -> Client {
    let pair = BASE64.encode(format!("{name}:{password}").as_bytes());
    Client::anonymous(&hearth.app).authorized(&format!("Basic {pair}"))
}

#[tokio::test]
async fn a_password_makes_a_token_and_a_token_makes_none() {
    let hearth = TestHearth::new().await;
    let mei = account(&hearth, "mei").await;
    let path = "/api/v1/users/mei/tokens";
    let body = json!({ "name": "laptop", "scopes": ["read:user", "write:repository"] }).to_string();
    let made = mei.call(Method::POST, path, &body).await.expect(201).json();
    let secret = made["sha1"].as_str().expect("the token").to_owned();
    assert_eq!(secret.len(), 40);
    assert_eq!(made["token_last_eight"], secret[32..]);
    assert_eq!(made["scopes"], json!(["read:user", "write:repository"]));

    for header in [format!("token {secret}"), format!("Bearer {secret}"), with_basic("mei", &secret)] {
        let program = mei.authorized(&header);
        assert_eq!(program.get("/api/v1/user").await.expect(200).json()["login"], "mei");
        let more = json!({ "name": "more", "scopes": ["all"] }).to_string();
        program.call(Method::POST, path, &more).await.expect(403);
        program.get(path).await.expect(403);
        program.call(Method::DELETE, &format!("{path}/laptop"), "").await.expect(403);
    }
    let listed = mei.get(path).await.expect(200).json();
    assert_eq!((listed[0]["name"].as_str(), listed[0]["sha1"].as_str()), (Some("laptop"), Some("")));
    mei.call(Method::DELETE, &format!("{path}/laptop"), "").await.expect(204);
    mei.authorized(&format!("token {secret}")).get("/api/v1/user").await.expect(401);
    mei.call(Method::DELETE, &format!("{path}/laptop"), "").await.expect(404);
}

fn with_basic(name: &str, secret: &str) -> String {
    format!("Basic {}", BASE64.encode(format!("{name}:{secret}").as_bytes()))
}

#[tokio::test]
async fn tokens_without_scopes_or_for_others_are_refused() {
    let hearth = TestHearth::new().await;
    let mei = account(&hearth, "mei").await;
    account(&hearth, "lin").await;
    for body in [json!({}), json!({ "name": "x" }), json!({ "name": "x", "scopes": ["root"] })] {
        mei.call(Method::POST, "/api/v1/users/mei/tokens", &body.to_string()).await.expect(422);
    }
    let good = json!({ "name": "x", "scopes": ["all"] }).to_string();
    mei.call(Method::POST, "/api/v1/users/lin/tokens", &good).await.expect(403);
    let nobody = Client::anonymous(&hearth.app);
    nobody.call(Method::POST, "/api/v1/users/mei/tokens", &good).await.expect(401);
}

#[tokio::test]
async fn wrong_passwords_are_refused_and_slowed_down() {
    let hearth = TestHearth::new().await;
    account(&hearth, "mei").await;
    for name in ["mei", "nobody"] {
        let mut statuses = Vec::new();
        for _ in 0..6 {
            let answer = with_password(&hearth, name, "wrong").get("/api/v1/user").await;
            statuses.push(answer.status.as_u16());
        }
        assert_eq!(statuses, [401, 401, 401, 401, 401, 429], "{name}");
    }
}

#[tokio::test]
async fn a_hidden_address_is_told_to_its_owner_and_administrators_alone() {
    let hearth = TestHearth::new().await;
    let (mei, lin, boss) =
        (account(&hearth, "mei").await, account(&hearth, "lin").await, account(&hearth, "boss").await);
    let email = async |client: &Client| {
        let shown = client.get("/api/v1/users/MEI").await.expect(200).json();
        shown["email"].as_str().expect("a text").to_owned()
    };
    let nobody = Client::anonymous(&hearth.app);
    let (real, none) = ("mei@example.org", "mei@noreply.localhost");
    assert_eq!([email(&mei).await, email(&boss).await], [real, real]);
    assert_eq!([email(&lin).await, email(&nobody).await], [none, none]);
    let shown = Profile { is_email_hidden: false, ..Profile::default() };
    user::change_profile(&hearth.app, &hearth.actor("mei").await, shown).await.expect("kept");
    assert_eq!([email(&lin).await, email(&nobody).await], [real, none]);
    let found = nobody.get("/api/v1/users/search?q=example.org").await.expect(200).json();
    assert_eq!(found, json!({ "ok": true, "data": [] }));
    let found = nobody.get("/api/v1/users/search?q=EI&limit=1").await.expect(200);
    assert_eq!(found.header("x-total-count"), "1");
    assert_eq!(found.json()["data"][0]["login"], "mei");
    nobody.get("/api/v1/users/ghosts").await.expect(404);
    let id = found.json()["data"][0]["id"].clone();
    let by_id = nobody.get(&format!("/api/v1/users/search?uid={id}")).await.expect(200).json();
    assert_eq!(by_id["data"].as_array().map(Vec::len), Some(1));
    assert_eq!(by_id["data"][0]["login"], "mei");
}

#[tokio::test]
async fn administrators_block_accounts_and_give_rights_but_change_nothing_personal() {
    let hearth = TestHearth::new().await;
    account(&hearth, "boss").await;
    let boss = Client::with_token(&hearth, "boss", "all,write:admin").await;
    let mei = account(&hearth, "mei").await;
    let path = "/api/v1/admin/users/mei";
    let block = r#"{"login_name":"mei","source_id":0,"prohibit_login":true}"#;
    mei.call(Method::PATCH, path, block).await.expect(403);
    boss.call(Method::PATCH, path, r#"{"password":"five heavy words of theirs"}"#).await.expect(422);
    let blocked = boss.call(Method::PATCH, path, block).await.expect(200).json();
    assert_eq!((&blocked["prohibit_login"], &blocked["is_admin"]), (&json!(true), &json!(false)));
    mei.get("/api/v1/user").await.expect(403);
    boss.call(Method::PATCH, path, r#"{"prohibit_login":false,"admin":true}"#).await.expect(200);
    assert_eq!(mei.get("/api/v1/user").await.expect(200).json()["is_admin"], true);
    boss.call(Method::PATCH, "/api/v1/admin/users/ghost", block).await.expect(404);
}

#[tokio::test]
async fn keys_are_added_listed_and_removed() {
    let hearth = TestHearth::new().await;
    let mei = account(&hearth, "mei").await;
    let lin = account(&hearth, "lin").await;
    let line = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl mei@laptop";
    let body = json!({ "title": "laptop", "key": line }).to_string();
    let made = mei.call(Method::POST, "/api/v1/user/keys", &body).await.expect(201).json();
    assert_eq!(made["fingerprint"], "SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU");
    lin.call(Method::POST, "/api/v1/user/keys", &body).await.expect(409);
    lin.call(Method::POST, "/api/v1/user/keys", "{\"key\":\"ssh-dss AAAA\"}").await.expect(422);
    let one = format!("/api/v1/user/keys/{}", made["id"]);
    lin.get(&one).await.expect(404);
    lin.call(Method::DELETE, &one, "").await.expect(404);
    assert_eq!(mei.get("/api/v1/user/keys").await.expect(200).json()[0], made);
    mei.call(Method::DELETE, &one, "").await.expect(204);
    mei.get(&one).await.expect(404);
}

#[tokio::test]
async fn an_administrator_makes_repositories_and_keys_for_somebody() {
    let hearth = TestHearth::new().await;
    account(&hearth, "boss").await;
    let mei = account(&hearth, "mei").await;
    let boss = Client::with_token(&hearth, "boss", "all,write:admin").await;
    let (repositories, keys) = ("/api/v1/admin/users/mei/repos", "/api/v1/admin/users/mei/keys");
    let new = json!({ "name": "llm", "private": true }).to_string();
    let line = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl mei@laptop";
    let key = json!({ "title": "laptop", "key": line }).to_string();
    for (path, body) in [(repositories, &new), (keys, &key)] {
        mei.call(Method::POST, path, body).await.expect(403);
        boss.call(Method::POST, &path.replace("mei", "ghost"), body).await.expect(404);
    }
    let made = boss.call(Method::POST, repositories, &new).await.expect(201).json();
    assert_eq!((&made["full_name"], &made["private"]), (&json!("mei/llm"), &json!(true)));
    let made = boss.call(Method::POST, keys, &key).await.expect(201).json();
    assert_eq!(mei.get("/api/v1/user/keys").await.expect(200).json(), json!([made]));
    let one = format!("{keys}/{}", made["id"]);
    mei.call(Method::DELETE, &one, "").await.expect(403);
    boss.call(Method::DELETE, &one, "").await.expect(204);
    boss.call(Method::DELETE, &one, "").await.expect(404);
    assert_eq!(mei.get("/api/v1/user/keys").await.expect(200).json(), json!([]));
}

#[tokio::test]
async fn only_administrators_create_accounts_and_grant_rights() {
    let hearth = TestHearth::new().await;
    let boss = account(&hearth, "boss").await;
    let body = json!({
        "username": "rui", "email": "rui@example.org", "password": PASSWORD, "full_name": "瑞",
        "is_admin": true, "admin": true, "must_change_password": false,
    });
    let made = boss.call(Method::POST, "/api/v1/admin/users", &body.to_string()).await.expect(201).json();
    assert_eq!((made["login"].as_str(), made["full_name"].as_str()), (Some("rui"), Some("瑞")));
    assert_eq!(made["is_admin"], false);
    boss.call(Method::POST, "/api/v1/admin/users", &body.to_string()).await.expect(409);
    boss.call(Method::POST, "/api/v1/admin/users", "{}").await.expect(422);
    let all = boss.get("/api/v1/admin/users?limit=1").await.expect(200);
    assert_eq!(all.header("x-total-count"), "2");

    let rui = with_password(&hearth, "rui", PASSWORD);
    rui.get("/api/v1/admin/users").await.expect(403);
    rui.call(Method::POST, "/api/v1/admin/users", &body.to_string()).await.expect(403);
    let token = Client::with_token(&hearth, "boss", "all").await;
    token.get("/api/v1/admin/users").await.expect(403);
    let token = Client::with_token(&hearth, "boss", "read:admin").await;
    token.get("/api/v1/admin/users").await.expect(200);
    token.call(Method::POST, "/api/v1/admin/users", &body.to_string()).await.expect(403);
}

#[tokio::test]
async fn everybody_has_a_picture_at_an_address_of_this_server() {
    let hearth = TestHearth::new().await;
    hearth.user("mei").await;
    let anonymous = Client::anonymous(&hearth.app);
    let mei = anonymous.get("/api/v1/users/mei").await.expect(200).json();
    assert_eq!(mei["avatar_url"], "http://hearth.test/avatars/mei");
    let picture = anonymous.get("/avatars/mei").await.expect(200);
    assert_eq!(picture.header("content-type"), "image/svg+xml");
    assert!(
        picture.body.starts_with(b"<svg ")
            && picture.header("content-security-policy").starts_with("sandbox")
    );
}
