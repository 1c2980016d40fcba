use hearth_core::UserId;
use hearth_store::{
    Error,
    ssh_key::{self, NewSshKey},
    testing::TestStore,
};

use crate::support::{insert_user, test_start};

fn new_key(user_id: UserId, fingerprint: &str) -> NewSshKey {
    NewSshKey {
        user_id,
        title: "laptop".into(),
        public_key: format!("ssh-ed25519 {fingerprint}"),
        fingerprint: fingerprint.into(),
        created_at: test_start(),
    }
}

#[tokio::test]
async fn a_key_has_one_owner() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await.id;
        let lin = insert_user(&mut writer, "lin").await.id;
        ssh_key::insert(&mut writer, &new_key(mei, "SHA256:a")).await.expect("a row");
        let taken = ssh_key::insert(&mut writer, &new_key(lin, "SHA256:a")).await;
        assert!(matches!(taken, Err(Error::Taken)), "{taken:?}");
    }
}

#[tokio::test]
async fn a_key_is_seen_and_removed_by_its_owner_alone() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await.id;
        let lin = insert_user(&mut writer, "lin").await.id;
        let key = ssh_key::insert(&mut writer, &new_key(mei, "SHA256:a")).await.expect("a row");
        ssh_key::touch(&mut writer, key.id, test_start()).await.expect("done");
        writer.commit().await.expect("kept");

        let mut writer = store.write().await.expect("a transaction");
        assert_eq!(ssh_key::find(&mut writer, lin, key.id).await.expect("an answer"), None);
        let found = ssh_key::find(&mut writer, mei, key.id).await.expect("an answer").expect("it is mei's");
        assert_eq!(found.last_used_at, Some(test_start()));
        let by_fingerprint = ssh_key::find_by_fingerprint(&mut writer, "SHA256:a").await.expect("an answer");
        assert_eq!(by_fingerprint, Some(found.clone()));
        assert_eq!(ssh_key::list(&mut writer, mei).await.expect("rows"), [found]);
        assert_eq!(ssh_key::count(&mut writer, lin).await.expect("an answer"), 0);
        assert!(!ssh_key::delete(&mut writer, lin, key.id).await.expect("an answer"));
        assert!(ssh_key::delete(&mut writer, mei, key.id).await.expect("an answer"));
    }
}
