use hearth_core::UserId;
use hearth_store::{
    Error,
    gpg_key::{self, NewGpgKey},
    testing::TestStore,
};

use crate::support::{insert_user, test_start};

fn new_key(user_id: UserId, is_proven: bool) -> NewGpgKey {
    NewGpgKey {
        user_id,
        fingerprint: "AB12".into(),
        certificate: "armour".into(),
        signing_key_ids: vec!["12".into(), "34".into()],
        is_proven,
        created_at: test_start(),
    }
}

#[tokio::test]
async fn everybody_may_claim_a_key_and_one_person_proves_it() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let eve = insert_user(&mut writer, "eve").await.id;
        let mei = insert_user(&mut writer, "mei").await.id;
        gpg_key::insert(&mut writer, &new_key(eve, false)).await.expect("a claim");
        let own = gpg_key::insert(&mut writer, &new_key(mei, false)).await.expect("another claim");
        assert_eq!(gpg_key::list_signing(&mut writer, "34", 5).await.expect("rows"), [], "nobody's yet");
        assert_eq!(gpg_key::find_proven(&mut writer, "AB12").await.expect("an answer"), None);

        gpg_key::set_proven(&mut writer, own.id).await.expect("the first proof");
        let signing = gpg_key::list_signing(&mut writer, "34", 5).await.expect("rows");
        assert_eq!(signing.iter().map(|key| key.user_id).collect::<Vec<_>>(), [mei]);
        assert!(gpg_key::find_proven(&mut writer, "AB12").await.expect("an answer").is_some());
        writer.commit().await.expect("kept");

        let mut writer = store.write().await.expect("a transaction");
        let claim = gpg_key::find_by_fingerprint(&mut writer, eve, "AB12").await.expect("an answer");
        let second = gpg_key::set_proven(&mut writer, claim.expect("a row").id).await;
        assert!(matches!(second, Err(Error::Taken)), "{second:?}");
    }
}

#[tokio::test]
async fn a_key_is_seen_and_deleted_by_its_owner_alone() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await.id;
        let lin = insert_user(&mut writer, "lin").await.id;
        let key = gpg_key::insert(&mut writer, &new_key(mei, true)).await.expect("a row");
        assert_eq!(gpg_key::find(&mut writer, lin, key.id).await.expect("an answer"), None);
        assert_eq!(gpg_key::list(&mut writer, mei).await.expect("rows"), std::slice::from_ref(&key));
        assert_eq!(gpg_key::count(&mut writer, lin).await.expect("an answer"), 0);
        assert!(!gpg_key::delete(&mut writer, lin, key.id).await.expect("an answer"));
        assert!(gpg_key::delete(&mut writer, mei, key.id).await.expect("an answer"));
        assert_eq!(gpg_key::list_signing(&mut writer, "12", 5).await.expect("rows"), []);
    }
}
