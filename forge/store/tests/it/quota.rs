use hearth_store::{
    Error,
    quota::{self, Quota},
    testing::TestStore,
};

use crate::support::{insert_user, test_start};

/// Two cards for everybody who has no row of their own.
pub(crate) fn everybody() -> Quota {
    Quota {
        code: "everybody".into(),
        owner_id: None,
        owner: None,
        accelerator_code: None,
        nominal_cards: 2,
        borrow_cards: Some(2),
        lend_cards: None,
        weekly_card_seconds: Some(3600),
        created_at: test_start(),
        updated_at: test_start(),
    }
}

#[tokio::test]
async fn a_quota_is_of_one_owner_or_of_everybody() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let everybody = everybody();
        quota::insert(&mut writer, &everybody).await.expect("kept");
        let of_mei = Quota {
            code: "mei".into(),
            owner_id: Some(mei.id.into()),
            owner: Some(mei.name.clone()),
            accelerator_code: Some("nvidia".into()),
            ..everybody.clone()
        };
        quota::insert(&mut writer, &of_mei).await.expect("kept");
        assert_eq!(quota::find(&mut writer, "mei").await.expect("an answer"), Some(of_mei.clone()));
        let more = Quota { nominal_cards: 8, borrow_cards: None, ..of_mei };
        assert!(quota::update(&mut writer, &more).await.expect("an answer"));
        assert_eq!(quota::list(&mut writer).await.expect("rows"), [everybody.clone(), more]);
        assert!(quota::delete(&mut writer, "mei").await.expect("an answer"));
        assert!(!quota::delete(&mut writer, "mei").await.expect("an answer"));
        assert!(matches!(quota::insert(&mut writer, &everybody).await, Err(Error::Taken)));
    }
}
