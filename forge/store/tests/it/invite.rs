use std::time::Duration;

use hearth_core::PageRequest;
use hearth_store::{
    invite::{self, NewInvite},
    testing::TestStore,
};

use crate::support::{insert_user, test_start};

#[tokio::test]
async fn an_invitation_brings_in_one_person() {
    for TestStore { store, .. } in &TestStore::all().await {
        let end = test_start() + Duration::from_secs(60);
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await.id;
        let lin = insert_user(&mut writer, "lin").await.id;
        let new = NewInvite {
            code_hash: "h".into(),
            note: "for Lin".into(),
            created_by: mei,
            expires_at: end,
            created_at: test_start(),
        };
        let made = invite::insert(&mut writer, &new).await.expect("a row");
        assert_eq!(
            invite::find_open(&mut writer, "h", test_start()).await.expect("an answer"),
            Some(made.clone())
        );
        assert_eq!(invite::find_open(&mut writer, "h", end).await.expect("an answer"), None);
        assert!(!invite::spend(&mut writer, "h", lin, end).await.expect("an answer"));
        assert!(invite::spend(&mut writer, "h", lin, test_start()).await.expect("an answer"));
        assert!(!invite::spend(&mut writer, "h", lin, test_start()).await.expect("an answer"));
        assert_eq!(invite::delete(&mut writer, made.id).await.expect("an answer"), None);

        let listed = invite::list(&mut writer, PageRequest::default()).await.expect("rows");
        assert_eq!((listed[0].used_by, listed[0].used_at), (Some(lin), Some(test_start())));
        assert_eq!(invite::count(&mut writer).await.expect("an answer"), 1);
    }
}

#[tokio::test]
async fn an_open_invitation_can_be_taken_back() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await.id;
        let new = NewInvite {
            code_hash: "h".into(),
            note: String::new(),
            created_by: mei,
            expires_at: test_start() + Duration::from_secs(60),
            created_at: test_start(),
        };
        let made = invite::insert(&mut writer, &new).await.expect("a row");
        assert_eq!(invite::delete(&mut writer, made.id).await.expect("an answer"), Some(made));
        assert!(!invite::spend(&mut writer, "h", mei, test_start()).await.expect("an answer"));
    }
}
