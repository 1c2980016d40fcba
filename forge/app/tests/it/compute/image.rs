use std::sync::{Arc, Mutex};

use hearth_app::{
    image,
    image::{Fields, VariantFields},
};
use sha2::{Digest as _, Sha256};
use tokio::{io::AsyncWriteExt as _, net::TcpListener};

use super::fleet;
use crate::support::{code_of, head_of};

const MANIFEST: &str = r#"{"schemaVersion":2,"manifests":[]}"#;

/// A registry that requires a token, and the requests that it receives.
async fn registry(manifest: &'static str) -> (String, Arc<Mutex<Vec<String>>>) {
    drop(rustls::crypto::ring::default_provider().install_default());
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let host = listener.local_addr().expect("an address").to_string();
    let asked: Arc<Mutex<Vec<String>>> = Arc::default();
    let (seen, own) = (Arc::clone(&asked), host.clone());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let request = head_of(&mut stream).await;
            let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
            let has_token = request.to_ascii_lowercase().contains("authorization: bearer sesame");
            let (status, headers, body) = if path.starts_with("/token") {
                ("200 OK", String::new(), r#"{"token":"sesame"}"#)
            } else if !has_token {
                let challenge = format!(
                    "www-authenticate: Bearer realm=\"http://{own}/token\",service=\"r\",scope=\"pull\"\r\n"
                );
                ("401 Unauthorized", challenge, "")
            } else if path.ends_with("/gone") {
                ("404 Not Found", String::new(), "")
            } else {
                ("200 OK", String::new(), manifest)
            };
            seen.lock().expect("not poisoned").push(path);
            let answer = format!(
                "HTTP/1.1 {status}\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            );
            stream.write_all(answer.as_bytes()).await.ok();
        }
    });
    (host, asked)
}

fn variant(reference: String) -> VariantFields {
    VariantFields { family: "cuda".into(), toolkit: "CUDA 12.4".into(), reference }
}

#[tokio::test]
async fn a_digest_is_the_hash_of_what_the_registry_gives() {
    let (hearth, boss) = fleet::site_with_registries().await;
    let app = &hearth.app;
    image::insert_shipped(app).await.expect("images");
    let (host, asked) = registry(MANIFEST).await;
    let fields = variant(format!("{host}/team/torch:2.8"));
    image::put_variant(app, &boss, "pytorch", &fields).await.expect("kept");
    let digest = image::resolve_variant(app, &boss, "pytorch", "cuda").await.expect("a digest");
    let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(MANIFEST));
    assert_eq!(digest, format!("sha256:{hash}"));
    assert_eq!(
        *asked.lock().expect("not poisoned"),
        ["/v2/team/torch/manifests/2.8", "/token?service=r&scope=pull", "/v2/team/torch/manifests/2.8"]
    );
    let found = image::find(app, &boss, "pytorch").await.expect("there");
    assert_eq!(found.variants[0].digest.as_deref(), Some(digest.as_str()));
    // The same reference keeps its digest, another one has none.
    image::put_variant(app, &boss, "pytorch", &fields).await.expect("kept");
    assert!(image::find(app, &boss, "pytorch").await.expect("there").variants[0].digest.is_some());
    image::put_variant(app, &boss, "pytorch", &variant(format!("{host}/team/torch:gone")))
        .await
        .expect("kept");
    assert!(image::find(app, &boss, "pytorch").await.expect("there").variants[0].digest.is_none());
    let missing = image::resolve_variant(app, &boss, "pytorch", "cuda").await;
    assert_eq!(code_of(missing), Some(("reference", "registry-missing")));
    let actions: Vec<String> =
        fleet::audited(&hearth, &boss, "variant").await.into_iter().map(|entry| entry.action).collect();
    assert_eq!(actions, ["changed", "changed", "pinned", "made"]);
}

#[tokio::test]
async fn a_registry_that_talks_nonsense_or_not_at_all_changes_nothing() {
    let (hearth, boss) = fleet::site_with_registries().await;
    let app = &hearth.app;
    image::insert_shipped(app).await.expect("images");
    let (host, _) = registry("<html>").await;
    image::put_variant(app, &boss, "jittor", &variant(format!("{host}/jittor"))).await.expect("kept");
    let odd = image::resolve_variant(app, &boss, "jittor", "cuda").await;
    assert_eq!(code_of(odd), Some(("reference", "registry-odd")));
    image::put_variant(app, &boss, "jittor", &variant("127.0.0.1:1/jittor".into())).await.expect("kept");
    let away = image::resolve_variant(app, &boss, "jittor", "cuda").await;
    assert_eq!(code_of(away), Some(("reference", "registry-away")));
    let bad = image::put_variant(app, &boss, "jittor", &variant("jittor:latest".into())).await;
    assert_eq!(code_of(bad), Some(("reference", "image-reference")));
}

#[tokio::test]
async fn a_registry_inside_is_not_asked_unless_the_operator_allows_it() {
    let (hearth, boss) = fleet::site().await;
    let app = &hearth.app;
    image::insert_shipped(app).await.expect("images");
    let (host, asked) = registry(MANIFEST).await;
    for host in [host.as_str(), "169.254.169.254", "10.0.0.1:5000"] {
        image::put_variant(app, &boss, "pytorch", &variant(format!("{host}/team/torch:2")))
            .await
            .expect("kept");
        let refused = image::resolve_variant(app, &boss, "pytorch", "cuda").await;
        assert_eq!(code_of(refused), Some(("reference", "registry-inside")), "{host}");
    }
    assert!(asked.lock().expect("not poisoned").is_empty());
}

#[tokio::test]
async fn frameworks_come_switched_off_and_without_a_claim() {
    let (hearth, boss) = fleet::site().await;
    let app = &hearth.app;
    image::insert_shipped(app).await.expect("images");
    image::insert_shipped(app).await.expect("the same again");
    let entries = image::catalogue(app, &boss).await.expect("entries");
    assert_eq!(entries.len(), 7);
    assert!(entries.iter().all(|entry| !entry.image.is_enabled && entry.variants.is_empty()));
    let matrix = image::matrix(app, &boss).await.expect("a matrix");
    assert_eq!(matrix.columns.len(), 13);
    assert!(
        matrix.rows.iter().flat_map(|row| &row.cells).all(|cell| !cell.is_offered && cell.check.is_none())
    );

    let on = Fields { is_enabled: true, ..Fields::of(&entries[0].image) };
    image::change(app, &boss, "pytorch", &on).await.expect("changed");
    let cann = VariantFields { family: "cann".into(), ..variant("images.example.org/torch-npu:2".into()) };
    image::put_variant(app, &boss, "pytorch", &cann).await.expect("kept");
    let matrix = image::matrix(app, &boss).await.expect("a matrix");
    let offered: Vec<&str> = matrix
        .columns
        .iter()
        .zip(&matrix.rows[0].cells)
        .filter(|(_, cell)| cell.is_offered)
        .map(|((code, _), _)| code.as_str())
        .collect();
    assert_eq!(offered, ["ascend-910", "ascend-310p"]);
    image::delete_variant(app, &boss, "pytorch", "cann").await.expect("deleted");
    assert_eq!(fleet::audited(&hearth, &boss, "image").await[0].action, "enabled");
}
