use hearth_core::{DeployKeyId, RepositoryId};
use hearth_store::{
    Error,
    deploy_key::{self, NewDeployKey},
    testing::TestStore,
};

use crate::support::{insert_repository, insert_user, test_start};

fn new_key(repository_id: RepositoryId, fingerprint: &str, may_write: bool) -> NewDeployKey {
    NewDeployKey {
        repository_id,
        title: "builder".into(),
        public_key: format!("ssh-ed25519 {fingerprint}"),
        fingerprint: fingerprint.into(),
        may_write,
        added_by: None,
        created_at: test_start(),
    }
}

#[tokio::test]
async fn a_key_has_one_repository_and_is_seen_from_there_alone() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let other = insert_repository(&mut writer, &mei, "other").await;
        let key = deploy_key::insert(&mut writer, &new_key(llm, "SHA256:a", true)).await.expect("a row");
        assert!(key.may_write && key.last_used_at.is_none());
        deploy_key::insert(&mut writer, &new_key(llm, "SHA256:b", false)).await.expect("a row");
        assert_eq!(deploy_key::count(&mut writer, llm).await.expect("a count"), 2);
        assert!(deploy_key::find(&mut writer, other, key.id).await.expect("an answer").is_none());
        assert!(!deploy_key::delete(&mut writer, other, key.id).await.expect("an answer"));
        deploy_key::touch(&mut writer, key.id, test_start()).await.expect("done");
        let found = deploy_key::find_by_fingerprint(&mut writer, "SHA256:a").await.expect("an answer");
        assert_eq!(found.and_then(|key| key.last_used_at), Some(test_start()));
        assert!(deploy_key::delete(&mut writer, llm, key.id).await.expect("an answer"));
        assert!(deploy_key::find_any(&mut writer, key.id).await.expect("an answer").is_none());
        assert!(deploy_key::find_any(&mut writer, DeployKeyId(999)).await.expect("an answer").is_none());
        let taken = deploy_key::insert(&mut writer, &new_key(other, "SHA256:b", true)).await;
        assert!(matches!(taken, Err(Error::Taken)), "{taken:?}");
    }
}
