//! Private registries: the operator's file in every owner's namespace.

use super::*;

const FIRST: &str = r#"{"auths":{"registry.example":{"auth":"bWVpOmZpcnN0"}}}"#;
const SECOND: &str = r#"{"auths":{"registry.example":{"auth":"bWVpOnNlY29uZA=="}}}"#;

#[tokio::test(flavor = "multi_thread")]
async fn the_pod_names_a_secret_that_follows_the_operators_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("registries.json");
    std::fs::write(&file, FIRST).unwrap();
    let change = |options: &mut KubernetesOptions| options.image_pull_secret_file = Some(file.clone());
    let Some(mut cluster) = Cluster::open_with("registries", change).await else { return };
    cluster.add_node("n", |_| {}).await;
    let handle = cluster.engine.start(cluster.launch(1)).await.unwrap();
    cluster.running().await;
    let pod = cluster.pods(&handle).await.remove(0).spec.unwrap();
    assert_eq!(pod.image_pull_secrets.unwrap()[0].name, "hearth-registries");
    let secrets: Api<ClusterSecret> = Api::namespaced(cluster.client.clone(), &cluster.namespace());
    let secret = secrets.get("hearth-registries").await.unwrap();
    assert_eq!(secret.type_.as_deref(), Some("kubernetes.io/dockerconfigjson"));
    assert_eq!(secret.data.unwrap()[".dockerconfigjson"].0, FIRST.as_bytes());
    assert_eq!(secret.metadata.managed_fields.unwrap()[0].manager.as_deref(), Some("hearth"));

    // A new password reaches pods that are already waiting.
    std::fs::write(&file, SECOND).unwrap();
    let renewed = async {
        let data = || async { secrets.get("hearth-registries").await.unwrap().data.unwrap() };
        while data().await[".dockerconfigjson"].0 != SECOND.as_bytes() {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(PATIENCE, renewed).await.unwrap();

    // With a broken file nothing starts, and the reason is reported.
    std::fs::write(&file, "secret").unwrap();
    let Err(Error::Unreachable(detail)) = cluster.engine.start(cluster.launch(2)).await else {
        panic!("it does not start")
    };
    assert!(detail.ends_with("in image_pull_secret_file is not JSON"), "{detail}");

    // After a restart without the file the passwords are removed.
    cluster.again().await.start(cluster.launch(3)).await.unwrap();
    assert!(secrets.get_opt("hearth-registries").await.unwrap().is_none());
    cluster.clean().await;
}
