use hearth_store::{lease, testing::TestStore};

#[tokio::test]
async fn a_lease_is_taken_once_renewed_by_its_holder_and_given_back() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        assert_eq!(lease::find(&mut writer, "lead").await.expect("an answer"), None);
        assert!(lease::take(&mut writer, "lead", None, "a").await.expect("an answer"));
        assert!(!lease::take(&mut writer, "lead", None, "b").await.expect("an answer"));
        let seen = lease::find(&mut writer, "lead").await.expect("an answer").expect("there");
        assert!(lease::renew(&mut writer, "lead", "a").await.expect("an answer"));
        assert!(!lease::renew(&mut writer, "lead", "b").await.expect("an answer"));
        assert!(
            !lease::take(&mut writer, "lead", Some(&seen), "b").await.expect("an answer"),
            "it was renewed since"
        );
        let seen = lease::find(&mut writer, "lead").await.expect("an answer").expect("there");
        assert!(lease::take(&mut writer, "lead", Some(&seen), "b").await.expect("an answer"));
        assert!(!lease::renew(&mut writer, "lead", "a").await.expect("an answer"), "it was taken over");
        lease::give_back(&mut writer, "lead", "a").await.expect("nothing to give");
        lease::give_back(&mut writer, "lead", "b").await.expect("given back");
        let seen = lease::find(&mut writer, "lead").await.expect("an answer").expect("there");
        assert_eq!(seen.holder, "");
        assert!(lease::take(&mut writer, "lead", Some(&seen), "a").await.expect("an answer"));
        lease::release(&mut writer, "lead").await.expect("released");
        assert!(!lease::renew(&mut writer, "lead", "a").await.expect("an answer"));
    }
}
