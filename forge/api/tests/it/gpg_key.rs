//! OpenPGP keys in Gitea's shapes.

use hearth_app::testing::TestHearth;
use http::Method;
use serde_json::json;

use crate::client::Client;

const KEYS: &str = "/api/v1/user/gpg_keys";
/// Made by `gpg` for this test.
const ARMOR: &str = "-----BEGIN PGP PUBLIC KEY BLOCK-----

mDMEaVW5ABYJKwYBBAHaRw8BAQdAVsyklOVsOWQFPRYWvzLin9NRJduEpnc3s+fd
NeNRxFm0FU1laSA8bWVpQGV4YW1wbGUub3JnPoiQBBMWCAA4FiEEfLP/BCxRIiE4
X5EnuqIZUdSC87sFAmlVuQACGwMFCwkIBwIGFQoJCAsCBBYCAwECHgECF4AACgkQ
uqIZUdSC87sVkwD9ErS+jzEDQXMlETsCauxm0BmWDsbHVBCvIUJ1EDVkq9EBANYo
0xj4w25yHIEMzlhqOTWXsT4gTztrG3sVVz6O/p0C
=QIbl
-----END PGP PUBLIC KEY BLOCK-----
";

#[tokio::test]
async fn keys_are_added_found_and_removed_and_count_only_when_they_are_proven() {
    let hearth = TestHearth::new().await;
    hearth.user("mei").await;
    hearth.user("lin").await;
    let mei = Client::with_token(&hearth, "mei", "all").await;
    let lin = Client::with_token(&hearth, "lin", "all").await;
    let body = json!({ "armored_public_key": ARMOR }).to_string();
    let made = mei.call(Method::POST, KEYS, &body).await.expect(201).json();
    assert_eq!(made["key_id"], "BAA21951D482F3BB");
    assert_eq!(made["emails"], json!([{ "email": "mei@example.org", "verified": false }]));
    assert_eq!((made["can_sign"].as_bool(), made["verified"].as_bool()), (Some(true), Some(false)));
    assert_eq!(mei.get(KEYS).await.expect(200).json()[0], made);
    lin.get("/api/v1/users/mei/gpg_keys").await.expect(200);
    assert_eq!(lin.get("/api/v1/users/mei/gpg_keys").await.json(), json!([]), "it is not proven");

    let token = mei.get("/api/v1/user/gpg_key_token").await.expect(200);
    let token = String::from_utf8(token.body).expect("text");
    assert_eq!(token.len(), 43);
    let proof = json!({ "key_id": "BAA21951D482F3BB", "armored_signature": "none" }).to_string();
    mei.call(Method::POST, "/api/v1/user/gpg_key_verify", &proof).await.expect(422);
    lin.call(Method::POST, "/api/v1/user/gpg_key_verify", &proof).await.expect(404);

    let one = format!("{KEYS}/{}", made["id"]);
    lin.get(&one).await.expect(404);
    lin.call(Method::DELETE, &one, "").await.expect(404);
    mei.call(Method::DELETE, &one, "").await.expect(204);
    mei.get(&one).await.expect(404);
    mei.call(Method::POST, KEYS, "{\"armored_public_key\":\"ssh-ed25519 AAAA\"}").await.expect(422);
}
