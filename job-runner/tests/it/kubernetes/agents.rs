//! The Secret shared by an owner's agents, whose key stays whatever happens to it.

use super::*;

/// A well-known certificate authority, as PEM.
fn authorities(place: usize) -> String {
    let text = data_encoding::BASE64.encode(&webpki_root_certs::TLS_SERVER_ROOT_CERTS[place]);
    format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_has_one_secret_for_all_attempts_and_its_key_stays() {
    let Some(cluster) = Cluster::open("key").await else { return };
    let secrets: Api<ClusterSecret> = Api::namespaced(cluster.client.clone(), &cluster.namespace());
    let all = ListParams::default();
    for task in 1..4 {
        cluster.engine.start(cluster.launch(task)).await.unwrap();
    }
    let made = secrets.list(&all).await.unwrap().items;
    assert_eq!(made.iter().map(ClusterSecret::name_any).collect::<Vec<_>>(), ["hearth-agents"]);
    let again = cluster.again().await;
    again.start(cluster.launch(4)).await.unwrap();
    let later = secrets.list(&all).await.unwrap().items;
    assert_eq!(later[0].data, made[0].data);
    cluster.clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_authority_reaches_the_pods_that_wait_and_brings_a_removed_secret_back() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.pem");
    std::fs::write(&file, authorities(0)).unwrap();
    let change = |options: &mut KubernetesOptions| options.server_ca_file = Some(file.clone());
    let Some(cluster) = Cluster::open_with("authorities", change).await else { return };
    cluster.engine.start(cluster.launch(1)).await.unwrap();
    let secrets: Api<ClusterSecret> = Api::namespaced(cluster.client.clone(), &cluster.namespace());
    let made = secrets.get("hearth-agents").await.unwrap().data.unwrap();
    assert_eq!(made["authorities.pem"].0, authorities(0).into_bytes());

    secrets.delete("hearth-agents", &DeleteParams::default()).await.unwrap();
    std::fs::write(&file, authorities(1)).unwrap();
    let renewed = async {
        loop {
            match secrets.get_opt("hearth-agents").await.unwrap() {
                Some(secret) => return secret.data.unwrap(),
                None => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
    };
    let renewed = tokio::time::timeout(PATIENCE, renewed).await.unwrap();
    assert_eq!(renewed["authorities.pem"].0, authorities(1).into_bytes());
    assert_eq!(renewed["key"], made["key"], "what was sealed before still opens");
    cluster.clean().await;
}
