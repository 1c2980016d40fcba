use axum::http::StatusCode;

use crate::site::Site;

const PAGE: &str = "/user/settings/gpg-keys";
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
const FINGERPRINT: &str = "7CB3FF042C512221385F9127BAA21951D482F3BB";

#[tokio::test]
async fn a_key_says_that_it_is_not_proven_until_it_is_removed() {
    let site = Site::new().await;
    let browser = site.signed_in("mei").await;
    assert!(browser.get(PAGE).await.body.contains("No OpenPGP keys yet"));
    let added = browser.post(PAGE, PAGE, &[("key", ARMOR), ("proof", "")]).await;
    assert_eq!((added.status, added.header("location")), (StatusCode::SEE_OTHER, PAGE), "{}", added.body);
    let list = browser.get(PAGE).await;
    assert!(
        list.body.contains(FINGERPRINT) && list.body.contains("Mei &#60;mei@example.org&#62;"),
        "{}",
        list.body
    );
    assert!(list.body.contains("Not proven"), "{}", list.body);

    let prove = format!("{PAGE}?prove={}", list.between("?prove=", "#new-key"));
    let form = browser.get(&prove).await;
    assert!(form.body.contains("BEGIN PGP PUBLIC KEY BLOCK"), "{}", form.body);
    let refused = browser.post(PAGE, PAGE, &[("key", ARMOR), ("proof", "none")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("Sign the line that is shown now."), "{}", refused.body);

    let delete = format!("{PAGE}/{}/delete", list.between("settings/gpg-keys/", "/delete"));
    let stranger = site.signed_in("lin").await;
    assert_eq!(stranger.post(PAGE, &delete, &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.post(PAGE, &delete, &[]).await.header("location"), PAGE);
    assert!(!browser.get(PAGE).await.body.contains(FINGERPRINT));
}
